"""The first minutes of a portal: what the assistant writes, and what takes effect at once."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.template import engines
from django.utils.translation import gettext as _
from dotenv import dotenv_values

from nomade.accounts.actions import open_account
from nomade.accounts.administrators import new_administrator
from nomade.accounts.models import Account
from nomade.config.environment import INSTALLATION_FILE, gathered_values, read_environment
from nomade.kernel import audit
from nomade.kernel.errors import Refusal
from nomade.people.models import Agent

SESSION_KEY = "installation"
MOST_WRONG_CODES = 10
# What a running portal may take from the file without a new start; hosts are in certificates and policies.
LIVE = ("organisation", "mail_domain", "support_phone", "brand_colour")


@dataclass
class _Known:
    """What this process knows: an installed portal never becomes a new one again."""

    installed: bool = False
    file_read: int = 0
    wrong_codes: int = 0


_known = _Known()


def forget() -> None:
    """For tests, where bases come and go in one process."""
    _known.installed, _known.file_read, _known.wrong_codes = False, 0, 0


def is_open() -> bool:
    """Whether the assistant answers: the supervisor gave a code, and nobody has an account."""
    if not settings.NOMADE.setup_code or _known.installed:
        return False
    _known.installed = Account.objects.exists()
    take_live()
    return not _known.installed


def code_is_right(given: str) -> bool:
    """Compares in constant time; spaces, dashes and case do not count.

    After ten wrong codes this process takes none any more, until `nomade run` gives another. Raises Refusal then.
    """
    if _known.wrong_codes >= MOST_WRONG_CODES:
        raise Refusal(_("Trop d’essais. Relancez « nomade run » : un nouveau code s’affichera."), field="code")

    def plain(code: str) -> bytes:
        return "".join(sign for sign in code.upper() if sign.isalnum()).encode()

    right = secrets.compare_digest(plain(given), plain(settings.NOMADE.setup_code))
    _known.wrong_codes = 0 if right else _known.wrong_codes + 1
    return right


def path() -> Path:
    return Path(settings.NOMADE.data_dir) / INSTALLATION_FILE


def written() -> dict[str, str]:
    """What the assistant has written so far."""
    return {key: value or "" for key, value in dotenv_values(path(), interpolate=False).items()}


def imposed() -> set[str]:
    """The variables that the operator set for the process: the assistant cannot change those."""
    return {name for name in os.environ if name.startswith("NOMADE_")} | set(dotenv_values(Path.cwd() / ".env"))


def write(values: Mapping[str, str]) -> None:
    """Adds settings to the file, whole or not at all, readable by its owner alone.

    Raises `SettingError` when the portal could not start with them; then nothing is written.
    """
    merged = {**written(), **values}
    read_environment({**gathered_values(), **merged})
    lines = ["# Écrit par l’assistant d’installation ; une variable du processus ou de .env l’emporte.\n"]
    lines += [f"{name}='{_quoted(value)}'\n" for name, value in sorted(merged.items()) if value]
    handle, name = tempfile.mkstemp(dir=path().parent, prefix=".installation-")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.writelines(lines)
        Path(name).replace(path())
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    take_live()


def _quoted(value: str) -> str:
    return " ".join(value.split()).replace("\\", "\\\\").replace("'", "\\'")


def take_live() -> None:
    """Takes from the file what needs no new start, when it changed since this process read it."""
    try:
        changed = path().stat().st_mtime_ns
    except FileNotFoundError:
        return
    if changed == _known.file_read:
        return
    _known.file_read = changed
    fresh = read_environment()
    settings.NOMADE = replace(settings.NOMADE, **{name: getattr(fresh, name) for name in LIVE})
    engines["jinja2"].env.globals["settings"] = settings.NOMADE  # type: ignore[attr-defined]


@transaction.atomic
def install_administrator(
    request: HttpRequest, *, login: str, first_name: str, last_name: str, password: str
) -> Account:
    """The first account, with the role of administrator; closes the assistant. Raises Refusal when there is one."""
    from django.db import connection

    # Two browsers at once would both find no account.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('nomade.installation'))")
    if Account.objects.exists() or Agent.objects.filter(login=login).exists():
        raise Refusal("Le premier compte existe déjà : connectez-vous.")
    agent = new_administrator(login, first_name, last_name)
    account = open_account(agent, password=password)
    audit.record("portal.installed", actor=agent.pk, subject=agent.pk, request=request)
    return account
