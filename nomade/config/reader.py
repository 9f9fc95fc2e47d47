"""Reading one NOMADE_* variable: its text, its type, and the sentence when it cannot be used."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Callable, Mapping
from typing import TypeVar
from urllib.parse import urlsplit

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Value = TypeVar("Value")


class SettingError(Exception):
    """A setting has a value that cannot be used; the text is one sentence for the operator."""


class Reader:
    """Reads one variable at a time and turns what it cannot read into a `SettingError`."""

    def __init__(self, values: Mapping[str, str]) -> None:
        self.values = values

    def text(self, name: str, default: str = "") -> str:
        return self.values.get(f"NOMADE_{name}", "").strip() or default

    def parsed(self, name: str, default: str, parse: Callable[[str], Value], expected: str) -> Value:
        raw = self.text(name, default)
        try:
            return parse(raw)
        except ValueError as error:
            raise SettingError(f"Réglage NOMADE_{name} : « {raw} » ne convient pas, il faut {expected}.") from error

    def choice(self, name: str, default: str, allowed: tuple[str, ...]) -> str:
        value = self.text(name, default)
        if value not in allowed:
            raise SettingError(f"Réglage NOMADE_{name} : « {value} » ne convient pas, il faut {' ou '.join(allowed)}.")
        return value

    def number(self, name: str, default: int, low: int, high: int) -> int:
        value = self.parsed(name, str(default), int, f"un nombre entier entre {low} et {high}")
        if not low <= value <= high:
            raise SettingError(f"Réglage NOMADE_{name} : {value} ne convient pas, il faut entre {low} et {high}.")
        return value

    def yes_or_no(self, name: str, *, default: bool) -> bool:
        return self.choice(name, "oui" if default else "non", ("oui", "non")) == "oui"

    def url(self, name: str, schemes: tuple[str, ...]) -> str:
        value = self.text(name)
        if value and (urlsplit(value).scheme not in schemes or "://" not in value):
            expected = " ou ".join(f"{scheme}://" for scheme in schemes)
            raise SettingError(f"Réglage NOMADE_{name} : l’adresse doit commencer par {expected}.")
        return value

    def host(self, name: str, default: str) -> str:
        value = self.text(name, default).lower()
        if not re.fullmatch(r"[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?", value):
            raise SettingError(f"Réglage NOMADE_{name} : « {value} » n’est pas un nom d’hôte.")
        return value

    def networks(self, name: str, default: str) -> tuple[Network, ...]:
        return self.parsed(
            name,
            default,
            lambda raw: tuple(ipaddress.ip_network(part.strip()) for part in raw.split(",") if part.strip()),
            "une liste de réseaux comme 10.0.0.0/8,192.0.2.0/24",
        )
