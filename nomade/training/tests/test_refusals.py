"""Refusing: one request or several, with a reason and a rule, and the opinion of the CAP when the law wants it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from nomade.kernel.clock import today
from nomade.people.models import Agent
from nomade.training.actions.enrolments import Wish, ask, refuse
from nomade.training.factories import make_session
from nomade.training.models import Course, Enrolment, EnrolmentState

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Agent], Client]


def test_several_are_refused_at_once_but_those_that_want_the_opinion_of_the_cap(
    people: dict[str, Agent], course: Course, signed_in: SignedIn
) -> None:
    from nomade.people.factories import make_agent

    team = [people["agent"], make_agent("Basile", "Équipe", supervisor=people["head"])]
    earlier, session = (make_session(course, by=people["officer"], seats=9) for _number in range(2))
    before = Enrolment.objects.get(pk=ask(team[0], earlier, Wish(), token=str(uuid.uuid4())))
    refuse(before, reason="Service", rule="x", opinion_on=None, by=people["head"], version=before.version)
    asked = [Enrolment.objects.get(pk=ask(agent, session, Wish(), token=str(uuid.uuid4()))) for agent in team]
    client, address = signed_in(people["head"]), reverse("training:refuse-many")
    chosen = [f"{one.pk}:{one.version}" for one in asked]
    shown = client.post(address, {"chosen": chosen})
    assert shown.status_code == 200
    assert "À traiter une par une" in shown.content.decode()
    assert "Nécessités du service" in shown.content.decode()
    wrong = client.post(address, {"chosen": chosen, "step": "refuse", "reason": "", "rule": "Service"})
    assert wrong.status_code == 422
    assert wrong.content.decode().count('name="chosen"') == 2
    sent = {"chosen": chosen, "step": "refuse", "reason": "Trois absents ce jour-là", "rule": "Nécessités du service"}
    said = client.post(address, sent, follow=True).content.decode()
    assert "1 demande refusée." in said
    assert "avis de la commission administrative paritaire" in said
    states = dict(Enrolment.objects.filter(session=session).values_list("owner", "state"))
    assert states == {team[0].pk: EnrolmentState.SUBMITTED, team[1].pk: EnrolmentState.REFUSED}
    assert Enrolment.objects.get(pk=asked[1].pk).refusal == "Trois absents ce jour-là"
    signed_in(people["stranger"]).post(address, {**sent, "chosen": [f"{asked[0].pk}:{asked[0].version}"]})
    assert Enrolment.objects.get(pk=asked[0].pk).state == EnrolmentState.SUBMITTED


def test_a_refusal_has_a_reason_and_a_second_one_in_a_row_waits_for_the_opinion_of_the_cap(
    people: dict[str, Agent], course: Course, signed_in: SignedIn
) -> None:
    client = signed_in(people["head"])

    def refused(**fields: str) -> int:
        asked = Enrolment.objects.alive().get()
        page = reverse("training:decide", args=[asked.pk])
        return client.post(page, {"decision": "refuse", "version": str(asked.version), **fields}).status_code

    for number in range(2):
        first = today() + timedelta(days=30 + number)
        session = make_session(course, by=people["officer"], first=first)
        ask(people["agent"], session, Wish(), token=str(uuid.uuid4()))
        assert refused(reason="", rule="CGFP, art. L.422-22") == 422
        assert refused(reason="Effectif trop faible", rule="") == 422
        assert refused(reason="Effectif trop faible", rule="CGFP, art. L.422-22") == (422 if number else 303)
    page = client.get(reverse("training:decide", args=[Enrolment.objects.alive().get().pk])).content.decode()
    assert "commission administrative paritaire" in page
    assert refused(reason="Effectif", rule="Service", opinion_on=str(today() + timedelta(days=2))) == 422
    assert refused(reason="Effectif", rule="Service", opinion_on=str(today())) == 303
