"""From the catalogue to the certificate, as the pages do it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from nomade.certificates.models import Certificate
from nomade.kernel.clock import now, today
from nomade.kernel.errors import Refusal
from nomade.kernel.months import add_months
from nomade.kernel.testing import count_queries
from nomade.notifications.models import Notification
from nomade.people.models import Agent
from nomade.people.ports import commitments
from nomade.training.actions import sessions
from nomade.training.actions.enrolments import Wish, ask
from nomade.training.factories import make_course, make_session
from nomade.training.models import (
    Circuit,
    Course,
    CourseKind,
    Credit,
    Enrolment,
    EnrolmentState,
    Evaluation,
    Habilitation,
    Half,
    OutsideRequest,
    Room,
    Seat,
    SessionState,
    Slot,
    TrainingSession,
)

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Agent], Client]


def _to_the_list(agent: Agent, session: TrainingSession, people: dict[str, Agent], signed_in: SignedIn) -> Enrolment:
    """Asked by the agent, endorsed by the head, accepted by the office, through the pages."""
    page = reverse("training:session", args=[session.pk])
    sent = {"form_token": str(uuid.uuid4()), "priority": "useful", "reason": ""}
    assert signed_in(agent).post(page, sent).status_code == 303
    asked = Enrolment.objects.alive().get(owner=agent, session=session)
    for who in ("head", "officer"):
        asked.refresh_from_db()
        decide = reverse("training:decide", args=[asked.pk])
        sent = {"decision": "approve", "version": str(asked.version)}
        assert signed_in(people[who]).post(decide, sent).status_code == 303
    asked.refresh_from_db()
    assert (asked.state, asked.seat) == (EnrolmentState.APPROVED, Seat.HELD)
    return asked


def test_a_course_is_found_by_half_its_words_without_accents_and_by_its_facets(
    people: dict[str, Agent], course: Course, signed_in: SignedIn
) -> None:
    make_course("Anglais pour l’accueil", kind=CourseKind.PERFECTIONNEMENT, posts="accueil", hours=Decimal(7))
    client = signed_in(people["agent"])
    page = reverse("training:index")

    def found(**wanted: str) -> tuple[bool, bool]:
        text = client.get(page, wanted).content.decode()
        return "Taille des arbustes" in text, "Anglais pour" in text

    assert found() == (True, True)
    assert found(q="arbust") == (True, False)
    assert found(q="accueil") == (False, True)
    assert found(show="metier") == (True, False)
    assert found(kind="perfectionnement") == (False, True)
    assert found(domain="langues") == (False, False)
    assert found(kind="nimporte") == (True, True)
    with count_queries(at_most=12):
        client.get(page)


def test_from_the_request_to_the_certificate(
    people: dict[str, Agent], session: TrainingSession, signed_in: SignedIn
) -> None:
    agent = people["agent"]
    asked = _to_the_list(agent, session, people, signed_in)
    client = signed_in(agent)
    paper = client.get(reverse("training:convocation", args=[asked.pk])).content
    assert paper.startswith(b"%PDF-")
    calendar = client.get(reverse("training:agenda", args=[asked.pk])).content.decode()
    assert calendar.count("BEGIN:VEVENT") == 2
    assert "Salle des Tilleuls" in calendar
    day = session.slots.all()[0].day
    held = commitments([agent.pk], day, day)
    assert [(one.label, one.from_noon, one.until_noon) for one in held] == [("Taille des arbustes", False, False)]

    trainer = signed_in(people["trainer"])
    slots = list(session.slots.all())
    sheet = [reverse("training:sheet", args=[session.pk, slot.pk]) for slot in slots]
    assert trainer.post(sheet[0], {f"presence-{asked.pk}": "full"}).status_code == 422  # not today
    with time_machine.travel(now() + timedelta(days=31), tick=False):
        trainer = signed_in(people["trainer"])
        assert trainer.post(sheet[0], {}).status_code == 422
        assert trainer.post(sheet[0], {f"presence-{asked.pk}": "full"}).status_code == 303
        close = reverse("training:close", args=[session.pk])
        assert "pas complète" in trainer.post(close).content.decode()
        wrong = {f"presence-{asked.pk}": "partial", f"minutes-{asked.pk}": "999"}
        assert trainer.post(sheet[1], wrong).status_code == 422
        sent = {f"presence-{asked.pk}": "partial", f"minutes-{asked.pk}": "150", f"reason-{asked.pk}": "Parti tôt"}
        assert trainer.post(sheet[1], sent).status_code == 303
        assert trainer.post(close).status_code == 303
        assert "Cette session est déjà terminée" in trainer.post(close).content.decode()

        credit = Credit.objects.get(enrolment=asked)
        assert credit.minutes == 210 + 150
        assert credit.certificate is not None
        certificate = Certificate.objects.get(pk=credit.certificate)
        assert certificate.agent == agent
        assert Habilitation.objects.get(agent=agent).course == session.course

        client = signed_in(agent)
        evaluate = reverse("training:evaluate", args=[asked.pk])
        assert client.post(evaluate, {"goals": "4"}).status_code == 422
        marks = {"goals": "4", "content": "3", "trainer": "4", "usefulness": "2", "comment": "Trop court"}
        assert client.post(evaluate, marks).status_code == 303
        shown = signed_in(people["trainer"]).get(reverse("training:taught-session", args=[session.pk]))
        assert "Trop court" in shown.content.decode()
        assert client.get(reverse("certificates:page", args=[certificate.pk])).status_code == 200
    assert Evaluation.objects.get().usefulness == 2


def test_who_did_not_come_has_no_certificate_and_the_supervisor_is_told(
    people: dict[str, Agent], session: TrainingSession, signed_in: SignedIn
) -> None:
    asked = _to_the_list(people["agent"], session, people, signed_in)
    with time_machine.travel(now() + timedelta(days=31), tick=False):
        trainer = signed_in(people["trainer"])
        for slot in session.slots.all():
            page = reverse("training:sheet", args=[session.pk, slot.pk])
            trainer.post(page, {f"presence-{asked.pk}": "absent", f"reason-{asked.pk}": "Malade"})
        trainer.post(reverse("training:close", args=[session.pk]))
        assert signed_in(people["agent"]).get(reverse("training:evaluate", args=[asked.pk])).status_code == 404
    assert Credit.objects.get().certificate is None
    assert not Habilitation.objects.exists()
    assert Notification.objects.filter(agent=people["head"], kind="training.missed").exists()


def test_two_decide_at_once_and_the_second_reads_by_whom(
    people: dict[str, Agent], session: TrainingSession, signed_in: SignedIn
) -> None:
    Circuit.objects.all().delete()
    Circuit.objects.create(asks_office=False)
    ask(people["agent"], session, Wish(), token=str(uuid.uuid4()))
    asked = Enrolment.objects.get()
    page = reverse("training:decide", args=[asked.pk])
    sent = {"decision": "approve", "version": str(asked.version)}
    assert signed_in(people["head"]).post(page, sent).status_code == 303
    answer = signed_in(people["head"]).post(page, sent)
    assert answer.status_code == 422
    assert f"déjà été traitée par {people['head'].full_name}" in answer.content.decode()
    assert signed_in(people["agent"]).post(page, sent).status_code == 404


def test_twenty_requests_are_accepted_at_once(people: dict[str, Agent], course: Course, signed_in: SignedIn) -> None:
    from nomade.people.factories import make_agent

    session = make_session(course, by=people["officer"], seats=30)
    team = [make_agent(f"Agent{number}", "Équipe", supervisor=people["head"]) for number in range(20)]
    for agent in team:
        ask(agent, session, Wish(), token=str(uuid.uuid4()))
    client = signed_in(people["head"])
    with count_queries(at_most=12):
        page = client.get(reverse("training:to-decide"))
    assert page.content.decode().count('name="chosen"') == 20
    chosen = [f"{one.pk}:{one.version}" for one in Enrolment.objects.all()]
    assert client.post(reverse("training:approve-many"), {"chosen": chosen}).status_code == 303
    assert Enrolment.objects.filter(state=EnrolmentState.ENDORSED).count() == 20


def test_a_room_is_never_booked_twice(people: dict[str, Agent], course: Course, room: Room) -> None:
    first = make_session(course, by=people["officer"], room=room)
    with pytest.raises(Refusal, match="déjà prise"):
        make_session(course, by=people["officer"], room=room)
    sessions.cancel(first, reason="Grève", by=people["officer"])
    again = make_session(course, by=people["officer"], room=room)
    assert Slot.objects.filter(session=again, room=room, is_held=True).count() == 2
    copied = sessions.copy(again, days_later=7, by=people["officer"])
    assert copied.slots.all()[0].day == again.slots.all()[0].day + timedelta(days=7)


def test_other_dates_and_a_cancellation_are_told_to_all_who_asked(
    people: dict[str, Agent], session: TrainingSession, signed_in: SignedIn
) -> None:
    ask(people["agent"], session, Wish(), token=str(uuid.uuid4()))
    office = signed_in(people["officer"])
    page = reverse("training:edit-session", args=[session.pk])
    sent = {
        "days": f"{today() + timedelta(days=40):%d/%m/%Y} matin",
        "min_seats": "1",
        "max_seats": "12",
        "enrol_until": str(today() + timedelta(days=39)),
        "withdraw_days": "7",
        "accept_hours": "48",
    }
    assert "matin" in office.get(page).content.decode() or office.get(page).status_code == 200
    assert office.post(page, {**sent, "days": "hier"}).status_code == 422
    assert office.post(page, sent).status_code == 303
    assert session.slots.count() == 1
    assert Notification.objects.filter(agent=people["agent"], kind="training.moved").count() == 1
    cancel = reverse("training:cancel-session", args=[session.pk])
    assert office.post(cancel, {"reason": ""}).status_code == 303
    assert TrainingSession.objects.get(pk=session.pk).state == SessionState.OPEN
    assert office.post(cancel, {"reason": "Formateur malade"}).status_code == 303
    assert Notification.objects.filter(agent=people["agent"], kind="training.session_cancelled").count() == 1
    assert Enrolment.objects.get().state == EnrolmentState.CANCELLED


def test_fewer_seats_than_people_is_refused(people: dict[str, Agent], session: TrainingSession) -> None:
    for name in ("agent", "stranger"):
        ask(people[name], session, Wish(), token=str(uuid.uuid4()))
    wanted = sessions.Plan(
        halves=[(slot.day, Half(slot.half)) for slot in session.slots.all()],
        room=None,
        max_seats=1,
        min_seats=1,
        enrol_until=session.enrol_until,
    )
    with pytest.raises(Refusal, match="ont déjà une place"):
        sessions.change(session, wanted, by=people["officer"])


def test_outside_the_catalogue_the_personal_account_is_answered_within_two_months(
    people: dict[str, Agent], signed_in: SignedIn
) -> None:
    client = signed_in(people["agent"])
    page = reverse("training:outside")
    first = today() + timedelta(days=90)
    sent = {
        "form_token": str(uuid.uuid4()),
        "kind": "cpf",
        "course_kind": "perfectionnement",
        "title": "Certificat de paysagiste",
        "organism": "École du paysage",
        "first_day": str(first),
        "last_day": str(first + timedelta(days=4)),
        "hours": "35",
        "cost": "1200,50",
        "financing": "35 heures de mon compte",
        "project": "Devenir paysagiste.",
    }
    assert client.post(page, {**sent, "project": ""}).status_code == 422
    assert client.post(page, {**sent, "financing": " "}).status_code == 422
    assert client.post(page, {**sent, "last_day": str(first - timedelta(days=1))}).status_code == 422
    assert client.post(page, sent).status_code == 303
    asked = OutsideRequest.objects.get()
    assert asked.promised_on == add_months(today(), 2)
    for who, extra in (("head", {}), ("officer", {"cpf_hours": "40"}), ("officer", {"cpf_hours": "35"})):
        asked.refresh_from_db()
        decide = reverse("training:decide-outside", args=[asked.pk])
        answer = signed_in(people[who]).post(decide, {"decision": "approve", "version": str(asked.version), **extra})
        assert answer.status_code == (422 if extra.get("cpf_hours") == "40" else 303)
    asked.refresh_from_db()
    assert (asked.state, asked.cpf_hours) == ("approved", Decimal(35))


def test_what_was_typed_outside_the_catalogue_comes_back(people: dict[str, Agent], signed_in: SignedIn) -> None:
    client = signed_in(people["agent"])
    client.post(reverse("cases:keep-draft", args=["training.outside"]), {"title": "Apiculture urbaine"})
    assert "Apiculture urbaine" in client.get(reverse("training:outside")).content.decode()


def test_a_catalogue_is_read_first_and_written_whole_or_not_at_all(
    people: dict[str, Agent], signed_in: SignedIn
) -> None:
    office = signed_in(people["officer"])
    page = reverse("training:import")
    header = "code;titre;domaine;type;heures;cout\n"
    good = header + "A1;Secourisme;securite;securite;14;120,50\nA2;Anglais;langues;perfectionnement;21;0\n"
    bad = header + "A1;Secourisme;securite;securite;14;0\nA1;Deux;langues;autre;beaucoup;0\n"

    def sent(text: str, step: str) -> tuple[int, str]:
        file = SimpleUploadedFile("catalogue.csv", text.encode())
        answer = office.post(page, {"document": file, "step": step})
        return answer.status_code, answer.content.decode()

    assert sent(good, "read")[0] == 200
    assert not Course.objects.exists()
    status, text = sent(bad, "write")
    assert status == 422
    assert "Ligne 3" in text
    assert "déjà à la ligne 2" in text
    assert not Course.objects.exists()
    assert sent(good, "write")[0] == 303
    assert Course.objects.get(code="A1").cost == Decimal("120.50")
    assert sent(good.replace("Secourisme", "Secourisme niveau 1"), "write")[0] == 303
    assert Course.objects.count() == 2
    linked = "code;titre;domaine;type;heures;requiert\nA1;Secourisme;securite;securite;14;{}\n"
    assert "n’existe pas" in sent(linked.format("A9"), "read")[1]
    assert "n’existe pas" in sent(linked.format("A1"), "read")[1]
    assert sent(linked.format("A2"), "write")[0] == 303
    assert Course.objects.get(code="A1").requires == Course.objects.get(code="A2")
    assert sent(good.replace("Secourisme", "Secourisme niveau 1"), "write")[0] == 303
    assert Course.objects.get(code="A1").requires is not None
    exported = office.get(reverse("training:export", args=["csv"])).content.decode("utf-8-sig")
    assert "Secourisme niveau 1" in exported
    assert sent(exported, "write")[0] == 303
    assert office.get(reverse("training:export", args=["xlsx"])).content.startswith(b"PK")


def test_pages_cost_few_queries_whatever_the_number(
    people: dict[str, Agent], course: Course, signed_in: SignedIn
) -> None:
    for number in range(12):
        session = make_session(course, by=people["officer"], first=today() + timedelta(days=30 + number))
        ask(people["agent"], session, Wish(), token=str(uuid.uuid4()))
    asked = Enrolment.objects.first()
    assert asked is not None
    for who, name, arguments in (
        ("agent", "mine", []),
        ("agent", "course", [course.pk]),
        ("agent", "enrolment", [asked.pk]),
        ("agent", "session", [asked.session_id]),
        ("head", "team", []),
        ("officer", "office", []),
        ("officer", "enrolled", [asked.session_id]),
        ("officer", "figures", []),
    ):
        client = signed_in(people[who])
        with count_queries(at_most=12):
            assert client.get(reverse(f"training:{name}", args=arguments)).status_code == 200


def test_the_home_page_says_what_waits_and_stays_cheap(
    people: dict[str, Agent], session: TrainingSession, signed_in: SignedIn
) -> None:
    ask(people["agent"], session, Wish(), token=str(uuid.uuid4()))
    head = signed_in(people["head"])
    head.get("/")
    with count_queries(at_most=12):
        text = head.get("/").content.decode()
    assert "1 demande de formation à traiter" in text
    assert people["agent"].full_name in text
    assert "demande de formation à traiter" not in signed_in(people["stranger"]).get("/").content.decode()
    Enrolment.objects.update(state=EnrolmentState.ENDORSED)
    assert "1 demande de formation à traiter" in signed_in(people["officer"]).get("/").content.decode()
    assert "demande de formation à traiter" not in signed_in(people["foreign"]).get("/").content.decode()
    Enrolment.objects.update(state=EnrolmentState.APPROVED)
    client = signed_in(people["agent"])
    client.get("/")
    with count_queries(at_most=12):
        assert "Ma prochaine formation" in client.get("/").content.decode()
