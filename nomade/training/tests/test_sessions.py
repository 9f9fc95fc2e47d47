"""Changing a session: what is kept, what calendars read, who is told; documents, convocations, taking somebody off."""

from __future__ import annotations

import io
import re
import uuid
from collections.abc import Callable
from datetime import timedelta

import pikepdf
import pytest
import time_machine
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from nomade.files import store
from nomade.kernel.clock import now, today
from nomade.kernel.errors import Refusal
from nomade.kernel.months import add_months
from nomade.notifications import email
from nomade.notifications.models import Notification
from nomade.people.factories import make_unit
from nomade.people.models import Agent
from nomade.training.actions import attendance, sessions
from nomade.training.actions.enrolments import Wish, approve, ask, cancel, enrol_many
from nomade.training.agenda import mail_files
from nomade.training.factories import make_course, make_session
from nomade.training.models import (
    Course,
    CourseKind,
    Enrolment,
    EnrolmentState,
    Half,
    Quota,
    Room,
    Seat,
    TrainingSession,
)

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Agent], Client]


def _pdf() -> bytes:
    out = io.BytesIO()
    with pikepdf.new() as paper:
        paper.add_blank_page()
        paper.save(out)
    return out.getvalue()


def _accepted(agent: Agent, session: TrainingSession, people: dict[str, Agent], wish: Wish | None = None) -> Enrolment:
    asked = Enrolment.objects.get(pk=ask(agent, session, wish or Wish(), token=str(uuid.uuid4())))
    asked = approve(asked, by=people["head"], version=asked.version)
    return approve(asked, by=people["officer"], version=asked.version)


def _plan(session: TrainingSession, **changed: object) -> sessions.Plan:
    values = {
        "halves": [(slot.day, Half(slot.half)) for slot in session.slots.all()],
        "room": session.slots.all()[0].room,
        "trainers": [one.agent for one in session.trainers.all()],
    } | {name: getattr(session, name) for name in ("max_seats", "min_seats", "enrol_until")}
    return sessions.Plan(**(values | changed))


def test_new_dates_are_told_to_all_and_replace_the_old_ones_in_a_calendar(
    people: dict[str, Agent], session: TrainingSession, signed_in: SignedIn
) -> None:
    asked = _accepted(people["agent"], session, people)
    agenda = reverse("training:agenda", args=[asked.pk])
    before = signed_in(people["agent"]).get(agenda).content.decode()
    assert before.count("STATUS:CONFIRMED") == 2
    assert "SEQUENCE:0" in before
    later = session.slots.all()[0].day + timedelta(days=7)
    assert sessions.change(session, _plan(session, halves=[(later, Half.MORNING)]), by=people["officer"])
    after = signed_in(people["agent"]).get(agenda).content.decode()
    assert (after.count("STATUS:CONFIRMED"), after.count("STATUS:CANCELLED")) == (1, 1)
    assert after.count("SEQUENCE:1") == 2
    assert set(re.findall(r"UID:.*", before)) == set(re.findall(r"UID:.*", after))
    told = Notification.objects.get(agent=people["agent"], kind="training.moved")
    assert told.url == reverse("training:enrolment", args=[asked.pk])
    assert "Nouvelle date" in told.body
    assert Notification.objects.filter(agent=people["trainer"], kind="training.moved").exists()
    page = signed_in(people["agent"]).get(told.url).content.decode()
    assert "Les dates ont changé" in page
    taught = signed_in(people["trainer"]).get(reverse("training:taught-agenda", args=[session.pk]))
    assert taught.content.count(b"BEGIN:VEVENT") == 2


def test_a_half_day_whose_list_is_filled_is_kept(people: dict[str, Agent], session: TrainingSession) -> None:
    asked = _accepted(people["agent"], session, people)
    with time_machine.travel(now() + timedelta(days=30), tick=False):
        morning, afternoon = session.slots.all()
        attendance.note_slot(session, morning, {str(asked.pk): attendance.Noted("full")}, by=people["trainer"])
        left = [(afternoon.day, Half.AFTERNOON)]
        with pytest.raises(Refusal, match="déjà remplie"):
            sessions.change(session, _plan(session, halves=left), by=people["officer"])
        more = [(slot.day, Half(slot.half)) for slot in (morning, afternoon)] + [
            (afternoon.day + timedelta(days=1), Half.MORNING)
        ]
        assert sessions.change(session, _plan(session, halves=more), by=people["officer"])
    assert asked.attendances.get().slot == morning
    session.refresh_from_db()
    assert (session.first_day, session.last_day) == (morning.day, afternoon.day + timedelta(days=1))
    assert (session.turn, session.published) == (1, 3)


