"""The organisation's electronic seal (`docs/operations.md`): none unless it gives a certificate."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from typing import Any

from nomade.config.fields import parsed, text
from nomade.config.reader import SettingError

SEALABLE = ("certificates", "payslips", "documents")


def _kinds(raw: str) -> tuple[str, ...]:
    kinds = tuple(part.strip() for part in raw.split(",") if part.strip())
    if not set(kinds) <= set(SEALABLE):
        raise ValueError(raw)
    return kinds


@dataclass(frozen=True, kw_only=True)
class CachetSettings:
    """A PKCS#12 file and its password; `cachet_on` says which of the PDFs that leave the portal bear the seal."""

    cachet_p12: str = text()
    cachet_password: str = text()
    cachet_on: tuple[str, ...] = parsed("certificates,payslips", _kinds, f"une liste parmi {', '.join(SEALABLE)}")


def checked(values: dict[str, Any]) -> dict[str, Any]:
    """Raises `SettingError` where a certificate is given and the library of signatures is not installed."""
    if values["cachet_p12"] and importlib.util.find_spec("pyhanko") is None:
        raise SettingError(
            "Réglage NOMADE_CACHET_P12 : sceller a besoin de bibliothèques de plus :"
            " .venv/bin/pip install --require-hashes -r requirements/cachet.txt."
        )
    return values
