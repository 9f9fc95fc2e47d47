"""Mail servers that refuse, dawdle, crumble or cut: pages keep their speed and nothing is lost (F7, F8, F9)."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
import time_machine
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.jobs import Job

from mailkit.errors import MailError
from mailkit.tests.relay import Faults, Relay, When, relay
from nomade.kernel.errors import Unavailable
from nomade.kernel.testing import run_jobs
from nomade.mail import gateway
from nomade.mail.factories import letter_form, raw_letter
from nomade.mail.models import OutgoingMessage, OutgoingState
from nomade.mail.reading import snapshot
from nomade.mail.testing import Box
from nomade.mail.tests.test_writing import arrived, only_letter
from nomade.notifications.tasks import PatientRetry

if TYPE_CHECKING:
    from pytest_django.fixtures import Settings as SettingsWrapper

    from nomade.runtime.mailserver import MailSettings

MakeBox = Callable[[], Box]
PORTAL_PAGES = ("/", "/conges/", "/paie/", "/notifications/")
SOON = 0.5


@dataclass
class Weather:
    """The way to the mail server, and what is wrong with it."""

    faults: Faults
    imap: Relay

    def becomes(self, fault: str) -> None:
        """Begins a fault."""
        if fault == "refused":
            self.imap.refuse()
        elif fault == "20 s slow":
            self.faults.slow = 20.0
        elif fault == "sliced and dripping":
            self.faults.slices, self.faults.drip = 1, 0.5

    def clears(self) -> None:
        """Ends it: the breaker's rest is over too."""
        self.faults.slow = self.faults.drip = 0.0
        self.faults.slices = 0
        self.imap.refuse()
        self.faults.over.clear()
        self.imap.listen()
        gateway.close_connections()


@pytest.fixture
def weather(mail_settings: MailSettings, settings: SettingsWrapper) -> Iterator[Weather]:
    faults = Faults()
    with relay(mail_settings.imap_port, faults.link) as imap:
        settings.NOMADE = replace(settings.NOMADE, imap_url=f"imap://127.0.0.1:{imap.port}")
        yield Weather(faults, imap)
        gateway.close_connections()


def opened(box: Box, address: str) -> tuple[int, float]:
    started = time.monotonic()
    status = box.client.get(address).status_code
    return status, time.monotonic() - started


@pytest.mark.parametrize("fault", ["refused", "20 s slow", "sliced and dripping"])
def test_with_a_failing_mail_server_pages_keep_their_speed_the_mail_says_so_and_drafts_are_kept(
    weather: Weather, box: Box, fault: str
) -> None:
    for address in PORTAL_PAGES:
        box.client.get(address)
    gateway.close_connections()
    weather.becomes(fault)
    for address in PORTAL_PAGES:
        status, taken = opened(box, address)
        assert (status, taken < SOON) == (200, True), (address, taken)
    answer = box.client.get("/messagerie/")
    assert answer.status_code == 503
    assert "La messagerie" in answer.content.decode()
    kept = box.client.post("/messagerie/brouillon/garder/", letter_form("mehdi.benali@paris.fr", revision="0"))
    assert kept.status_code == 200, kept.content
    assert kept.json()["message"].startswith("Brouillon gardé")
    assert only_letter(box).written().text == "Bonjour,\n\nà lundi."
    weather.clears()
    run_jobs(later=timedelta(seconds=30))
    assert box.subjects(box.folder("drafts")) == ["Réunion de lundi"]
    assert box.client.get("/messagerie/").status_code == 200


