"""The commands on accounts: each does one thing, says it, and leaves it in the journal."""

from __future__ import annotations

import stat
from io import StringIO
from pathlib import Path

import pypdfium2
import pytest
from django.core.management import CommandError, call_command

from nomade.accounts.actions import lock
from nomade.accounts.factories import make_account
from nomade.accounts.models import Account
from nomade.kernel.models import AuditEvent
from nomade.people.access import has_role
from nomade.people.factories import make_agent
from nomade.people.models import Agent
from nomade.people.roles import Role

pytestmark = pytest.mark.django_db


def said_by(*arguments: object, **options: object) -> str:
    said = StringIO()
    call_command(*arguments, stdout=said, **options)  # type: ignore[arg-type]
    return said.getvalue()


def test_a_provisional_password_opens_and_is_shown_once() -> None:
    account = make_account(make_agent(login="ana.petit@paris.fr"))
    password = said_by("provisional_password", "ana.petit").split()[-1]
    account.refresh_from_db()
    assert account.password_is_provisional and account.check_password(password)
    assert AuditEvent.objects.filter(event="password.provisional", subject_id=account.agent_id).exists()
    assert password not in str(list(AuditEvent.objects.values_list("facts", flat=True)))


def test_an_agent_without_account_gets_one_with_the_provisional_password() -> None:
    agent = make_agent()
    said_by("provisional_password", agent.login)
    assert Account.objects.get(agent=agent).password_is_provisional


def test_the_letter_holds_the_login_and_the_password_that_opens_and_only_its_owner_reads_it(tmp_path: Path) -> None:
    account = make_account(
        make_agent("Ana", "Petit", login="ana.petit@paris.fr", address="3 rue des Lilas, 75015 Paris")
    )
    path = tmp_path / "lettre.pdf"
    said = said_by("provisional_password", "ana.petit@paris.fr", letter=path)
    document = pypdfium2.PdfDocument(path)
    text = document[0].get_textpage().get_text_bounded()
    document.close()
    account.refresh_from_db()
    password = next(word for word in text.split() if word.count("-") == 3 and len(word) == 19)
    assert account.check_password(password) and password not in said
    assert "ana.petit@paris.fr" in text and "Ana Petit" in text
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_letter_that_cannot_be_written_changes_no_password(tmp_path: Path) -> None:
    account = make_account(make_agent(login="ana.petit@paris.fr"))
    before = account.password
    with pytest.raises(CommandError, match="impossible d’écrire"):
        said_by("provisional_password", "ana.petit", letter=tmp_path / "absent" / "lettre.pdf")
    account.refresh_from_db()
    assert account.password == before


def test_unlocking_opens_a_locked_account() -> None:
    account = make_account(make_agent(login="ana.petit@paris.fr"))
    lock(account, actor=None, reason="essai")
    assert "est déverrouillé" in said_by("unlock", "ana.petit")
    account.refresh_from_db()
    assert account.is_active
    assert "n’est pas verrouillé" in said_by("unlock", "ana.petit")


@pytest.mark.parametrize("command", ["unlock", "provisional_password"])
def test_an_unknown_login_is_said_in_a_sentence(command: str) -> None:
    with pytest.raises(CommandError, match="d’aucun agent"):
        call_command(command, "inconnu")


def test_an_administrator_may_be_made_from_nothing_and_must_choose_a_password() -> None:
    said = said_by("create_administrator", "rosa.maire", first_name="Rosa", last_name="Maire")
    agent = Agent.objects.get(login="rosa.maire@paris.fr")
    assert has_role(agent, Role.ADMINISTRATOR)
    account = Account.objects.get(agent=agent)
    assert account.password_is_provisional and account.check_password(said.split()[-1])
    assert AuditEvent.objects.filter(event="role.granted", subject_id=agent.pk).exists()


def test_an_agent_who_becomes_administrator_keeps_the_password() -> None:
    account = make_account(make_agent(login="ana.petit@paris.fr"))
    assert "provisoire" not in said_by("create_administrator", "ana.petit")
    assert has_role(account.agent, Role.ADMINISTRATOR)
    with pytest.raises(CommandError, match="déjà administrateur"):
        call_command("create_administrator", "ana.petit")


def test_a_new_administrator_needs_a_name() -> None:
    with pytest.raises(CommandError, match="--first-name"):
        call_command("create_administrator", "inconnu")
    assert not Agent.objects.exists()
