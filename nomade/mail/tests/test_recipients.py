"""Whom « À » proposes, what it says of them, and what is asked before a letter leaves."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, timedelta

import pytest
from django.test import Client

from nomade.directory.actions.lines import refresh
from nomade.kernel.clock import today
from nomade.kernel.testing import count_queries
from nomade.mail.contacts import finding
from nomade.mail.models import Contact, ContactGroup, Written
from nomade.mail.writing import checks, outgoing
from nomade.mail.writing.checks import Facts, Wanted
from nomade.people import ports
from nomade.people.factories import make_agent
from nomade.people.models import Agent, Delegation
from nomade.people.ports import Presence
from nomade.ui.filters import day_month, short_date

pytestmark = pytest.mark.django_db


def search(client: Client, text: str) -> list[dict[str, object]]:
    answer = client.get("/messagerie/destinataires/", {"q": text})
    assert answer.status_code == 200
    return answer.json()["people"]  # type: ignore[no-any-return]


def test_colleagues_are_found_without_accents_with_their_unit(agent: Agent, signed_in: Callable[..., Client]) -> None:
    make_agent("Hélène", "Pérec", login="helene.perec@paris.fr")
    refresh()
    client = signed_in(agent)
    search(client, "helene per")  # the first time, the law is read and the opening of the mailbox is noted
    # Own contacts, the directory, and presence as leave tells it, in one answer.
    with count_queries(at_most=12):
        found = search(client, "helene per")
    assert found[0]["name"] == "Hélène Pérec"
    assert found[0]["value"] == "Hélène Pérec <helene.perec@paris.fr>"
    assert not found[0]["outside"]


def test_who_is_absent_is_said_with_the_day_of_return_and_a_substitute(
    agent: Agent, signed_in: Callable[..., Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    away, other = make_agent("Anne", "Lointain", login="anne.lointain@paris.fr"), make_agent("Luc", "Present")
    refresh()
    day = today()
    Delegation.objects.create(
        giver=away, receiver=other, valid_from=day, valid_to=day + timedelta(days=9), created_by=away
    )

    def presence(agents: Iterable[int], first: date, last: date) -> dict[int, dict[date, Presence]]:
        days = [first + timedelta(days=ahead) for ahead in range((last - first).days + 1)]
        return {
            one: {each: "absent" if one == away.pk and each < day + timedelta(days=9) else "present" for each in days}
            for one in agents
        }

    monkeypatch.setattr(ports._ports, "presence", presence)  # what leave declares at start
    client = signed_in(agent)
    search(client, "lointain")
    with count_queries(at_most=12):
        (found,) = search(client, "lointain")
    back = day + timedelta(days=9)
    assert found["absence"] == f"Absent, de retour le {day_month(back) if back.year == day.year else short_date(back)}"
    assert found["substitute"] == "Luc Present"
    assert other.mail_address in str(found["substitute_value"])
    named = client.get("/messagerie/destinataires/", {"adresses": "anne.lointain@paris.fr"}).json()["people"]
    assert named[0]["absence"] == found["absence"]


def test_own_contacts_and_groups_come_first_and_are_ones_own(agent: Agent, signed_in: Callable[..., Client]) -> None:
    stranger = make_agent()
    contact = Contact.objects.create(agent=agent, name="Fleuriste Dupré", email="contact@dupre.example")
    group = ContactGroup.objects.create(agent=agent, name="Fournisseurs de fleurs")
    group.members.add(contact)
    found = search(signed_in(agent), "fleur")
    assert [line["kind"] for line in found[:2]] == ["group", "contact"]
    assert found[0]["value"] == "Fleuriste Dupré <contact@dupre.example>"
    assert found[1]["outside"]
    assert search(signed_in(stranger), "fleur") == []


def test_what_is_known_of_people_already_named_is_said(agent: Agent, signed_in: Callable[..., Client]) -> None:
    colleague = make_agent()
    refresh()
    typed = f"{colleague.login}, ami@exemple.fr"
    answer = signed_in(agent).get("/messagerie/destinataires/", {"adresses": typed}).json()["people"]
    assert [line["outside"] for line in answer] == [False, True]
    assert answer[0]["name"] == colleague.full_name


def test_who_has_no_mailbox_has_no_list(signed_in: Callable[..., Client]) -> None:
    without = make_agent(has_mailbox=False)
    assert signed_in(without).get("/messagerie/destinataires/", {"q": "ab"}).status_code == 404


def test_people_added_to_a_field_are_there_once() -> None:
    written = finding.added(
        Written(to="a@paris.fr"), ["A <a@paris.fr>", "Roy, B <b@paris.fr>", '"Roy, C" <c@paris.fr>'], "to"
    )
    assert written.to == 'a@paris.fr, B <b@paris.fr>, "Roy, C" <c@paris.fr>'


@pytest.mark.parametrize(
    "text",
    [
        "Vous trouverez ci-joint le plan.",
        "Voir pièce jointe",
        "Je vous joins le devis",
        "le devis est en PJ",
        "Veuillez trouver le compte rendu joint",
        "Please find attached the plan",
        "see the attachment",
        "I've enclosed the plan",
    ],
)
def test_a_promised_file_is_noticed(text: str) -> None:
    assert checks.promises_a_file("", text)


@pytest.mark.parametrize(
    "text",
    [
        "Bonjour, à lundi.",
        "Nous nous rejoignons à 9 h.",
        "Merci.\n> Vous trouverez ci-joint le plan.",
        "Merci.\n-- \nMon équipe, pièces jointes bienvenues",
        "Il m'a rejointe hier.",
    ],
)
def test_what_promises_no_file_is_left_alone(text: str) -> None:
    assert not checks.promises_a_file("", text)


def test_each_question_is_asked_only_when_it_is_wanted() -> None:
    facts = Facts("", "ci-joint", 0, 30, ("a@b.fr",), to_all=True)
    asked = [doubt.key for doubt in checks.doubts(facts, Wanted(outside=True))]
    assert asked == ["attachment", "subject", "all", "outside"]
    assert checks.doubts(facts, Wanted(attachment=False, subject=False, many=False)) == []
    assert [doubt.key for doubt in checks.doubts(Facts("x", "", 1, 30, ()), Wanted())] == ["many"]


@pytest.mark.parametrize(
    ("problem", "word"),
    [
        ("a@b.fr : 550 5.1.1 unknown", "n’existe pas"),
        ("552 5.3.4 too big", "trop lourd"),
        ("554 5.7.1 relaying denied", "pas permis"),
        ("bizarre", "Corrigez"),
    ],
)
def test_each_refusal_says_what_to_do(problem: str, word: str) -> None:
    assert word in outgoing.advice(problem)
