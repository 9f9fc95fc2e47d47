"""Who opens what: every address of the service, for everybody who might try."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from nomade.cases.messages import say
from nomade.files.uploads import PDF, CheckedFile
from nomade.kernel.clock import today
from nomade.people.factories import make_unit
from nomade.people.models import Agent
from nomade.questions.actions.keeping import add_closing, add_way
from nomade.questions.actions.questions import KIND, answer
from nomade.questions.factories import make_question, office, topic
from nomade.questions.models import Question, ReadyAnswer
from nomade.questions.urls import urlpatterns

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Agent], Client]

EVERYBODY = {
    "agent", "head", "hr", "foreign", "pay", "training", "disability", "keeper", "technician", "administrator",
    "stranger",
}  # fmt: skip
OFFICERS = {"hr", "foreign", "pay", "training", "disability", "keeper"}
KEEPERS = {"keeper"}
#: Who reads a question of the agent about leave: the agent, HR of their unit, HR of all.
HANDLE = {"hr", "keeper"}
READ = {"agent", *HANDLE}

PAGES: dict[str, set[str]] = {
    "index": EVERYBODY,
    "new": EVERYBODY,
    "proposals": EVERYBODY,
    "promise": EVERYBODY,
    "page": READ,
    "download": READ,
    "hand-over": HANDLE,
    "desk": OFFICERS,
    "ready-answers": OFFICERS,
    "ready-answer": OFFICERS,
    "report": OFFICERS,
    "keeping": KEEPERS,
    "new-topic": KEEPERS,
    "topic": KEEPERS,
    "new-office": KEEPERS,
    "office": KEEPERS,
}
ACTS: dict[str, set[str]] = {
    "reply": {"agent"},
    "close": {"agent"},
    "rate": {"agent"},
    "recall": {"agent"},
    "answer": HANDLE,
    "assign": HANDLE,
    "end-topic": KEEPERS,
    "add-way": KEEPERS,
    "end-way": KEEPERS,
    "add-closing": KEEPERS,
    "remove-closing": KEEPERS,
}


def _file() -> CheckedFile:
    return CheckedFile(name="bulletin.pdf", kind=PDF, content=b"%PDF-1.7 x", awaiting_scan=False)


def test_every_address_is_in_the_table() -> None:
    assert {pattern.name for pattern in urlpatterns} == set(PAGES) | set(ACTS)


@pytest.fixture
def addresses(people: dict[str, Agent]) -> dict[str, str]:
    question = make_question(people["agent"])
    message = say(KIND, question.pk, author=people["agent"], text="La pièce", files=[_file()])
    way = add_way(
        unit=make_unit("DEVE"), topic="", office=office("drh"), start=today() + timedelta(days=3), by=people["keeper"]
    )
    closing = add_closing(label="Pont", office=None, first=today(), last=today(), by=people["keeper"])
    arguments: dict[str, list[Any]] = {
        "download": [question.pk, message.files.get().stored_id],
        "ready-answer": [ReadyAnswer.objects.filter(office__isnull=True).values_list("pk", flat=True)[0]],
        "topic": [topic().pk],
        "end-topic": [topic().pk],
        "office": [office("drh").pk],
        "end-way": [way.pk],
        "remove-closing": [closing.pk],
        **{
            name: [question.pk]
            for name in ("page", "reply", "close", "rate", "recall", "answer", "assign", "hand-over")
        },
    }
    return {name: reverse(f"questions:{name}", args=arguments.get(name, [])) for name in PAGES | ACTS}


@pytest.mark.parametrize("name", PAGES)
def test_a_page_opens_to_those_of_the_table_and_is_absent_for_all_others(
    name: str, people: dict[str, Agent], addresses: dict[str, str], browser: SignedIn
) -> None:
    answers = {who: browser(agent).get(addresses[name]).status_code for who, agent in people.items()}
    assert answers == {who: 200 if who in PAGES[name] else 404 for who in EVERYBODY}


@pytest.mark.parametrize("name", ACTS)
def test_an_act_is_absent_for_all_who_are_not_of_the_table(
    name: str, people: dict[str, Agent], addresses: dict[str, str], browser: SignedIn
) -> None:
    refused = {who: browser(people[who]).post(addresses[name], {}).status_code for who in EVERYBODY - ACTS[name]}
    assert set(refused.values()) == {404}, refused
    for who in ACTS[name]:
        assert browser(people[who]).post(addresses[name], {}).status_code in (303, 422), who
        break  # one is enough: an act may end what the next one would need


@pytest.mark.parametrize(
    ("code", "readers"),
    [
        ("conges", {"hr", "keeper"}),
        ("retraite", {"hr", "keeper"}),
        ("ligne-paie", {"pay"}),
        ("formation", {"training"}),
        ("handicap", {"disability"}),
    ],
)
def test_a_question_is_read_by_the_holders_of_the_role_inside_their_perimeter_alone(
    code: str, readers: set[str], people: dict[str, Agent], browser: SignedIn
) -> None:
    address = make_question(people["agent"], code=code).get_absolute_url()
    opened = {who for who, agent in people.items() if who != "agent" and browser(agent).get(address).status_code == 200}
    assert opened == readers
    listed = {
        who for who in OFFICERS if address in browser(people[who]).get("/questions/bureau/?vue=toutes").content.decode()
    }
    assert listed == readers


def test_nobody_handles_their_own_question(people: dict[str, Agent], browser: SignedIn) -> None:
    own = make_question(people["hr"])
    page = browser(people["hr"]).get(own.get_absolute_url()).content.decode()
    assert "Répondre à" not in page
    assert browser(people["hr"]).post(reverse("questions:answer", args=[own.pk]), {}).status_code == 404


def test_a_note_and_its_file_are_never_read_by_the_agent(people: dict[str, Agent], browser: SignedIn) -> None:
    question = make_question(people["agent"])
    note = say(KIND, question.pk, author=people["hr"], text="À vérifier avec la paie", files=[_file()], internal=True)
    address = reverse("questions:download", args=[question.pk, note.files.get().stored_id])
    assert "À vérifier avec la paie" not in browser(people["agent"]).get(question.get_absolute_url()).content.decode()
    assert browser(people["agent"]).get(address).status_code == 404
    assert browser(people["hr"]).get(address).status_code == 200


def test_a_role_that_ends_closes_the_next_page(people: dict[str, Agent], browser: SignedIn) -> None:
    question = make_question(people["agent"])
    client = browser(people["hr"])
    assert client.get(question.get_absolute_url()).status_code == 200
    people["hr"].role_grants.update(valid_to=today() - timedelta(days=1))
    assert client.get(question.get_absolute_url()).status_code == 404


def test_an_agent_who_moves_is_followed_by_the_office_of_the_new_unit(
    people: dict[str, Agent], browser: SignedIn
) -> None:
    question = make_question(people["agent"])
    people["agent"].assignments.update(unit=make_unit("DPE"))
    assert browser(people["hr"]).get(question.get_absolute_url()).status_code == 404
    assert browser(people["foreign"]).get(question.get_absolute_url()).status_code == 200


def test_an_unknown_question_and_a_foreign_one_look_the_same(people: dict[str, Agent], browser: SignedIn) -> None:
    foreign = make_question(people["stranger"])
    client = browser(people["agent"])
    unknown = client.get(reverse("questions:page", args=[uuid.uuid4()]))
    closed = client.get(foreign.get_absolute_url())
    assert (unknown.status_code, closed.status_code) == (404, 404)


def test_a_file_of_another_question_is_absent(people: dict[str, Agent], browser: SignedIn) -> None:
    mine, other = make_question(people["agent"]), make_question(people["stranger"])
    kept = say(KIND, other.pk, author=people["stranger"], text="x", files=[_file()]).files.get()
    assert (
        browser(people["agent"]).get(reverse("questions:download", args=[mine.pk, kept.stored_id])).status_code == 404
    )


def test_an_answer_is_told_to_the_agent_without_its_words(people: dict[str, Agent]) -> None:
    question = answer(make_question(people["agent"]), by=people["hr"], text="Il vous reste 4 jours.")
    told = people["agent"].notifications.get(kind="question.answered")
    assert question.reference in told.title and "4 jours" not in told.title + told.body
    assert Question.objects.get().status == "solved"
