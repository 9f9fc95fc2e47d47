"""The journal is read by those who may, within what they may, and leaves whole links at a time."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.test import Client

import nomade
from nomade.administration.journal import OTHERS, SECURITY, label_of
from nomade.administration.journal_words import OF_SERVICES
from nomade.kernel import audit, journal
from nomade.kernel.clock import now, today
from nomade.kernel.models import AuditEvent, AuditPurge, AuditSeal
from nomade.kernel.tasks import purge_journal
from nomade.kernel.testing import count_queries
from nomade.people.factories import grant, make_agent
from nomade.people.models import Agent
from nomade.people.roles import Role
from nomade.support.actions.acts import TOLD

pytestmark = pytest.mark.django_db
SignedIn = Callable[..., Client]
ADDRESS, EXPORT = "/administration/journal/", "/administration/journal/export/"


def holder(role: Role) -> Agent:
    agent = make_agent()
    grant(agent, role)
    return agent


def page(client: Client, query: str = "") -> str:
    answer = client.get(f"{ADDRESS}?{query}")
    assert answer.status_code == 200, answer.status_code
    return str(answer.content.decode()).split("<tbody>")[-1].split("</tbody>")[0]


@pytest.fixture
def camille() -> Agent:
    camille = make_agent("Camille", "Durand", login="camille.durand@paris.fr", matricule="C123")
    audit.record("sign_in.refused", actor=None, subject=camille.pk, reason="refused")
    audit.record("sign_in.accepted", actor=camille.pk, subject=camille.pk)
    audit.record("payslip.viewed", actor=camille.pk, subject=camille.pk, period="2026-10")
    return camille


@pytest.mark.parametrize("role", [None, Role.HR_OFFICER, Role.PAY_OFFICER, Role.EDITOR, Role.TRAINING_OFFICER])
def test_the_journal_does_not_exist_without_a_role_for_it(signed_in: SignedIn, role: Role | None) -> None:
    client = signed_in(holder(role) if role else make_agent())
    assert client.get(ADDRESS).status_code == 404
    assert client.post(EXPORT).status_code == 404


@pytest.mark.parametrize("role", [Role.SUPPORT_TECHNICIAN, Role.ADMINISTRATOR])
def test_support_and_administrators_see_the_door_and_nothing_behind_it(
    signed_in: SignedIn, camille: Agent, role: Role
) -> None:
    client = signed_in(holder(role))
    for query in ("", "agent=camille", "evenement=", "agent=C123"):
        shown = page(client, query)
        assert "Connexion refusée" in shown and "Bulletin" not in shown and "payslip" not in shown
    assert client.get(f"{ADDRESS}?evenement=payslip.viewed").status_code == 422
    assert client.post(EXPORT).status_code == 404


def test_an_auditor_sees_every_event_with_who_and_to_whom(signed_in: SignedIn, camille: Agent) -> None:
    shown = page(signed_in(holder(Role.AUDITOR)), "agent=camille.durand@paris.fr")
    assert shown.count("<tr>") == 3
    assert "Bulletin ouvert" in shown and "Camille Durand" in shown and "période\N{NO-BREAK SPACE}: 2026-10" in shown


def test_each_criterion_narrows_the_search(signed_in: SignedIn, camille: Agent) -> None:
    client = signed_in(holder(Role.AUDITOR))
    AuditEvent.objects.create(event="account.locked", subject_id=camille.pk, reference="ABCD-EFGH")
    assert page(client, "reference=abcd-efgh").count("<tr>") == 1
    assert page(client, "evenement=sign_in.refused").count("<tr>") == 1
    assert page(client, "agent=personne.de+ce+nom").count("<tr>") == 0
    tomorrow = today() + timedelta(days=1)
    assert page(client, f"du={tomorrow}").count("<tr>") == 0
    assert page(client, f"agent=camille.durand@paris.fr&au={tomorrow}").count("<tr>") == 4
    answer = client.get(f"{ADDRESS}?du=2026-11-02&au=2026-11-01")
    assert answer.status_code == 422 and "vient avant" in answer.content.decode()


def test_an_auditor_may_choose_any_kind_of_event_that_the_journal_holds(signed_in: SignedIn, camille: Agent) -> None:
    audit.record("leave.payroll_exported", actor=camille.pk, subject=None)
    assert set(journal.kinds()) == {"leave.payroll_exported", "payslip.viewed", "sign_in.accepted", "sign_in.refused"}
    client = signed_in(holder(Role.AUDITOR))
    assert page(client, "evenement=leave.payroll_exported").count("<tr>") == 1
    assert client.get(f"{ADDRESS}?evenement=no.such_event").status_code == 422


def test_pages_follow_each_other_without_losing_nor_repeating_a_line(signed_in: SignedIn, camille: Agent) -> None:
    client = signed_in(holder(Role.AUDITOR))
    for number in range(120):
        audit.record("device.opened", actor=camille.pk, subject=camille.pk, number=number)
    seen: list[str] = []
    query: str = "evenement=device.opened"
    for _ in range(3):
        answer = client.get(f"{ADDRESS}?{query}").content.decode()
        seen += [part.split("<")[0] for part in answer.split("number\N{NO-BREAK SPACE}: ")[1:]]
        query = answer.split('href="?')[-1].split('"')[0].replace("&amp;", "&") if "plus anciens" in answer else ""
    assert sorted(map(int, seen)) == list(range(120)) and not query


@pytest.mark.parametrize("place", ["x", "2026-11-01,1", "2026-11-01T00:00:00+00:00,x", ",", "%00", "9" * 50])
def test_an_odd_place_in_the_journal_is_its_beginning(signed_in: SignedIn, camille: Agent, place: str) -> None:
    assert "Connexion refusée" in page(signed_in(holder(Role.AUDITOR)), f"apres={place}")


def test_looking_is_an_event_and_costs_few_queries(signed_in: SignedIn, camille: Agent) -> None:
    auditor = holder(Role.AUDITOR)
    client = signed_in(auditor)
    with count_queries(at_most=12):
        page(client, "agent=durand")
    event = AuditEvent.objects.get(event="journal.searched")
    assert event.actor_id == auditor.pk and event.facts == {"agent": "durand"}


def test_the_export_is_one_json_object_a_line_and_is_an_event(signed_in: SignedIn, camille: Agent) -> None:
    client = signed_in(holder(Role.AUDITOR))
    answer: Any = client.post(EXPORT, {"agent": "C123"})
    assert answer["Content-Disposition"].startswith("attachment") and answer["Content-Type"] == "application/x-ndjson"
    lines = [json.loads(line) for line in b"".join(answer.streaming_content).decode().splitlines()]
    assert {line["event"] for line in lines} == {"sign_in.refused", "sign_in.accepted", "payslip.viewed"}
    assert AuditEvent.objects.filter(event="journal.exported", facts={"agent": "C123"}).exists()


def test_a_stale_session_confirms_who_it_is_before_an_export(signed_in: SignedIn, camille: Agent) -> None:
    client = signed_in(holder(Role.AUDITOR))
    with time_machine.travel(now() + timedelta(minutes=12), tick=False):
        answer = client.post(EXPORT, {"agent": "C123"})
    assert answer.status_code == 303 and "formulaire=" in answer["Location"]
    assert not AuditEvent.objects.filter(event="journal.exported").exists()


def test_an_export_of_too_many_lines_is_refused_in_a_sentence(
    signed_in: SignedIn, camille: Agent, settings: Any
) -> None:
    from dataclasses import replace

    settings.NOMADE = replace(settings.NOMADE, journal_export_lines=2)
    answer = signed_in(holder(Role.AUDITOR)).post(EXPORT, {"agent": "C123"})
    assert answer.status_code == 422 and "réduisez la période" in answer.content.decode()


def _written() -> tuple[set[str], set[str]]:
    """The events that the code names where it records them, and the files that make a name from parts."""
    named, made = set(), set()
    root = Path(nomade.__file__).parent
    for path in root.rglob("*.py"):
        if {"tests", "migrations"} & set(path.parts):
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"audit.record", "audit.record_many"}:
                if isinstance(node.args[0], ast.Constant):
                    named.add(str(node.args[0].value))
                else:
                    made.add(str(path.relative_to(root)))
    return named, made


DECIDED = ("approved", "refused")
DIALOGUE = ("message", "noted", "replied", "answered", "assigned", "handed", "solved", "reopened", "closed", "rated")
EXCHANGE = ("message", "noted", "recalled")
# Events whose names are made of parts, by the file that makes them.
MADE = {
    "cases/conversing.py": {
        f"{kind}.{event}"
        for kind, first in (("ticket", "opened"), ("question", "asked"))
        for event in (first, "recalled", *DIALOGUE)
    }
    | {"ticket.sorted"},
    "cases/exchanges.py": {
        f"{topic}.{event}" for topic in ("leave", "certificate", "file", "training") for event in EXCHANGE
    }
    | {"file.replied"},
    "certificates/actions.py": {
        f"certificate.{event}" for event in ("issued", "revoked", "settings_changed", "checked")
    },
    "certificates/requests.py": {f"certificate.{event}" for event in ("delivered", "refused", "cancelled")},
    "documents/actions/collections.py": {f"document.{event}" for event in ("provided", *DECIDED)},
    "documents/actions/folders.py": {"document.downloaded", "document.viewed"},
    "documents/actions/schedule.py": {"documents.rule_signed", "documents.rule_refused"},
    "documents/actions/splitting.py": {"documents.rehearsed", "documents.unreadable"},
    "leave/actions/extra.py": {f"leave.extra_{state}" for state in DECIDED},
    "leave/actions/requests.py": {f"leave.{state}" for state in DECIDED},
    "leave/actions/savings.py": {f"leave.saving_{state}" for state in DECIDED},
    "payslips/views/own.py": {f"payslip.{event}" for event in ("viewed", "image_viewed", "downloaded", "amount_shown")},
    "personnel_file/actions/bank.py": {
        f"bank.{event}" for event in ("confirmed", "cancelled", "approved", "checked", "refused", "given")
    },
    "personnel_file/actions/deciding.py": {f"file.{event}" for event in DECIDED},
    "support/actions/acts.py": set(TOLD.values()),
    "training/actions/enrolments.py": {
        f"training.{event}" for event in ("asked", "endorsed", *DECIDED, "cancelled", "declined", "seat_accepted")
    },
    "training/actions/outside.py": {
        f"training.outside_{event}" for event in ("asked", "endorsed", *DECIDED, "cancelled")
    },
    "training/actions/sessions.py": {
        f"training.session_{event}" for event in ("planned", "changed", "cancelled", "documents", "document_dropped")
    },
    "training/actions/skills.py": {
        f"training.skill_{event}" for event in ("declared", "withdrawn", "verified", "refused")
    },
}


def test_every_event_that_the_code_writes_has_french_words() -> None:
    named, made = _written()
    assert made == set(MADE), "a name made of parts is listed above, so that it has words too"
    events = named.union(*MADE.values())
    assert len(events) > 250
    assert {event for event in events if label_of(event) == event} == set()
    words = {**SECURITY, **OTHERS, **OF_SERVICES}
    assert all(str(label)[0].isupper() and "." not in str(label) for label in words.values())
    assert set(words) <= events, "a name that nobody writes is not in the list"
    assert set(TOLD.values()) <= set(SECURITY), "what the support did to an account concerns its door"


def test_what_the_support_did_reads_in_words_with_its_proofs_and_who_agreed(
    signed_in: SignedIn, camille: Agent
) -> None:
    lucas, thierry = make_agent("Lucas", "Petit"), make_agent("Thierry", "Mallet")
    proofs = ["badge", "callback"]
    for seconded in (None, thierry.pk):
        audit.record("support.reset", actor=lucas.pk, subject=camille.pk, proofs=proofs, seconded_by=seconded)
    audit.record("account.sensitive_closed", actor=lucas.pk, subject=camille.pk, until="2026-11-28T17:42:10+00:00")
    audit.record("role.granted", actor=lucas.pk, subject=thierry.pk, role="support_technician", until="", perimeter="")
    technician = signed_in(holder(Role.SUPPORT_TECHNICIAN))
    with count_queries(at_most=12):
        seen = page(technician)
    assert seen.count("Support : mot de passe provisoire remis") >= 2
    assert "preuves\u00a0: badge en face à face et rappel au numéro connu des RH" in seen
    assert seen.count("avec l’accord de\u00a0: Thierry Mallet") == 1
    assert "jusqu’au\u00a0: 28 novembre 2026 à 18\u00a0h\u00a042" in seen
    assert f"rôle\u00a0: {Role.SUPPORT_TECHNICIAN.label}" in seen and "périmètre\u00a0:" not in seen
    assert "None" not in seen and "seconded_by" not in seen and "['" not in seen


@pytest.mark.django_db(transaction=True)
def test_after_twelve_months_whole_links_leave_and_the_chain_stays_whole() -> None:
    start = now()
    for months in (14, 13, 1):
        AuditEvent.objects.create(event="sign_in.accepted", actor_id=1, address="203.0.113.7")
        audit.seal_journal()
        _age_last_seal(start - timedelta(days=30 * months))
    purge_journal(0)
    left = list(AuditEvent.objects.order_by("id").values_list("event", flat=True))
    assert left == ["sign_in.accepted", "journal.purged"]
    audit.seal_journal()
    assert AuditSeal.objects.count() == 4 and audit.first_broken_link() is None
    purge_journal(0)
    assert AuditPurge.objects.count() == 1


def _age_last_seal(at: Any) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE kernel_auditseal DISABLE TRIGGER USER")
        cursor.execute("UPDATE kernel_auditseal SET at = %s WHERE id = (SELECT max(id) FROM kernel_auditseal)", [at])
        cursor.execute("ALTER TABLE kernel_auditseal ENABLE TRIGGER USER")


@pytest.mark.django_db(transaction=True)
def test_after_a_purge_a_change_made_behind_the_portal_still_shows() -> None:
    from nomade.kernel.tests.test_audit import behind_the_back, three_sealed_events

    three_sealed_events()
    journal.purge(AuditSeal.objects.order_by("id")[1].at)
    assert audit.first_broken_link() is None
    behind_the_back("UPDATE kernel_auditevent SET actor_id = 99 WHERE actor_id = 2")
    assert audit.first_broken_link() == AuditSeal.objects.order_by("id")[2]


def test_purging_does_not_open_the_journal_to_anything_else() -> None:
    audit.record("sign_in.accepted", actor=1, subject=1)
    journal.purge(now())
    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        AuditEvent.objects.all().delete()