def test_a_room_is_not_booked_twice_by_a_change(people: dict[str, Agent], session: TrainingSession, room: Room) -> None:
    other = make_session(make_course("Anglais"), by=people["officer"])
    with pytest.raises(Refusal, match="déjà prise"):
        sessions.change(other, _plan(other, room=room), by=people["officer"])


def test_documents_of_a_session_are_read_by_who_follows_it_only(
    people: dict[str, Agent], session: TrainingSession, signed_in: SignedIn
) -> None:
    page = reverse("training:session-documents", args=[session.pk])
    trainer = signed_in(people["trainer"])
    assert trainer.post(page, {}).status_code == 422
    wrong = SimpleUploadedFile("notes.exe", b"MZ")
    assert "notes" in trainer.post(page, {"documents": wrong}).content.decode()
    file = SimpleUploadedFile("support.pdf", _pdf(), content_type="application/pdf")
    assert trainer.post(page, {"documents": file}).status_code == 303
    kept = session.documents.get()
    copied = sessions.copy(session, days_later=7, by=people["officer"]).documents.get()
    assert (copied.name, store.read(copied)) == (kept.name, store.read(kept))
    address = reverse("training:session-file", args=[session.pk, kept.pk])
    assert signed_in(people["agent"]).get(address).status_code == 404
    asked = _accepted(people["agent"], session, people)
    assert signed_in(people["agent"]).get(address).content.startswith(b"%PDF-")
    shown = signed_in(people["agent"]).get(reverse("training:enrolment", args=[asked.pk])).content.decode()
    assert "support.pdf" in shown
    drop = reverse("training:drop-session-document", args=[session.pk, kept.pk])
    assert signed_in(people["agent"]).post(drop).status_code == 404
    assert trainer.post(drop).status_code == 303
    assert not session.documents.exists()
    assert store.read(copied)


def test_convocations_are_printed_for_all_or_for_those_without_mail(
    people: dict[str, Agent], session: TrainingSession, signed_in: SignedIn
) -> None:
    _accepted(people["agent"], session, people)
    enrol_many(session, [people["stranger"]], Wish(), by=people["officer"], as_office=True, request=None)  # type: ignore[arg-type]
    Agent.objects.filter(pk=people["stranger"].pk).update(has_mailbox=False)
    office, page = signed_in(people["officer"]), reverse("training:session-convocations", args=[session.pk])
    for query, pages in (({}, 4), ({"qui": "sans-messagerie"}, 2)):
        with pikepdf.open(io.BytesIO(office.get(page, query).content)) as paper:
            assert len(paper.pages) == pages
    mine = Enrolment.objects.get(owner=people["agent"])
    alone = signed_in(people["head"]).get(reverse("training:team-convocation", args=[mine.pk]))
    assert alone.content.startswith(b"%PDF-")


def test_the_office_takes_somebody_off_and_says_why(
    people: dict[str, Agent], session: TrainingSession, signed_in: SignedIn
) -> None:
    asked = _accepted(people["agent"], session, people)
    page, office = reverse("training:remove", args=[session.pk, asked.pk]), signed_in(people["officer"])
    office.post(page, {"reason": " "})
    asked.refresh_from_db()
    assert asked.seat == Seat.HELD
    assert office.post(page, {"reason": "Session réservée aux nouveaux"}).status_code == 303
    asked.refresh_from_db()
    assert asked.state == "cancelled"
    shown = signed_in(people["agent"]).get(reverse("training:enrolment", args=[asked.pk])).content.decode()
    assert "Session réservée aux nouveaux" in shown