def test_a_silent_mail_server_is_waited_for_once_until_it_answers_again(
    weather: Weather, box: Box, monkeypatch: pytest.MonkeyPatch
) -> None:
    waited: list[float] = []
    wait = Future.result

    def noted(self: Future[object], timeout: float | None = None) -> object:
        waited.append(timeout or 0.0)
        return wait(self, timeout)

    box.client.get("/")
    gateway.close_connections()
    snapshot.forget(box.agent)
    weather.becomes("20 s slow")
    monkeypatch.setattr(Future, "result", noted)
    for _visit in range(4):
        assert box.client.get("/").status_code == 200
    assert waited == [snapshot.PATIENCE_SECONDS]
    weather.clears()
    snapshot.settle()
    box.receive(raw_letter(box.agent.login, subject="De retour"))
    assert snapshot.of(box.agent, patience=5.0)
    snapshot.forget(box.agent)
    assert "De retour" in box.client.get("/").content.decode()
    assert len(waited) == 3, "well again, it is waited for"


def test_a_mail_server_whose_answers_come_in_slices_is_read_as_any_other(weather: Weather, box: Box) -> None:
    box.receive(raw_letter(box.agent.login))
    gateway.close_connections()
    weather.faults.slices = 3
    assert "Plan de charge" in box.client.get("/messagerie/").content.decode()


def test_requests_that_wait_on_a_slow_mail_server_starve_nobody(weather: Weather, box: Box) -> None:
    for address in PORTAL_PAGES:
        box.client.get(address)
    gateway.close_connections()
    weather.becomes("20 s slow")
    account = gateway.account_of(box.agent, f"imap://127.0.0.1:{weather.imap.port}")

    def ask(_number: int) -> tuple[str, float]:
        started = time.monotonic()
        try:
            gateway.run_as(account, lambda session: session.folders())
        except MailError as error:
            return error.key, time.monotonic() - started
        return "", time.monotonic() - started

    with ThreadPoolExecutor(20) as threads:
        waiting = [threads.submit(ask, number) for number in range(20)]
        for address in PORTAL_PAGES:
            status, taken = opened(box, address)
            assert (status, taken < SOON) == (200, True), (address, taken)
        answers = [each.result(timeout=30) for each in waiting]
    assert {key for key, _taken in answers} <= {"timeout", "busy", "unreachable"}
    # Two may wait for the server's silence to be long enough; the others are told at once that it is busy.
    assert sum(taken > 2.0 for _key, taken in answers) <= 2, answers
    assert max(taken for _key, taken in answers) < 8.0, answers


@pytest.mark.parametrize("when", ["before", "during", "after"])
def test_a_cut_while_a_draft_is_copied_leaves_one_copy_at_the_next_passage(
    weather: Weather, box: Box, when: When
) -> None:
    box.client.post("/messagerie/brouillon/garder/", letter_form("mehdi.benali@paris.fr", revision="0"))
    weather.faults.cut_at(b" APPEND ", when)
    with pytest.raises(Unavailable):
        run_jobs(later=timedelta(seconds=30))
    assert weather.faults.done == 1
    run_jobs(later=timedelta(seconds=30))
    assert box.subjects(box.folder("drafts")) == ["Réunion de lundi"]


@pytest.mark.parametrize("when", ["before", "during", "after"])
def test_a_cut_while_the_copy_of_a_letter_is_kept_sends_nothing_twice_and_keeps_one_copy(
    weather: Weather, box: Box, make_box: MakeBox, when: When
) -> None:
    other = make_box()
    box.client.post("/messagerie/nouveau/", letter_form(other.agent.login))
    weather.faults.cut_at(b" APPEND ", when)
    with pytest.raises(Unavailable):
        run_jobs()
    assert weather.faults.done == 1
    assert only_letter(box).state == OutgoingState.ACCEPTED
    run_jobs()
    assert only_letter(box).state == OutgoingState.SENT
    assert arrived(other) == ["Réunion de lundi"]
    assert box.subjects(box.folder("sent")) == ["Réunion de lundi"]


