"""Who opens what: every address of the service, for everybody who might try."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from nomade.cases.models import CaseFile
from nomade.files.uploads import PDF, CheckedFile
from nomade.kernel.clock import today
from nomade.people.models import Agent, Delegation, OrgUnit
from nomade.people.ports import PaperWords, certify
from nomade.people.roles import Role
from nomade.training.actions import catalogue, obligations, outside, sessions, skills
from nomade.training.actions.enrolments import Wish, approve, ask
from nomade.training.models import Credit, Enrolment, Exposure, Obligation, OutsideRequest, Risk, TrainingSession
from nomade.training.talking import ENROLMENTS, OUTSIDE
from nomade.training.urls import urlpatterns

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Agent], Client]

EVERYBODY = {"agent", "head", "delegate", "officer", "foreign", "trainer", "stranger", "hr", "hr-elsewhere"}
OFFICE = {"officer", "foreign"}
#: Who follows the request of the agent: supervisor, delegate of the supervisor, officer of the perimeter.
FOLLOW = {"head", "delegate", "officer"}

# Address: who opens it with a GET (a page) or reaches it with a POST (an act); all others get 404.
PAGES: dict[str, set[str]] = {
    "index": EVERYBODY,
    "course": EVERYBODY,
    "course-file": EVERYBODY,
    "session": EVERYBODY,
    "mine": EVERYBODY,
    "outside": EVERYBODY,
    "to-decide": EVERYBODY,
    "team": EVERYBODY,
    "enrol-team": EVERYBODY,
    "enrolment": {"agent"},
    "convocation": {"agent"},
    "agenda": {"agent"},
    "evaluate": {"agent"},
    "outside-request": {"agent"},
    "outside-quote": {"agent"},
    "enrolment-file": {"agent", *FOLLOW, "hr"},
    "outside-file": {"agent", *FOLLOW, "hr"},
    "decide": {*FOLLOW, "hr"},
    "decide-outside": {*FOLLOW, "hr"},
    "decide-outside-file": FOLLOW,
    "teaching": {"trainer"},
    "taught-session": {"trainer", *OFFICE},
    "sheet": {"trainer", *OFFICE},
    "sheet-paper": {"trainer", *OFFICE},
    "session-file": {"agent", "trainer", *OFFICE},
    "skills": EVERYBODY,
    "skill-proof": {"agent", *FOLLOW},
    "habilitation-proof": {"agent", *FOLLOW},
    "member": FOLLOW,
    "later": {"agent"},
    "later-team": {"head", "delegate"},
    "team-convocation": FOLLOW,
    "obligations-by-unit": {"head", "delegate", *OFFICE},
    "obligations-csv": {"head", "delegate", *OFFICE},
    "taught-agenda": {"trainer", *OFFICE},
    "class-certificates": {"trainer", *OFFICE},
    "session-convocations": {"officer"},
    "skills-to-check": OFFICE,
    "check-skill": {"officer"},
    "risks": OFFICE,
    "office": OFFICE,
    "new-course": OFFICE,
    "edit-course": OFFICE,
    "new-session": OFFICE,
    "edit-session": OFFICE,
    "enrolled": OFFICE,
    "import": OFFICE,
    "export": OFFICE,
    "circuits": OFFICE,
    "rooms": OFFICE,
    "obligations": OFFICE,
    "edit-obligation": OFFICE,
    "habilitations": OFFICE,
    "figures": OFFICE,
    "figures-csv": OFFICE,
}
ACTS: dict[str, set[str]] = {
    "favourite": EVERYBODY,
    "cancel": {"agent"},
    "answer": {"agent"},
    "cancel-outside": {"agent"},
    "enrolment-message": {"agent", *FOLLOW, "hr"},
    "enrolment-recall": {"agent", *FOLLOW, "hr"},
    "outside-message": {"agent", *FOLLOW, "hr"},
    "outside-recall": {"agent", *FOLLOW, "hr"},
    "approve-many": EVERYBODY,
    "refuse-many": EVERYBODY,
    "close": {"trainer", *OFFICE},
    "withdraw-skill": {"agent"},
    "session-documents": {"trainer", *OFFICE},
    "drop-session-document": {"trainer", *OFFICE},
    "drop-course-document": OFFICE,
    "remove": {"officer"},
    "end-exposure": {"officer"},
    "cancel-session": OFFICE,
    "copy-session": OFFICE,
}


@pytest.fixture
def everybody(people: dict[str, Agent]) -> dict[str, Agent]:
    from nomade.people.factories import grant, make_agent, make_unit

    delegate = make_agent("Dora", "Déléguée")
    Delegation.objects.create(
        giver=people["head"],
        receiver=delegate,
        valid_from=today() - timedelta(days=1),
        valid_to=today() + timedelta(days=9),
        created_by=people["head"],
    )
    hr = {"hr": make_agent("Sophie", "Laurent"), "hr-elsewhere": make_agent("Rémi", "Loin")}
    grant(hr["hr"], Role.HR_OFFICER, make_unit("DEVE"))
    grant(hr["hr-elsewhere"], Role.HR_OFFICER, make_unit("DPE"))
    return {**people, "delegate": delegate, **hr}


def _quote() -> CheckedFile:
    return CheckedFile(name="devis.pdf", kind=PDF, content=b"%PDF-1.7 devis", awaiting_scan=False)


@pytest.fixture
def addresses(everybody: dict[str, Agent], session: TrainingSession) -> dict[str, str]:
    """One address of each view, about the request of the agent, accepted, in a session of the trainer."""
    agent = everybody["agent"]
    asked = Enrolment.objects.get(pk=ask(agent, session, Wish(), token=str(uuid.uuid4())))
    asked = approve(asked, by=everybody["head"], version=asked.version)
    approve(asked, by=everybody["officer"], version=asked.version)
    catalogue.write_course(session.course, by=everybody["officer"], files=[_quote()])
    sessions.keep_documents(session, [_quote()], by=everybody["officer"])
    skill = skills.declare(agent, skills.Claim("Soudure", "practice", today(), None), [_quote()])
    held = obligations.note_habilitation(
        agent, session.course, obtained_on=today(), expires_on=None, files=[_quote()], by=everybody["officer"]
    )
    risk = Risk.objects.create(label="Hauteur")
    obligations.expose(risk, [agent], by=everybody["officer"])
    OrgUnit.objects.filter(path="DEVE").update(head=everybody["head"])
    words = PaperWords("Attestation", [("Formation", "Taille")])
    Credit.objects.create(enrolment=asked, minutes=420, certificate=certify(agent.pk, words), later_asked_on=today())
    beyond = outside.ask(agent, _project(), [_quote()], token=str(uuid.uuid4()))
    ENROLMENTS.write(asked, by=agent, text="", files=[_quote()])
    OUTSIDE.write(OutsideRequest.objects.get(pk=beyond), by=agent, text="", files=[_quote()])
    said = {one.message.kind: one.stored_id for one in CaseFile.objects.select_related("message")}
    slot, file = session.slots.all()[0], session.course.documents.get()
    arguments: dict[str, list[Any]] = {
        "course": [session.course_id],
        "course-file": [session.course_id, file.pk],
        "favourite": [session.course_id],
        "edit-course": [session.course_id],
        "new-session": [session.course_id],
        "sheet": [session.pk, slot.pk],
        "export": ["csv"],
        "session-file": [session.pk, session.documents.get().pk],
        "drop-session-document": [session.pk, session.documents.get().pk],
        "drop-course-document": [session.course_id, file.pk],
        "skill-proof": [skill.pk],
        "check-skill": [skill.pk],
        "withdraw-skill": [skill.pk],
        "habilitation-proof": [held.pk],
        "member": [agent.pk],
        "remove": [session.pk, asked.pk],
        "end-exposure": [Exposure.objects.get().pk],
        "edit-obligation": [Obligation.objects.create(label="Feu", course=session.course, source="x", risk=risk).pk],
        **{
            name: [asked.pk]
            for name in (
                "enrolment",
                "cancel",
                "answer",
                "convocation",
                "agenda",
                "evaluate",
                "decide",
                "later",
                "later-team",
                "team-convocation",
            )
        },
        **{name: [beyond] for name in ("outside-request", "outside-quote", "cancel-outside", "decide-outside")},
        "decide-outside-file": [beyond],
        **{f"enrolment-{act}": [asked.pk] for act in ("message", "recall")},
        **{f"outside-{act}": [beyond] for act in ("message", "recall")},
        "enrolment-file": [asked.pk, said[ENROLMENTS.kind]],
        "outside-file": [beyond, said[OUTSIDE.kind]],
    }
    for name in ("session", "enrol-team", "taught-session", "sheet-paper", "close", "edit-session", "enrolled"):
        arguments[name] = [session.pk]
    for name in ("cancel-session", "copy-session", "taught-agenda", "class-certificates", "session-documents"):
        arguments[name] = [session.pk]
    arguments["session-convocations"] = [session.pk]
    return {
        str(one.name): reverse(f"training:{one.name}", args=arguments.get(str(one.name), [])) for one in urlpatterns
    }


def _project() -> outside.Project:
    return outside.Project(
        kind="course",
        course_kind="perfectionnement",
        title="Grimper aux arbres",
        organism="École du bois",
        link="",
        first_day=today() + timedelta(days=60),
        last_day=today() + timedelta(days=61),
        hours=Decimal(14),
        cost=Decimal(900),
        project="Soigner les platanes de l’avenue.",
    )


def test_every_address_says_who_opens_it() -> None:
    assert {str(one.name) for one in urlpatterns} == PAGES.keys() | ACTS.keys()


def test_pages_open_to_those_of_the_table_and_to_nobody_else(
    everybody: dict[str, Agent], addresses: dict[str, str], signed_in: SignedIn
) -> None:
    wrong = []
    for who, agent in everybody.items():
        client = signed_in(agent)
        for name, allowed in PAGES.items():
            status = client.get(addresses[name]).status_code
            if status != (200 if who in allowed else 404):
                wrong.append((who, name, status))
    assert wrong == []


def test_acts_are_reached_by_those_of_the_table_and_change_nothing_for_the_others(
    everybody: dict[str, Agent], addresses: dict[str, str], signed_in: SignedIn
) -> None:
    wrong: list[tuple[str, ...]] = []
    before = (Enrolment.objects.get().version, OutsideRequest.objects.get().version, TrainingSession.objects.count())
    for who, agent in everybody.items():
        client = signed_in(agent)
        for name, allowed in ACTS.items():
            if who not in allowed and client.post(addresses[name]).status_code != 404:
                wrong.append((who, name))
            if client.get(addresses[name]).status_code != 405:
                wrong.append((who, name, "GET"))
    assert wrong == []
    assert before == (
        Enrolment.objects.get().version,
        OutsideRequest.objects.get().version,
        TrainingSession.objects.count(),
    )


@pytest.mark.parametrize("who", ["stranger", "trainer", "foreign"])
def test_nobody_else_decides(
    who: str, everybody: dict[str, Agent], addresses: dict[str, str], signed_in: SignedIn
) -> None:
    for name in ("decide", "decide-outside"):
        sent = {"decision": "approve", "version": 1}
        assert signed_in(everybody[who]).post(addresses[name], sent).status_code == 404
    assert OutsideRequest.objects.get().version == 1


def test_an_officer_of_another_perimeter_enrols_nobody_of_ours(
    everybody: dict[str, Agent], session: TrainingSession, signed_in: SignedIn
) -> None:
    page = reverse("training:enrolled", args=[session.pk])
    answer = signed_in(everybody["foreign"]).post(page, {"matricules": everybody["agent"].matricule})
    assert answer.status_code == 422
    assert "Aucun agent de votre périmètre" in answer.content.decode()
    assert not Enrolment.objects.exists()


def test_an_officer_of_another_perimeter_sees_who_comes_but_nothing_that_is_private_nor_any_act(
    everybody: dict[str, Agent], session: TrainingSession, signed_in: SignedIn
) -> None:
    needs = "Interprète en langue des signes"
    asked = Enrolment.objects.get(pk=ask(everybody["agent"], session, Wish(needs=needs), token=str(uuid.uuid4())))
    page = reverse("training:enrolled", args=[session.pk])
    ours = signed_in(everybody["officer"]).get(page).content.decode()
    theirs = signed_in(everybody["foreign"]).get(page).content.decode()
    decide = reverse("training:decide", args=[asked.pk])
    assert needs in ours
    assert decide in ours
    assert everybody["agent"].full_name in theirs
    assert "d’un autre périmètre" in theirs
    for private in (needs, decide, reverse("training:remove", args=[session.pk, asked.pk])):
        assert private not in theirs


def test_a_head_of_team_enrols_only_the_team(
    everybody: dict[str, Agent], session: TrainingSession, signed_in: SignedIn
) -> None:
    page = reverse("training:enrol-team", args=[session.pk])
    answer = signed_in(everybody["head"]).post(page, {"agent": [everybody["stranger"].pk]})
    assert answer.status_code == 422
    answer = signed_in(everybody["head"]).post(page, {"agent": [everybody["agent"].pk, everybody["stranger"].pk]})
    assert answer.status_code == 303
    assert [one.owner for one in Enrolment.objects.all()] == [everybody["agent"]]


def test_a_session_of_a_withdrawn_course_is_seen_by_who_is_enrolled_only(
    everybody: dict[str, Agent], session: TrainingSession, addresses: dict[str, str], signed_in: SignedIn
) -> None:
    session.course.is_offered = False
    session.course.save()
    assert signed_in(everybody["agent"]).get(addresses["session"]).status_code == 200
    assert signed_in(everybody["stranger"]).get(addresses["session"]).status_code == 404


def test_an_hr_officer_reads_what_waits_and_decides_nothing(
    everybody: dict[str, Agent], addresses: dict[str, str], signed_in: SignedIn
) -> None:
    hr = signed_in(everybody["hr"])
    for name in ("decide", "decide-outside"):
        page = hr.get(addresses[name]).content.decode()
        assert "Suivie par" in page and 'value="approve"' not in page
        assert reverse("training:member", args=[everybody["agent"].pk]) not in page
        refused = hr.post(addresses[name], {"decision": "refuse", "reason": "Non", "version": "2"})
        assert refused.status_code == 422
