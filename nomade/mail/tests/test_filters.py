"""Rules and the automatic answer, on Dovecot's ManageSieve and on pymap's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.urls import reverse

from mailkit import sieve
from mailkit.sieve import SieveSession
from nomade.accounts.models import Session
from nomade.kernel.clock import now, today
from nomade.kernel.models import AuditEvent
from nomade.kernel.testing import count_queries, run_jobs
from nomade.mail import gateway
from nomade.mail.factories import letter_form
from nomade.mail.filters import store, telling
from nomade.mail.testing import Box
from nomade.mail.tests.test_writing import arrived
from nomade.notifications.models import Notification
from nomade.people import ports

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings as SettingsWrapper

MakeBox = Callable[[], Box]


def scripts(box: Box, work: Callable[[SieveSession], Any]) -> Any:
    from django.conf import settings

    with sieve.connected(gateway.account_of(box.agent, settings.NOMADE.sieve_url)) as session:
        return work(session)


@pytest.fixture(scope="session", params=["dovecot", "pymap"])
def mail_server(request: pytest.FixtureRequest) -> Any:
    """Those that have ManageSieve; what Exchange answers is in `test_exchange_level`."""
    return request.getfixturevalue(request.param)


def rule_form(**changes: object) -> dict[str, object]:
    return {
        "name": "Réunions",
        "every": "all",
        "field0": "subject",
        "test0": "contains",
        "value0": "Réunion",
        "folder": "Archives",
        "keep": "on",
        "stop": "on",
    } | changes


def archives(box: Box) -> str:
    return box.folder("archive")


def test_a_rule_sorts_what_arrives(box: Box, make_box: MakeBox) -> None:
    other = make_box()
    folder = archives(box)
    with count_queries(at_most=12):
        assert box.client.get("/messagerie/regles/").status_code == 200
    saved = box.client.post("/messagerie/regles/nouvelle/", rule_form(folder=folder))
    assert saved.status_code == 303, saved.content.decode()
    assert "Réunions" in box.client.get("/messagerie/regles/").content.decode()
    other.client.post("/messagerie/nouveau/", letter_form(box.agent.login))
    other.client.post("/messagerie/nouveau/", letter_form(box.agent.login, subject="Autre chose"))
    run_jobs()
    assert arrived(box) == ["Autre chose"]
    assert box.subjects(folder) == ["Réunion de lundi"]


def test_rules_are_changed_suspended_moved_and_deleted(box: Box) -> None:
    folder = archives(box)
    box.client.post("/messagerie/regles/nouvelle/", rule_form(folder=folder))
    box.client.post("/messagerie/regles/nouvelle/", rule_form(folder=folder, name="Seconde"))
    page = box.client.get("/messagerie/regles/2/").content.decode()
    assert "Seconde" in page
    box.client.post("/messagerie/regles/2/", rule_form(folder=folder, name="Changée"))
    box.client.post("/messagerie/regles/2/agir/", {"faire": "monter"})
    box.client.post("/messagerie/regles/1/agir/", {"faire": "suspendre"})
    found = store.read(box.agent).filters.rules
    assert [(rule.name, rule.active) for rule in found] == [("Changée", False), ("Réunions", True)]
    box.client.post("/messagerie/regles/1/agir/", {"faire": "supprimer"})
    assert [rule.name for rule in store.read(box.agent).filters.rules] == ["Réunions"]
    assert box.client.get("/messagerie/regles/9/").status_code == 404


@pytest.mark.parametrize(
    "changes",
    [{"value0": ""}, {"forward": "pas une adresse"}, {"folder": ""}, {"folder": "Inconnu"}, {"name": ""}],
)
def test_a_rule_with_a_fault_is_shown_again(box: Box, changes: dict[str, str]) -> None:
    answer = box.client.post("/messagerie/regles/nouvelle/", rule_form(**{"folder": archives(box)} | changes))
    assert answer.status_code == 422
    assert store.read(box.agent).filters.rules == ()


def test_the_script_of_another_program_is_never_written_over(box: Box) -> None:
    theirs = 'require ["fileinto"];\nif header :contains "subject" "x" { fileinto "Archives"; }\n'

    def put(session: SieveSession) -> None:
        session._put("autre", theirs)
        session._activate("autre")

    scripts(box, put)
    answer = box.client.post("/messagerie/regles/nouvelle/", rule_form(folder=archives(box)))
    include = scripts(box, lambda session: "include" in session.extensions)
    if include:
        assert answer.status_code == 303
        assert scripts(box, lambda session: session.scripts()[0]) == "nomade-ensemble"
    else:
        assert answer.status_code == 422
        assert "un autre logiciel" in answer.content.decode().lower()
        assert scripts(box, lambda session: session.scripts()[0]) == "autre"
        box.client.post("/messagerie/regles/nouvelle/", rule_form(folder=archives(box), seul="1"))
        assert scripts(box, lambda session: session.scripts()[0]) == "nomade"
    assert scripts(box, lambda session: session.get("autre")).split() == theirs.split()


def test_what_somebody_wrote_in_our_script_is_kept_aside(box: Box) -> None:
    box.client.post("/messagerie/regles/nouvelle/", rule_form(folder=archives(box)))
    by_hand = scripts(box, lambda session: session.get("nomade")) + "# à la main\nkeep;\n"
    scripts(box, lambda session: session._put("nomade", by_hand))
    assert "nomade-avant" in box.client.get("/messagerie/regles/").content.decode()
    box.client.post("/messagerie/regles/1/agir/", {"faire": "suspendre"})
    assert "à la main" in scripts(box, lambda session: session.get("nomade-avant"))
    assert "nomade-avant" not in box.client.get("/messagerie/regles/").content.decode()


def test_a_rule_is_told_in_words(box: Box) -> None:
    given = rule_form(folder=archives(box), every="one", field1="from", test1="not_contains", value1="<b>")
    assert box.client.post("/messagerie/regles/nouvelle/", given).status_code == 303
    shown = box.client.get("/messagerie/regles/").content.decode()
    assert "Quand l’objet contient « Réunion » ou l’expéditeur ne contient pas « &lt;b&gt; »" in shown
    for deed in ("ranger dans « Archives »", "ne pas appliquer les règles suivantes"):
        assert f"<li>{deed}</li>" in shown


def test_a_rule_offers_what_the_server_can_do_and_names_the_rest(box: Box) -> None:
    page = box.client.get("/messagerie/regles/nouvelle/").content.decode()
    marks = scripts(box, lambda session: "imap4flags" in session.extensions)
    assert ('name="star"' in page) is marks
    assert ("ne sait pas faire : marquer comme lu, suivre (étoile)." in page) is not marks


def test_each_deed_of_a_rule_is_told() -> None:
    rule = sieve.Rule("x", (), seen=True, star=True, forward="a@b.fr", keep=False, stop=False)
    assert telling.conditions(rule) == "À chaque message"
    assert telling.deeds(rule) == [
        "marquer comme lu", "suivre", "transmettre à a@b.fr", "ne pas garder dans la boîte"
    ]  # fmt: skip


def test_mail_is_sent_outside_only_after_a_proof_and_its_owner_is_told(box: Box, settings: SettingsWrapper) -> None:
    form = rule_form(folder="", forward="moi@ailleurs.example")
    Session.objects.update(authenticated_at=now() - timedelta(hours=2))
    asked = box.client.post("/messagerie/regles/nouvelle/", form)
    assert asked.status_code == 303
    assert asked["Location"].startswith(reverse("accounts:confirm"))
    assert store.read(box.agent).filters.rules == ()
    if not scripts(box, lambda session: "copy" in session.extensions):
        form |= {"keep": ""}
    store.change(box.agent, lambda found: replace(found, rules=(_rule(form),)))
    told = Notification.objects.filter(agent=box.agent, kind="security.mail_forwarding")
    assert told.count() == 1
    assert AuditEvent.objects.filter(event="mail.forwarding_set", subject_id=box.agent.pk).count() == 1
    inside = store.read(box.agent).filters.rules[0]
    store.change(box.agent, lambda found: replace(found, rules=(replace(inside, forward="b@paris.fr"),)))
    assert told.count() == 1


def _rule(form: dict[str, object]) -> sieve.Rule:
    from nomade.mail.filters.forms import RuleForm

    bound = RuleForm(form, folders=[], extensions={"fileinto", "imap4flags"})
    assert bound.is_valid(), bound.errors
    return bound.rule()


def test_an_absence_is_answered_or_the_page_says_why_not(box: Box, make_box: MakeBox) -> None:
    other = make_box()
    form = {"active": "on", "text": "Je suis absent.", "subject": "Absence", "first": "", "last": ""}
    answer = box.client.post("/messagerie/absence/", form)
    if not scripts(box, lambda session: "vacation" in session.extensions):
        assert answer.status_code == 422
        assert "ne sait pas faire" in answer.content.decode()
        assert "Je suis absent." in answer.content.decode()
        assert "Pas de réponse automatique sur ce serveur" in box.client.get("/messagerie/absence/").content.decode()
        return
    assert answer.status_code == 303
    assert "Je suis absent." in box.client.get("/messagerie/absence/").content.decode()
    other.client.post("/messagerie/nouveau/", letter_form(box.agent.login))
    run_jobs()
    assert arrived(box) == ["Réunion de lundi"]
    dates = form | {"first": str(today()), "last": str(today() + timedelta(days=3))}
    assert box.client.post("/messagerie/absence/", dates).status_code == 303
    vacation = store.read(box.agent).filters.vacation
    assert (vacation.first, vacation.active) == (str(today()), True)
    assert box.client.post("/messagerie/absence/", {"text": ""}).status_code == 303
    assert not store.read(box.agent).filters.vacation.active


def test_dates_in_disorder_and_an_empty_answer_are_refused(box: Box) -> None:
    form = {"active": "on", "text": "", "first": "2026-12-05", "last": "2026-12-01"}
    page = box.client.post("/messagerie/absence/", form)
    assert page.status_code == 422
    assert "avant le premier" in page.content.decode()


def test_validated_leave_is_proposed_with_its_substitute(
    box: Box, make_box: MakeBox, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make_box()
    first = today() + timedelta(days=5)
    leave = ports.PlannedAbsence(
        box.agent.pk, first, first + timedelta(days=4), approved=True, substitute=other.agent.pk
    )
    asked = replace(leave, approved=False)
    away = replace(leave, telework=True)
    monkeypatch.setattr(ports, "absences", lambda *_: [leave, asked, away])
    with count_queries(at_most=12):
        page = box.client.get("/messagerie/absence/").content.decode()
    if not scripts(box, lambda session: "vacation" in session.extensions):
        assert "Pas de réponse automatique sur ce serveur" in page
        return
    assert page.count("?du=") == 1
    filled = box.client.get("/messagerie/absence/", {"du": first.isoformat()}).content.decode()
    assert other.agent.mail_address in filled
    assert f'value="{first.isoformat()}"' in filled


def test_rules_of_another_agent_are_not_seen(box: Box, make_box: MakeBox) -> None:
    stranger = make_box()
    box.client.post("/messagerie/regles/nouvelle/", rule_form(folder=archives(box)))
    assert "Réunions" not in stranger.client.get("/messagerie/regles/").content.decode()
    assert stranger.client.post("/messagerie/regles/1/agir/", {"faire": "supprimer"}).status_code == 404
    assert len(store.read(box.agent).filters.rules) == 1


def test_with_the_server_away_the_page_says_so(box: Box, settings: SettingsWrapper) -> None:
    settings.NOMADE = replace(settings.NOMADE, sieve_url="sieve://127.0.0.1:9")
    assert box.client.get("/messagerie/regles/").status_code == 503
    settings.NOMADE = replace(settings.NOMADE, sieve_url="")
    assert "Pas de règles" in box.client.get("/messagerie/regles/").content.decode()
    assert "Pas de réponse automatique" in box.client.get("/messagerie/absence/").content.decode()
