"""Who decides for whom, on which day; who holds a role, over what."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.db import IntegrityError, transaction

from nomade.kernel.clock import today
from nomade.kernel.errors import Refusal
from nomade.kernel.models import AuditEvent
from nomade.people import access
from nomade.people.actions import grant_role, revoke_role
from nomade.people.factories import ENTRY, grant, make_agent, make_cycle, make_supervised_pair, make_unit
from nomade.people.models import Agent, Assignment, Delegation, RoleGrant, Situation
from nomade.people.roles import Role

pytestmark = pytest.mark.django_db
A_DAY = timedelta(days=1)


def delegate(giver: Agent, receiver: Agent, first: date, last: date) -> Delegation:
    return Delegation.objects.create(giver=giver, receiver=receiver, valid_from=first, valid_to=last, created_by=giver)


def test_the_supervisor_decides_and_supervises_the_same_agents() -> None:
    agent, supervisor = make_supervised_pair()
    assert access.deciders_for(agent) == [supervisor]
    assert list(access.supervised_by(supervisor)) == [agent]
    assert list(access.supervised_by(agent)) == []


def test_without_a_named_supervisor_the_head_of_the_unit_decides_then_the_one_above() -> None:
    director, head = make_agent("Ada"), make_agent("Bob")
    make_unit("DEVE", head=director)
    unit = make_unit("DEVE/J15", head=head)
    agent = make_agent(unit=unit)
    assert access.supervisor_of(agent) == head
    assert agent in access.supervised_by(head)
    Assignment.objects.filter(agent=head).update(unit=unit)
    assert access.supervisor_of(head) == director


def test_nobody_supervises_themselves() -> None:
    head = make_agent()
    unit = make_unit("DEVE/J15", head=head)
    Assignment.objects.filter(agent=head).update(unit=unit, supervisor=head)
    assert access.supervisor_of(head) is None
    assert head not in access.supervised_by(head)


def test_a_change_of_supervisor_holds_from_its_day() -> None:
    agent, before = make_supervised_pair()
    after = make_agent("Nora")
    Assignment.objects.filter(agent=agent).update(valid_to=today() - A_DAY)
    row = access.main_assignment(agent, today() - A_DAY)
    assert row is not None
    Assignment.objects.create(agent=agent, unit=row.unit, supervisor=after, valid_from=today())
    assert access.supervisor_of(agent, today() - A_DAY) == before
    assert access.supervisor_of(agent) == after
    assert agent not in access.supervised_by(before)
    assert agent in access.supervised_by(before, today() - A_DAY)


def test_a_delegate_decides_from_the_first_to_the_last_day_and_no_other() -> None:
    agent, supervisor = make_supervised_pair()
    stand_in = make_agent("Nora")
    first, last = today(), today() + 3 * A_DAY
    delegate(supervisor, stand_in, first, last)
    for day, decides in ((first - A_DAY, False), (first, True), (last, True), (last + A_DAY, False)):
        assert (stand_in in access.deciders_for(agent, day)) is decides
        assert (agent in access.supervised_by(stand_in, day)) is decides


def test_a_delegate_never_decides_for_themselves() -> None:
    agent, supervisor = make_supervised_pair()
    delegate(supervisor, agent, today(), today())
    assert access.deciders_for(agent) == [supervisor]
    assert agent not in access.supervised_by(agent)


def test_a_delegation_to_oneself_or_backwards_is_refused_by_the_base() -> None:
    agent, supervisor = make_supervised_pair()
    for receiver, last in ((supervisor, today()), (agent, today() - A_DAY)):
        with pytest.raises(IntegrityError), transaction.atomic():
            delegate(supervisor, receiver, today(), last)


def test_a_role_reaches_its_perimeter_and_all_below_but_not_a_neighbour_of_similar_code() -> None:
    officer = make_agent("Sophie")
    inside, below = make_agent(unit=make_unit("DEVE")), make_agent(unit=make_unit("DEVE/J15/A"))
    neighbour = make_agent(unit=make_unit("DEVELOPPEMENT"))
    Assignment.objects.filter(agent=officer).update(unit=make_unit("DRH"))
    grant(officer, Role.HR_OFFICER, make_unit("DEVE"))
    assert set(access.agents_in_perimeter(officer, Role.HR_OFFICER)) == {inside, below}
    assert access.has_role(officer, Role.HR_OFFICER, make_unit("DEVE/J15/A"))
    assert not access.has_role(officer, Role.HR_OFFICER, make_unit("DEVELOPPEMENT"))
    assert neighbour not in access.agents_in_perimeter(officer, Role.HR_OFFICER)
    assert not access.agents_in_perimeter(officer, Role.PAY_OFFICER).exists()


def test_a_role_over_the_whole_organisation_reaches_everybody() -> None:
    officer, agent = make_agent(), make_agent()
    grant(officer, Role.PAY_OFFICER)
    assert set(access.agents_in_perimeter(officer, Role.PAY_OFFICER)) == {officer, agent}


def test_a_role_holds_only_on_its_days() -> None:
    agent = make_agent()
    grant_role(agent, Role.EDITOR, by=None, since=today() + A_DAY, until=today() + 2 * A_DAY)
    held = [access.has_role(agent, Role.EDITOR, on=today() + number * A_DAY) for number in range(4)]
    assert held == [False, True, True, False]


def test_granting_says_who_gave_it_and_leaves_a_trace() -> None:
    agent, administrator = make_agent(), make_agent("Paul")
    given = grant_role(agent, Role.HR_OFFICER, by=administrator, perimeter=make_unit("DEVE"))
    assert given.granted_by == administrator
    event = AuditEvent.objects.get(event="role.granted")
    assert (event.actor_id, event.subject_id, event.facts["perimeter"]) == (administrator.pk, agent.pk, "DEVE")


def test_nobody_grants_to_themselves_nor_twice_nor_backwards() -> None:
    agent, administrator = make_agent(), make_agent("Paul")
    with pytest.raises(Refusal, match="soi-même"):
        grant_role(administrator, Role.PAY_OFFICER, by=administrator)
    with pytest.raises(Refusal, match="avant le premier"):
        grant_role(agent, Role.EDITOR, by=administrator, since=today(), until=today() - A_DAY)
    grant_role(agent, Role.EDITOR, by=administrator)
    with pytest.raises(Refusal, match="déjà ce rôle"):
        grant_role(agent, Role.EDITOR, by=administrator, since=today() + 30 * A_DAY)
    assert RoleGrant.objects.count() == 1


def test_revoking_ends_a_role_at_once_and_keeps_that_it_was_held() -> None:
    agent, administrator = make_agent(), make_agent("Paul")
    old = grant(agent, Role.EDITOR)
    revoke_role(old, by=administrator)
    assert not access.has_role(agent, Role.EDITOR)
    assert access.has_role(agent, Role.EDITOR, on=today() - A_DAY)
    revoke_role(grant_role(agent, Role.AUDITOR, by=administrator), by=administrator)
    assert not RoleGrant.objects.filter(role=Role.AUDITOR).exists()
    assert AuditEvent.objects.filter(event="role.revoked").count() == 2
    with pytest.raises(Refusal, match="déjà terminé"):
        revoke_role(old, by=administrator)


def test_the_last_administrator_keeps_the_role() -> None:
    first, second = make_agent(), make_agent("Paul")
    ours = grant(first, Role.ADMINISTRATOR)
    with pytest.raises(Refusal, match="dernier administrateur"):
        revoke_role(ours, by=first)
    grant(second, Role.ADMINISTRATOR)
    revoke_role(ours, by=second)
    assert access.roles_of(first) == set()


def test_two_situations_or_two_main_assignments_on_one_day_are_refused_by_the_base() -> None:
    agent = make_agent()
    with pytest.raises(IntegrityError), transaction.atomic():
        Situation.objects.create(agent=agent, valid_from=ENTRY + A_DAY, status="titulaire", cycle=make_cycle())
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.create(agent=agent, unit=make_unit(), valid_from=ENTRY + A_DAY)
    Assignment.objects.create(agent=agent, unit=make_unit("DRH"), valid_from=ENTRY + A_DAY, is_main=False)
    make_agent()  # another agent on the same days is no conflict


def test_names_are_found_without_their_accents() -> None:
    agent = make_agent("Éloïse", "D’Arc")
    assert list(Agent.objects.named_like("arc eloise")) == [agent]
    assert not Agent.objects.named_like("eloise durand").exists()
