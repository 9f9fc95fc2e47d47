"""What people hold, must follow, and keep of a training: skills, risks, recalls, obligations, later questions."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import pikepdf
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from nomade.cases.models import CaseEvent
from nomade.cases.office_days import office_days
from nomade.kernel.clock import today
from nomade.kernel.errors import Refusal
from nomade.kernel.months import add_months
from nomade.kernel.testing import count_queries
from nomade.notifications.models import Notification
from nomade.people.factories import make_agent, make_unit
from nomade.people.models import Agent, OrgUnit
from nomade.people.ports import commitments
from nomade.training import dashboard
from nomade.training.actions import later, obligations, skills
from nomade.training.actions.enrolments import Wish, approve, ask
from nomade.training.actions.reminders import chase, recall_promises
from nomade.training.factories import make_course, make_session
from nomade.training.models import (
    Course,
    Credit,
    Enrolment,
    Habilitation,
    LaterEvaluation,
    Obligation,
    OutsideRequest,
    Risk,
    SessionState,
    Skill,
    SkillState,
    TrainingSession,
)
from nomade.training.rules.outside import holds_its_days
from nomade.training.standing import owed_by

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Agent], Client]


def _pdf() -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as paper:
        paper.add_blank_page()
        paper.save(out)
    return out.getvalue()


def _followed(agent: Agent, course: Course, officer: Agent, *, ended: date) -> Enrolment:
    """An enrolment whose session ended on a day, with its hours."""
    session = make_session(course, by=officer)
    asked = Enrolment.objects.get(pk=ask(agent, session, Wish(), token=str(uuid.uuid4())))
    Enrolment.objects.filter(pk=asked.pk).update(state="approved")
    TrainingSession.objects.filter(pk=session.pk).update(state=SessionState.CLOSED, first_day=ended, last_day=ended)
    Credit.objects.create(enrolment=asked, minutes=420)
    return asked


def test_a_declared_skill_is_read_by_the_office_and_becomes_a_habilitation_with_its_proof(
    people: dict[str, Agent], course: Course, signed_in: SignedIn
) -> None:
    client, page = signed_in(people["agent"]), reverse("training:skills")
    sent = {"label": "CACES R489", "level": "mastery", "obtained_on": str(today() - timedelta(days=9))}
    assert client.post(page, {**sent, "label": ""}).status_code == 422
    assert client.post(page, {**sent, "obtained_on": str(today() + timedelta(days=1))}).status_code == 422
    file = SimpleUploadedFile("caces.pdf", _pdf(), content_type="application/pdf")
    assert client.post(page, {**sent, "proof": file}).status_code == 303
    skill = Skill.objects.get()
    assert skill.state == SkillState.DECLARED
    office = signed_in(people["officer"])
    assert "CACES R489" in office.get(reverse("training:skills-to-check"), {"q": "caces"}).content.decode()
    check = reverse("training:check-skill", args=[skill.pk])
    assert office.post(check, {"decision": "refuse", "remark": ""}).status_code == 422
    assert office.post(check, {"decision": "verify", "course": str(course.pk)}).status_code == 303
    held = Habilitation.objects.get()
    assert (held.agent, held.course, held.proof) == (people["agent"], course, skill.proof)
    assert Notification.objects.filter(agent=people["agent"], kind="training.skill").count() == 1
    proof = signed_in(people["head"]).get(reverse("training:habilitation-proof", args=[held.pk]))
    assert proof.content.startswith(b"%PDF-")
    assert signed_in(people["stranger"]).get(reverse("training:skill-proof", args=[skill.pk])).status_code == 404
    with pytest.raises(Refusal, match="est vérifiée"):
        skills.withdraw(skill, by=people["agent"])
    member = signed_in(people["head"]).get(reverse("training:member", args=[people["agent"].pk])).content.decode()
    assert "CACES R489" in member


def test_a_skill_that_is_withdrawn_takes_its_proof_with_it(people: dict[str, Agent], signed_in: SignedIn) -> None:
    client = signed_in(people["agent"])
    file = SimpleUploadedFile("permis.pdf", _pdf(), content_type="application/pdf")
    client.post(reverse("training:skills"), {"label": "Permis B", "level": "practice", "proof": file})
    skill = Skill.objects.select_related("proof").get()
    assert skill.proof is not None
    assert client.post(reverse("training:withdraw-skill", args=[skill.pk])).status_code == 303
    assert not Skill.objects.exists()
    assert not type(skill.proof).objects.filter(pk=skill.proof.pk).exists()


def test_an_obligation_of_a_risk_concerns_who_is_exposed(
    people: dict[str, Agent], course: Course, signed_in: SignedIn
) -> None:
    office, page = signed_in(people["officer"]), reverse("training:risks")
    assert office.post(page, {"step": "risk", "label": "Travail en hauteur"}).status_code == 303
    risk = Risk.objects.get()
    Obligation.objects.create(label="Harnais", course=course, source="Code du travail", risk=risk)
    assert owed_by([people["agent"]], today()) == []
    wrong = office.post(page, {"step": "expose", "risk": risk.pk, "matricules": "99999999"})
    assert wrong.status_code == 422
    assert "99999999" in wrong.content.decode()
    sent = {"step": "expose", "risk": risk.pk, "matricules": people["agent"].matricule}
    assert office.post(page, sent).status_code == 303
    assert [one.obligation.label for one in owed_by([people["agent"]], today())] == ["Harnais"]
    assert obligations.expose(risk, [people["agent"]], by=people["officer"]) == 0
    assert people["agent"].full_name in office.get(page).content.decode()


def test_the_office_makes_an_obligation_then_changes_and_ends_it(
    people: dict[str, Agent], course: Course, signed_in: SignedIn
) -> None:
    office, page = signed_in(people["officer"]), reverse("training:obligations")
    sent = {
        "label": "Élagage", "course": str(course.pk), "source": "Code du travail", "posts": "jardin", "unit": "DEVE",
        "within_days": "30", "valid_from": today().isoformat(), "valid_to": "",
    }  # fmt: skip
    assert office.post(page, {**sent, "unit": "NULLE/PART"}).status_code == 422
    assert office.post(page, sent).status_code == 303
    (owed,) = owed_by([people["agent"]], today())
    assert (owed.due.standing, owed.due.until) == ("due", today() + timedelta(days=30))
    edit = reverse("training:edit-obligation", args=[owed.obligation.pk])
    shown = office.get(edit).content.decode()
    assert 'value="DEVE"' in shown
    assert f'<option value="{course.pk}" selected>' in shown
    yesterday = (today() - timedelta(days=1)).isoformat()
    assert office.post(edit, {**sent, "valid_to": yesterday}).status_code == 422
    assert office.post(edit, {**sent, "valid_from": "2020-01-01", "valid_to": yesterday}).status_code == 303
    assert owed_by([people["agent"]], today()) == []
    assert Obligation.objects.count() == 1


def test_nobody_is_late_of_a_risk_under_which_they_have_just_begun_to_work(
    people: dict[str, Agent], course: Course, signed_in: SignedIn
) -> None:
    risk = Risk.objects.create(label="Amiante")
    Obligation.objects.create(label="Amiante", course=course, source="x", risk=risk, within_days=60)
    Agent.objects.filter(pk=people["agent"].pk).update(entry_date=date(2013, 9, 3))
    obligations.expose(risk, [people["agent"]], by=people["officer"])
    agent = Agent.objects.get(pk=people["agent"].pk)
    (owed,) = owed_by([agent], today())
    assert (owed.due.standing, owed.due.until) == ("due", today() + timedelta(days=60))
    (line,) = dashboard.listed(None, today(), standings=["due"])
    assert (line.agent, line.until) == (agent.pk, owed.due.until)
    client = signed_in(agent)
    with count_queries(at_most=12):
        shown = client.get(reverse("training:mine")).content.decode()
    assert "Ce que je dois suivre" in shown
    assert "Amiante" in shown


def test_the_base_counts_what_the_rule_says_of_each_agent(people: dict[str, Agent], course: Course) -> None:
    others = [make_agent(f"Agent{number}", "Test", unit=make_unit(f"DEVE/U{number % 3}")) for number in range(9)]
    other = make_course("Évacuation")
    risk = Risk.objects.create(label="Bruit")
    obligations.expose(risk, others[:2], by=people["officer"])
    Obligation.objects.create(label="Jardin", course=course, source="x", posts="jardin")
    Obligation.objects.create(label="Tous", course=other, source="x", within_days=30)
    Obligation.objects.create(label="Bruit", course=other, source="x", risk=risk, unit=make_unit("DEVE"))
    Obligation.objects.create(label="Cadres", course=other, source="x", category="A")
    days = [today() - timedelta(days=400), today() - timedelta(days=10)]
    for agent, obtained, expires in zip(
        others[:3], (days[0], days[1], days[1]), (days[1], today() + timedelta(days=40), None), strict=True
    ):
        Habilitation.objects.create(agent=agent, course=other, obtained_on=obtained, expires_on=expires)
    everybody = list(Agent.objects.all())
    expected: dict[tuple[int, int], tuple[str, date | None]] = {
        (one.agent.pk, one.obligation.pk): (one.due.standing, one.due.until) for one in owed_by(everybody, today())
    }
    lines = dashboard.listed(None, today(), standings=["overdue", "due", "soon", "valid"], limit=1000)
    assert {(one.agent, one.obligation): (one.standing, one.until) for one in lines} == expected
    assert {standing for standing, _until in expected.values()} == {"overdue", "soon", "valid"}
    whole = dashboard.overview(None, today(), depth=1, standings=["overdue", "due", "soon", "valid"], limit=1000)
    assert whole.lines == lines
    units, kinds = whole.units, whole.kinds
    assert sum(one.total for one in units) == sum(one.total for one in kinds) == len(expected)
    assert all(one.total == one.overdue + one.due + one.soon + one.valid for one in [*units, *kinds])
    only = dashboard.listed(["DEVE/U1"], today(), standings=["overdue"], limit=1000)
    assert {one.unit for one in only} == {"DEVE/U1"}


def test_obligations_by_unit_open_to_who_heads_it_and_cost_the_same_for_more_agents(
    people: dict[str, Agent], course: Course, signed_in: SignedIn
) -> None:
    Obligation.objects.create(label="Élagage", course=course, source="x")
    OrgUnit.objects.filter(path="DEVE").update(head=people["head"])
    for number in range(20):
        make_agent(f"Agent{number}", "Test", unit=make_unit("DEVE/J15"))
    client, page = signed_in(people["head"]), reverse("training:obligations-by-unit")
    with count_queries(at_most=12):
        shown = client.get(page)
    assert "Élagage" in shown.content.decode()
    assert client.get(page, {"unite": "DPE"}).status_code == 404
    assert client.get(page, {"unite": "DEVE/J15", "etat": "overdue"}).status_code == 200
    text = client.get(reverse("training:obligations-csv")).content.decode()
    assert text.count("Élagage") >= 20
    assert people["stranger"].matricule not in text
    assert signed_in(people["trainer"]).get(page).status_code == 404


def test_who_never_followed_an_obligation_is_recalled_at_90_30_and_7_days(
    people: dict[str, Agent], course: Course
) -> None:
    made = Obligation.objects.create(label="Intégration", course=course, source="x", unit=make_unit("DEVE/J15"))
    newcomer = people["agent"]
    entry = today() - timedelta(days=300)
    Agent.objects.exclude(pk=newcomer.pk).update(entry_date=today() - timedelta(days=3000))
    Agent.objects.filter(pk=newcomer.pk).update(entry_date=entry)
    end = entry + timedelta(days=made.within_days)
    told = [obligations.recall_first(end - timedelta(days=left)) for left in (91, 90, 89, 30, 8, 7, 0)]
    assert told == [0, 1, 0, 1, 0, 1, 0]
    assert Notification.objects.filter(agent=newcomer, kind="training.due").count() == 3
    assert Notification.objects.filter(agent=people["head"], kind="training.due").count() == 3


def test_months_later_the_participant_and_who_supervises_are_asked_then_asked_once_more(
    people: dict[str, Agent], course: Course, signed_in: SignedIn
) -> None:
    ended = today() - timedelta(days=100)
    asked = _followed(people["agent"], course, people["officer"], ended=ended)
    assert later.ask_later(add_months(ended, 2)) == 0
    page = reverse("training:later", args=[asked.pk])
    assert signed_in(people["agent"]).get(page).status_code == 404
    assert later.ask_later(today()) == 1
    assert later.ask_later(today()) == 0
    assert Notification.objects.filter(kind="training.later").count() == 2
    client = signed_in(people["agent"])
    assert "Taille des arbustes" in client.get(reverse("training:mine")).content.decode()
    assert client.post(page, {"used": "4"}).status_code == 422
    assert client.post(page, {"used": "4", "effect": "3", "comment": "Tous les jours"}).status_code == 303
    assert later.ask_later(today() + timedelta(days=31)) == 1
    assert later.ask_later(today() + timedelta(days=62)) == 0
    recalled = Notification.objects.filter(kind="training.later").order_by("-created_at")
    assert [recalled.count(), recalled[0].agent] == [3, people["head"]]
    team = reverse("training:later-team", args=[asked.pk])
    assert signed_in(people["stranger"]).get(team).status_code == 404
    assert signed_in(people["agent"]).get(team).status_code == 404
    assert signed_in(people["head"]).post(team, {"used": "2", "effect": "2"}).status_code == 303
    assert LaterEvaluation.objects.count() == 2
    shown = signed_in(people["officer"]).get(reverse("training:taught-session", args=[asked.session_id]))
    assert "Tous les jours" in shown.content.decode()
    assert "Quelques mois plus tard" in shown.content.decode()


def test_an_accepted_training_outside_the_catalogue_holds_its_days(people: dict[str, Agent]) -> None:
    first = today() + timedelta(days=(7 - today().weekday()) % 7 + 7)
    values = {"owner": people["agent"], "kind": "course", "title": "Grimpe", "organism": "École", "project": "x",
              "promised_on": first, "state": "approved", "first_day": first}  # fmt: skip
    days = first + timedelta(days=2)
    OutsideRequest.objects.create(reference="F-1", last_day=days, hours=Decimal(21), **values)
    OutsideRequest.objects.create(reference="F-2", last_day=first + timedelta(days=90), hours=Decimal(40), **values)
    found = commitments([people["agent"].pk], first, days)
    assert [(one.label, one.first_day, one.last_day) for one in found] == [("Grimpe", first, days)]
    assert holds_its_days(first, first, Decimal("3.5"))
    assert not holds_its_days(first, first + timedelta(days=4), Decimal(14))


def test_the_team_is_enrolled_with_what_stands_in_each_ones_way(
    people: dict[str, Agent], course: Course, signed_in: SignedIn
) -> None:
    other = make_session(course, by=people["officer"])
    asked = Enrolment.objects.get(pk=ask(people["agent"], other, Wish(), token=str(uuid.uuid4())))
    asked = approve(asked, by=people["head"], version=asked.version)
    approve(asked, by=people["officer"], version=asked.version)
    session = make_session(make_course("Anglais", requires=course), by=people["officer"])
    page = reverse("training:enrol-team", args=[session.pk])
    client = signed_in(people["head"])
    with count_queries(at_most=12):
        text = client.get(page).content.decode()
    assert "« Taille des arbustes » a déjà lieu le" in text
    assert "Cette formation demande d’avoir suivi « Taille des arbustes »." in text


def test_who_decides_is_told_seven_days_before_the_promise_how_many_wait(
    people: dict[str, Agent], course: Course
) -> None:
    session = make_session(course, by=people["officer"])
    asked = Enrolment.objects.get(pk=ask(people["agent"], session, Wish(), token=str(uuid.uuid4())))
    promised = asked.promised_on
    days = [promised - timedelta(days=left) for left in (8, 7, 2, 1, 0)]
    assert [recall_promises(day) for day in days] == [0, 1, 0, 0, 0]
    assert Notification.objects.filter(agent=people["head"], kind="training.promised").count() == 1
    approve(asked, by=people["head"], version=asked.version)
    assert recall_promises(days[1]) == 1
    assert Notification.objects.filter(kind="training.promised").latest("created_at").agent == people["officer"]


def test_who_decides_is_reminded_before_the_promise_and_the_officers_are_told_once_it_is_past(
    people: dict[str, Agent], course: Course
) -> None:
    session = make_session(course, by=people["officer"])
    asked = Enrolment.objects.get(pk=ask(people["agent"], session, Wish(), token=str(uuid.uuid4())))
    after = asked.promised_on + timedelta(days=1)
    before = asked.promised_on - timedelta(days=1)
    while not office_days(before - timedelta(days=7)).works(before):
        before -= timedelta(days=1)
    assert [chase(before), chase(asked.promised_on), chase(after), chase(after)] == [1, 0, 1, 0]
    due = Notification.objects.filter(kind="training.due").values_list("agent", flat=True)
    assert set(due) == {people["head"].pk}
    told = Notification.objects.filter(kind="training.late").values_list("agent", flat=True)
    assert set(told) == {people["head"].pk, people["officer"].pk}
    assert CaseEvent.objects.filter(case_id=asked.pk, event="escalated").count() == 1