@pytest.mark.parametrize("when", ["before", "after"])
def test_a_cut_while_messages_move_is_told_and_loses_none(weather: Weather, box: Box, when: When) -> None:
    (key,) = box.receive(raw_letter(box.agent.login))
    box.folder("archive")
    weather.faults.cut_at(b" UID MOVE ", when)
    answer = box.client.post("/messagerie/actions/", {"action": f"archiver:{key}"})
    assert answer.status_code == 503
    assert "coupée pendant l’action" in answer.content.decode()
    assert weather.faults.done == 1
    assert len(box.subjects()) + len(box.subjects(box.folder("archive"))) == 1


def test_a_cut_while_a_message_is_brought_in_is_told_as_perhaps_done(weather: Weather, box: Box) -> None:
    from django.core.files.uploadedfile import SimpleUploadedFile

    box.run(lambda session: session.select("INBOX"))
    weather.faults.cut_at(b" APPEND ", "after")
    file = SimpleUploadedFile("plan.eml", raw_letter(box.agent.login), "message/rfc822")
    answer = box.client.post("/messagerie/dossiers/importer/?dossier=INBOX", {"messages": file})
    assert answer.status_code == 503
    assert "coupée pendant l’action" in answer.content.decode()
    assert len(box.subjects()) == 1


def next_try(identifier: uuid.UUID, error: Unavailable) -> timedelta:
    """What the queue itself would decide after this failure."""
    job = ProcrastinateJob.objects.get(task_name="nomade.mail.tasks.deliver", args__outgoing=str(identifier))
    attempts = OutgoingMessage.objects.get(pk=identifier).attempts
    decision = PatientRetry().get_retry_decision(exception=error, job=job_like(job, attempts))
    assert decision is not None, "given up"
    assert decision.retry_at is not None
    return decision.retry_at - datetime.now(UTC)


def job_like(row: ProcrastinateJob, attempts: int) -> Job:
    return Job(id=row.pk, queue="default", lock=None, queueing_lock=None, task_name=row.task_name, attempts=attempts)


def test_with_the_submission_server_down_for_two_hours_each_letter_leaves_once_afterwards(
    mail_settings: MailSettings, box: Box, make_box: MakeBox, settings: SettingsWrapper
) -> None:
    others = [make_box() for _ in range(3)]
    with relay(mail_settings.smtp_port) as smtp:
        settings.NOMADE = replace(settings.NOMADE, smtp_url=f"smtp://127.0.0.1:{smtp.port}")
        smtp.refuse()
        began = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
        with time_machine.travel(began, tick=False) as clock:
            for number, other in enumerate(others):
                box.client.post("/messagerie/nouveau/", letter_form(other.agent.login, subject=f"Lettre {number}"))
            # The letters were written at the same frozen instant: the queue alone knows which of them is tried first.
            deliveries = ProcrastinateJob.objects.filter(task_name="nomade.mail.tasks.deliver").order_by("id")
            first = uuid.UUID(deliveries[0].args["outgoing"])
            tries = 0
            while datetime.now(UTC) < began + timedelta(hours=2):
                with pytest.raises(Unavailable) as caught:
                    run_jobs()
                tries += 1
                page = box.client.get("/messagerie/envois/").content.decode()
                assert page.count("En attente d’envoi") >= 3
                wait = next_try(first, caught.value)
                assert timedelta(seconds=15) <= wait <= timedelta(hours=1)
                clock.shift(wait)
            assert 3 < tries < 40, "it is tried again and again, without haste"
            assert all(other.subjects() == [] for other in others)
            smtp.listen()
            gateway.close_connections()
            run_jobs()
            run_jobs(later=timedelta(hours=2))
        for number, other in enumerate(others):
            assert arrived(other) == [f"Lettre {number}"]
    states = OutgoingMessage.objects.filter(agent=box.agent).values_list("state", flat=True)
    assert set(states) == {OutgoingState.SENT}
    assert sorted(box.subjects(box.folder("sent"))) == ["Lettre 0", "Lettre 1", "Lettre 2"]
    threading.Event().wait(0.3)
    assert [len(other.subjects()) for other in others] == [1, 1, 1]
