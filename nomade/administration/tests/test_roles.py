"""Roles are given by an administrator to somebody else, inside a perimeter, and written in the journal."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from nomade.kernel.clock import today
from nomade.kernel.models import AuditEvent
from nomade.kernel.testing import count_queries
from nomade.notifications.models import Notification
from nomade.people.access import has_role
from nomade.people.factories import grant, make_agent, make_unit
from nomade.people.models import Agent, RoleGrant
from nomade.people.roles import Role

pytestmark = pytest.mark.django_db
SignedIn = Callable[..., Client]
HERE = "/administration/roles/"


@pytest.fixture
def administrator() -> Agent:
    agent = make_agent("Paul", "Girard")
    grant(agent, Role.ADMINISTRATOR)
    return agent


def asked(someone: Agent, **changes: str) -> dict[str, str]:
    return {
        "agent": someone.matricule,
        "role": "hr_officer",
        "unit": "",
        "since": today().isoformat(),
        "until": "",
    } | changes


@pytest.mark.parametrize("role", [None, *(role for role in Role if role != Role.ADMINISTRATOR)])
def test_without_the_role_nobody_sees_gives_or_ends_one(signed_in: SignedIn, role: Role | None) -> None:
    someone, holder = make_agent(), make_agent()
    if role:
        grant(someone, role)
    held = grant(holder, Role.EDITOR)
    client = signed_in(someone)
    assert client.get(HERE).status_code == 404
    assert client.post(f"{HERE}donner/", asked(holder)).status_code == 404
    assert client.post(f"{HERE}{held.pk}/fin/").status_code == 404
    assert has_role(holder, Role.EDITOR) and not has_role(holder, Role.HR_OFFICER)


def test_a_role_is_given_over_a_unit_told_and_written_in_the_journal(signed_in: SignedIn, administrator: Agent) -> None:
    unit, agent = make_unit("DEVE"), make_agent()
    last = today() + timedelta(days=30)
    answer = signed_in(administrator).post(f"{HERE}donner/", asked(agent, unit="DEVE", until=last.isoformat()))
    assert answer.status_code == 303
    held = RoleGrant.objects.get(agent=agent)
    assert (held.role, held.perimeter, held.valid_to, held.granted_by) == ("hr_officer", unit, last, administrator)
    assert AuditEvent.objects.filter(event="role.granted", actor_id=administrator.pk, subject_id=agent.pk).count() == 1
    assert "gestionnaire RH" in Notification.objects.get(agent=agent).title


def test_nobody_gives_a_role_to_themselves(signed_in: SignedIn, administrator: Agent) -> None:
    answer = signed_in(administrator).post(f"{HERE}donner/", asked(administrator))
    assert answer.status_code == 422
    assert "Personne ne se donne un rôle à soi-même" in answer.content.decode()
    assert not has_role(administrator, Role.HR_OFFICER)


def test_a_role_is_ended_at_once_and_told(signed_in: SignedIn, administrator: Agent) -> None:
    agent = make_agent()
    held = grant(agent, Role.PAY_OFFICER)
    client = signed_in(administrator)
    assert client.post(f"{HERE}{held.pk}/fin/").status_code == 303
    assert not has_role(agent, Role.PAY_OFFICER)
    assert "terminé" in Notification.objects.get(agent=agent).title
    assert client.post(f"{HERE}{held.pk}/fin/").status_code == 404


def test_the_last_administrator_stays(signed_in: SignedIn, administrator: Agent) -> None:
    held = RoleGrant.objects.get(agent=administrator)
    answer = signed_in(administrator).post(f"{HERE}{held.pk}/fin/")
    assert answer.status_code == 422 and "dernier administrateur" in answer.content.decode()
    assert has_role(administrator, Role.ADMINISTRATOR)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"agent": "99999999"}, "Aucun agent n’a ce matricule"),
        ({"unit": "NULLE"}, "Aucune unité n’a ce code"),
        ({"since": "2020-01-01"}, "ne commence pas dans le passé"),
        ({"until": "2020-01-01"}, "Le dernier jour ne peut pas être avant le premier"),
        ({"role": "roi"}, "roi"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(
    signed_in: SignedIn, administrator: Agent, changes: dict[str, str], said: str
) -> None:
    answer = signed_in(administrator).post(f"{HERE}donner/", asked(make_agent(), **changes))
    page = answer.content.decode()
    assert answer.status_code == 422 and said in page
    assert 'role="alert"' in page
    assert not RoleGrant.objects.exclude(agent=administrator).exists()


@pytest.mark.parametrize("people", [1, 45])
def test_the_list_costs_the_same_few_queries(signed_in: SignedIn, administrator: Agent, people: int) -> None:
    for _ in range(people):
        grant(make_agent(), Role.EDITOR)
    client = signed_in(administrator)
    with count_queries(at_most=12):
        assert client.get(HERE, {"q": "durand"}).status_code == 200