def test_needs_are_read_by_the_office_and_the_trainer_and_not_by_the_head(
    people: dict[str, Agent], session: TrainingSession, signed_in: SignedIn
) -> None:
    asked = _accepted(people["agent"], session, people, Wish(needs="Interprète en langue des signes"))
    decide = reverse("training:decide", args=[asked.pk])
    pages = {
        "officer": [decide, reverse("training:enrolled", args=[session.pk])],
        "trainer": [reverse("training:taught-session", args=[session.pk])],
    }
    for who, addresses in pages.items():
        for address in addresses:
            assert "Interprète" in signed_in(people[who]).get(address).content.decode()
    assert "Interprète" not in signed_in(people["head"]).get(decide).content.decode()


def test_the_quota_of_ones_unit_is_said_before_one_asks(
    people: dict[str, Agent], course: Course, signed_in: SignedIn
) -> None:
    session = make_session(course, by=people["officer"], seats=5)
    Quota.objects.create(session=session, unit=make_unit("DEVE"), seats=1)
    page = reverse("training:session", args=[session.pk])
    assert "Votre unité a" not in signed_in(people["stranger"]).get(page).content.decode()
    _accepted(people["trainer"], session, people | {"head": people["head"]})
    text = signed_in(people["agent"]).get(page).content.decode()
    assert "dont 1 prise" in text
    assert "M’inscrire sur la liste d’attente" in text


def test_a_catalogue_course_of_the_personal_account_is_answered_within_two_months(people: dict[str, Agent]) -> None:
    session = make_session(make_course("Bilan", kind=CourseKind.CPF), by=people["officer"])
    asked = Enrolment.objects.get(pk=ask(people["agent"], session, Wish(), token=str(uuid.uuid4())))
    assert asked.promised_on == add_months(today(), 2)


def test_who_withdraws_reads_that_it_was_heard(people: dict[str, Agent], session: TrainingSession) -> None:
    from nomade.training.actions.enrolments import cancel

    asked = _accepted(people["agent"], session, people)
    cancel(asked, by=people["agent"])
    told = Notification.objects.get(agent=people["agent"], kind="training.cancelled")
    assert "désistement" in told.title


def test_a_change_of_dates_is_mailed_with_the_calendar_to_all_who_asked_and_to_who_teaches(
    people: dict[str, Agent], session: TrainingSession
) -> None:
    sure, _other = (_asked(people[name], session) for name in ("agent", "stranger"))
    Enrolment.objects.filter(pk=sure.pk).update(state=EnrolmentState.APPROVED)
    first = today() + timedelta(days=45)
    wanted = sessions.Plan(
        halves=[(first, Half.MORNING)], room=None, max_seats=12, min_seats=1, enrol_until=first,
        trainers=[people["trainer"]],
    )  # fmt: skip
    sessions.change(session, wanted, by=people["officer"])
    for told in Notification.objects.filter(kind="training.moved"):
        email.send(told.pk)
    files = {message.to[0]: message.attachments[0] for message in mail.outbox}
    assert set(files) == {people[name].mail_address for name in ("agent", "stranger", "trainer")}
    events = {to: str(content).replace("\r\n ", "") for to, (_name, content, _type) in files.items()}
    for words in events.values():
        assert f"DTSTART:{first:%Y%m%d}" in words
        assert "SEQUENCE:1" in words
    assert "STATUS:CONFIRMED" in events[people["agent"].mail_address]
    assert "STATUS:TENTATIVE" in events[people["stranger"].mail_address]
    assert "STATUS:CONFIRMED" in events[people["trainer"].mail_address]
    assert {file_name for file_name, _content, _type in files.values()} == {f"formation-{session.reference}.ics"}


def test_who_no_longer_comes_is_mailed_a_cancelled_event_and_other_news_carry_no_file(
    people: dict[str, Agent], session: TrainingSession
) -> None:
    found = _asked(people["agent"], session)
    page = reverse("training:enrolment", args=[found.pk])
    assert mail_files("training.done", people["agent"].pk, page) == []
    assert mail_files("training.moved", people["stranger"].pk, page) == []
    assert mail_files("training.moved", people["agent"].pk, "/formations/nulle-part/") == []
    cancel(found, by=people["agent"])
    (file,) = mail_files("training.cancelled", people["agent"].pk, page)
    assert b"STATUS:CANCELLED" in file.content
    assert b"STATUS:CONFIRMED" not in file.content


def _asked(agent: Agent, session: TrainingSession) -> Enrolment:
    return Enrolment.objects.get(pk=ask(agent, session, Wish(), token=str(uuid.uuid4())))
