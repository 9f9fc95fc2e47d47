"""Leave, certificates, changes, enrolments: the agent and those who answer write to each other, alike in each."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from nomade.cases.drafts import save_draft
from nomade.cases.idempotency import new_form_token
from nomade.cases.models import CaseFile, CaseMessage
from nomade.certificates.models import CertificateRequest, HumanKind
from nomade.certificates.requests import ask as ask_certificate
from nomade.files.uploads import check_all
from nomade.kernel.clock import today
from nomade.kernel.registry import services
from nomade.kernel.testing import count_queries
from nomade.leave.factories import ask_leave, next_monday, open_rights, week_of
from nomade.notifications.models import Notification
from nomade.people.factories import grant, make_agent, make_unit
from nomade.people.models import Agent, Delegation
from nomade.people.roles import Role
from nomade.personnel_file.actions.changes import keep_pieces, submit
from nomade.personnel_file.models import ChangeRequest, Subject
from nomade.personnel_file.tests.test_own import picture
from nomade.training.actions import outside
from nomade.training.actions.enrolments import Wish
from nomade.training.actions.enrolments import ask as ask_session
from nomade.training.factories import make_course, make_session
from nomade.training.models import Enrolment, OutsideRequest

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Agent], Client]


@dataclass
class City:
    """An agent and everybody around."""

    agent: Agent
    head: Agent
    delegate: Agent
    hr: Agent
    trainings: Agent
    other_hr: Agent
    other_trainings: Agent
    stranger: Agent


@pytest.fixture
def city() -> City:
    unit = make_unit("DEVE/J15")
    head = make_agent("Mehdi", "Benali", unit=unit)
    found = City(
        agent=make_agent("Camille", "Durand", unit=unit, supervisor=head),
        head=head,
        delegate=make_agent("Nina", "Voisin", unit=make_unit("DEVE/J14")),
        hr=make_agent("Sophie", "Laurent", unit=make_unit("DEVE/SRH")),
        trainings=make_agent("Awa", "Diallo", unit=make_unit("DEVE/SRH")),
        other_hr=make_agent("Paule", "Ailleurs", unit=make_unit("DPE")),
        other_trainings=make_agent("Paul", "Ailleurs", unit=make_unit("DPE")),
        stranger=make_agent("Ali", "Autre", unit=unit),
    )
    grant(found.hr, Role.HR_OFFICER, make_unit("DEVE"))
    grant(found.trainings, Role.TRAINING_OFFICER, make_unit("DEVE"))
    grant(found.other_hr, Role.HR_OFFICER, make_unit("DPE"))
    grant(found.other_trainings, Role.TRAINING_OFFICER, make_unit("DPE"))
    Delegation.objects.create(
        giver=head, receiver=found.delegate, valid_from=today(), valid_to=today() + timedelta(90), created_by=head
    )
    return found


@dataclass(frozen=True)
class Kind:
    """A kind of request: how one is asked, who handles it, who is told, whether they may keep a note."""

    made: Callable[[City], Any]
    room: str
    own: str
    desk: str
    handlers: tuple[str, ...]
    told: frozenset[str]
    notes: bool = True
    # Who decides an absence compares it with the team's, the same statements as the list of what waits.
    queries: int = 12


def _leave(city: City) -> Any:
    open_rights(city.agent)
    return ask_leave(city.agent, week_of(next_monday(8), 1))


def _certificate(city: City) -> Any:
    pk = ask_certificate(city.agent, HumanKind.SERVICES, comment="", token=new_form_token())
    return CertificateRequest.objects.get(pk=pk)


def _change(city: City) -> Any:
    wanted = {"label": "CAP jardinier", "obtained_on": "2010-06-30"}
    keep_pieces(city.agent, Subject.DIPLOMA, check_all([picture()]))
    pk = submit(city.agent, Subject.DIPLOMA, wanted, effective_on=today(), comment="", token=new_form_token())
    return ChangeRequest.objects.get(pk=pk)


def _enrolment(city: City) -> Any:
    session = make_session(make_course(), by=city.trainings)
    return Enrolment.objects.get(pk=ask_session(city.agent, session, Wish(), token=new_form_token()))


def _outside(city: City) -> Any:
    project = outside.Project(
        kind="course", course_kind="perfectionnement", title="Soudure", organism="Greta", link="",
        first_day=today() + timedelta(120), last_day=today() + timedelta(121), hours=Decimal(14), cost=Decimal(300),
        project="Changer de métier",
    )  # fmt: skip
    return OutsideRequest.objects.get(pk=outside.ask(city.agent, project, [], token=new_form_token()))


LINE = ("head", "delegate", "trainings", "hr")
KINDS = {
    "leave": Kind(
        _leave, "leave:request", "leave:request", "leave:request", ("head", "delegate", "hr"),
        frozenset({"head", "delegate"}), notes=False, queries=18,
    ),
    "certificate": Kind(
        _certificate, "certificates:asked", "certificates:request", "certificates:answer", ("hr",), frozenset({"hr"})
    ),
    "change": Kind(
        _change, "personnel_file:request", "personnel_file:request", "personnel_file:decide", ("hr",), frozenset({"hr"})
    ),
    "enrolment": Kind(
        _enrolment, "training:enrolment", "training:enrolment", "training:decide", LINE, frozenset({"head", "delegate"})
    ),
    "outside": Kind(
        _outside, "training:outside", "training:outside-request", "training:decide-outside", LINE,
        frozenset({"head", "delegate"}),
    ),
}  # fmt: skip


class Request:
    """One request, and what one does on its pages."""

    def __init__(self, kind: Kind, city: City, signed_in: SignedIn) -> None:
        self.kind, self.city, self.signed_in = kind, city, signed_in
        self.case = kind.made(city)

    def client(self, name: str) -> Client:
        return self.signed_in(getattr(self.city, name))

    def page(self, name: str) -> str:
        view = self.kind.own if name == "agent" else self.kind.desk
        answer = self.client(name).get(reverse(view, args=[self.case.pk]))
        assert answer.status_code == 200, (name, answer.status_code)
        return answer.content.decode()

    def write(self, name: str, text: str, **typed: Any) -> HttpResponse:
        sent = {"text": text, "form_token": new_form_token(), **typed}
        return self.client(name).post(reverse(f"{self.kind.room}-message", args=[self.case.pk]), sent)  # type: ignore[return-value]

    def recall(self, name: str) -> HttpResponse:
        return self.client(name).post(reverse(f"{self.kind.room}-recall", args=[self.case.pk]))  # type: ignore[return-value]

    def file(self, name: str, stored: uuid.UUID) -> int:
        return self.client(name).get(reverse(f"{self.kind.room}-file", args=[self.case.pk, stored])).status_code

    @property
    def others(self) -> list[str]:
        return [name for name in vars(self.city) if name not in ("agent", *self.kind.handlers)]


@pytest.fixture(params=KINDS)
def asked(request: pytest.FixtureRequest, city: City, signed_in: SignedIn) -> Request:
    return Request(KINDS[request.param], city, signed_in)


def test_what_the_agent_writes_is_told_to_who_answers_and_read_by_each_of_them_alone(asked: Request) -> None:
    Notification.objects.all().delete()
    token = new_form_token()
    for _tap in range(2):
        sent = {"form_token": token, "pieces": picture()}
        assert asked.write("agent", "Est-ce possible le matin ?", **sent).status_code == 303
    assert CaseMessage.objects.filter(text="Est-ce possible le matin ?").count() == 1
    told = {notice.agent_id: notice for notice in Notification.objects.all()}
    assert set(told) == {getattr(asked.city, name).pk for name in asked.kind.told}
    for notice in told.values():
        assert asked.case.reference in notice.title and asked.city.agent.last_name not in notice.title
        assert notice.url == reverse(asked.kind.desk, args=[asked.case.pk])
    stored = CaseFile.objects.latest("pk").stored_id
    for name in ("agent", *asked.kind.handlers):
        assert "Est-ce possible le matin ?" in asked.page(name)
        assert asked.file(name, stored) == 200
    for name in asked.others:
        assert asked.write(name, "Et moi ?").status_code == 404, name
        assert asked.recall(name).status_code == 404, name
        assert asked.file(name, stored) == 404, name
    assert CaseMessage.objects.filter(text="Et moi ?").count() == 0


def test_each_of_those_who_answer_writes_to_the_agent_who_is_told(asked: Request) -> None:
    for name in asked.kind.handlers:
        Notification.objects.all().delete()
        assert asked.write(name, f"Réponse de {name}").status_code == 303
        notice = Notification.objects.get()
        assert notice.agent == asked.city.agent and notice.url == reverse(asked.kind.own, args=[asked.case.pk])
        assert asked.case.reference in notice.title
        assert f"Réponse de {name}" in asked.page("agent")


def test_a_note_stays_among_those_who_answer_where_notes_are_kept(asked: Request) -> None:
    name = asked.kind.handlers[0]
    Notification.objects.all().delete()
    assert asked.write(name, "À voir avec le budget", internal="on", pieces=picture()).status_code == 303
    assert "À voir avec le budget" in asked.page(name)
    assert ("À voir avec le budget" in asked.page("agent")) is not asked.kind.notes
    assert Notification.objects.exists() is not asked.kind.notes
    stored = CaseFile.objects.latest("pk").stored_id
    assert asked.file("agent", stored) == (404 if asked.kind.notes else 200)
    assert asked.write("agent", "Note de l’agent", internal="on").status_code == 303
    assert "Note de l’agent" in asked.page("agent")


def test_an_empty_message_says_what_is_missing_and_a_draft_comes_back(asked: Request) -> None:
    for name in ("agent", asked.kind.handlers[0]):
        answer = asked.write(name, "  ")
        assert answer.status_code == 422
        assert "Écrivez un message, ou joignez un fichier." in answer.content.decode()
        wrong = SimpleUploadedFile("mal.exe", b"MZ", content_type="application/pdf")
        answer = asked.write(name, "Ce texte est gardé", pieces=wrong)
        assert answer.status_code == 422 and "Ce texte est gardé" in answer.content.decode()
    assert asked.write("agent", "Pour savoir").status_code == 303
    key = f"{CaseMessage.objects.get(text='Pour savoir').kind}.message-{asked.case.pk}"
    save_draft(asked.city.agent, key, {"text": ["Commencé hier"]})
    assert "Commencé hier" in asked.page("agent")
    assert asked.write("agent", "Envoyé").status_code == 303
    assert "Commencé hier" not in asked.page("agent")


def test_once_the_promised_day_has_come_the_agent_reminds_and_not_twice_in_a_row(asked: Request) -> None:
    assert "Relancer" not in asked.page("agent")
    assert asked.recall("agent").status_code == 422
    with time_machine.travel(f"{asked.case.promised_on} 10:00:00+01:00", tick=False):
        Notification.objects.all().delete()
        assert "Relancer" in asked.page("agent")
        assert "Relancer" not in asked.page(asked.kind.handlers[0])
        assert asked.recall(asked.kind.handlers[0]).status_code == 422
        assert asked.recall("agent").status_code == 303
        told = set(Notification.objects.values_list("agent", flat=True))
        assert told == {getattr(asked.city, name).pk for name in asked.kind.told}
        again = asked.recall("agent")
        assert again.status_code == 422 and "tous les 2 jours au plus" in again.content.decode()
        page = asked.page("agent")
        assert "Relance de l’agent" in page and "Relancer" not in page


@pytest.mark.parametrize(
    ("kind", "listed", "name"),
    [
        ("leave", "leave:to-decide", "head"),
        ("enrolment", "training:to-decide", "head"),
        ("outside", "training:to-decide", "head"),
        ("certificate", "certificates:office", "hr"),
        ("change", "personnel_file:desk", "hr"),
    ],
)
def test_the_list_of_what_waits_says_where_there_are_messages(
    kind: str, listed: str, name: str, city: City, signed_in: SignedIn
) -> None:
    asked = Request(KINDS[kind], city, signed_in)
    client, address = asked.client(name), reverse(listed)
    asked.write("agent", "Un mot de plus")
    asked.write(name, "Un autre")
    with count_queries(at_most=12):
        page = client.get(address).content.decode()
    assert f"{reverse(asked.kind.desk, args=[asked.case.pk])}#messages" in page and page.count("#messages") == 1
    # What was sent with a change is a message too.
    assert f"{CaseMessage.objects.filter(case_id=asked.case.pk).count()} messages" in page


def test_pages_with_messages_cost_few_queries(asked: Request) -> None:
    for number in range(3):
        asked.write("agent", f"Message {number}", pieces=picture())
        asked.write(asked.kind.handlers[0], f"Réponse {number}", pieces=picture())
    for name in ("agent", *asked.kind.handlers):
        client = asked.client(name)
        address = reverse(asked.kind.own if name == "agent" else asked.kind.desk, args=[asked.case.pk])
        client.get(address)
        with count_queries(at_most=12 if name == "agent" else asked.kind.queries):
            assert client.get(address).status_code == 200


def test_an_agent_s_copy_of_their_data_holds_the_messages_and_no_note(asked: Request) -> None:
    asked.write("agent", "Message de l’agent")
    name = asked.kind.handlers[0]
    asked.write(name, "Réponse du service")
    asked.write(name, "Entre nous", internal="on")
    copies = str([service.export(asked.city.agent) for service in services() if service.export])
    assert "Message de l’agent" in copies and "Réponse du service" in copies
    assert ("Entre nous" in copies) is not asked.kind.notes


def test_a_message_about_a_recognition_of_disability_is_told_to_its_referent_or_to_nobody(
    city: City, signed_in: SignedIn
) -> None:
    keep_pieces(city.agent, Subject.DISABILITY, check_all([picture()]))
    wanted = {"recognised_on": "2025-03-01", "recognised_until": ""}
    asked = submit(
        city.agent, Subject.DISABILITY, wanted, effective_on=today(), comment="", token=new_form_token()
    )  # fmt: skip
    client, address = signed_in(city.agent), reverse("personnel_file:request-message", args=[asked])
    referent = make_agent("Élise", "Garnier", unit=make_unit("DRH"))
    for told in ([], [referent.pk]):
        Notification.objects.all().delete()
        client.post(address, {"text": "Puis-je en parler ?", "form_token": new_form_token()})
        assert list(Notification.objects.values_list("agent", flat=True)) == told
        grant(referent, Role.DISABILITY_REFERENT)
