"""`nomade demo` fills an empty base, once, and never in production."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from nomade.accounts.models import Account
from nomade.cases.models import CaseState
from nomade.demo.management.commands import demo
from nomade.documents.access import unread_by
from nomade.documents.actions.purging import due
from nomade.documents.models import CollectionItem, FolderDocument
from nomade.kernel.clock import today
from nomade.leave.models import LeaveRequest
from nomade.payslips.models import Payslip
from nomade.people import ports
from nomade.people.access import deciders_for, situation_on
from nomade.people.factories import make_agent
from nomade.people.models import Agent, RoleGrant

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
PASSWORD = "Vélo-Quai-Platane-42"


def who(login: str) -> Agent:
    return Agent.objects.get(login=f"{login}@paris.fr")


def test_the_city_holds_what_the_contract_promises() -> None:
    said = StringIO()
    call_command("demo", agents=60, stdout=said)
    assert Agent.objects.count() == 60
    camille = who("camille.durand")
    assert deciders_for(camille) == [who("mehdi.benali")]
    assert Payslip.objects.filter(agent=camille).count() == 24
    titles = set(FolderDocument.objects.filter(agent=camille).values_list("title", flat=True))
    assert {"Avancement d’échelon", "Compte rendu d’entretien professionnel"} <= titles
    assert [one.title for one in unread_by(camille)] == ["Consignes par grand froid"]
    asked = CollectionItem.objects.values_list("agent__login", "state").order_by("state")
    assert list(asked) == [("camille.durand@paris.fr", "asked"), ("mehdi.benali@paris.fr", "provided")]
    assert [document.title for document in due()] == ["Justificatif de domicile"]
    jeanne = who("jeanne.lambert")
    assert jeanne.exit_date and jeanne.exit_date < today() and Payslip.objects.filter(agent=jeanne).exists()
    states = set(LeaveRequest.objects.filter(owner=camille).values_list("state", flat=True))
    assert states == {CaseState.APPROVED, CaseState.SUBMITTED}
    assert LeaveRequest.objects.filter(owner=camille, state=CaseState.APPROVED, last_day__gte=today()).count() == 0
    leila = situation_on(who("leila.martin"))
    assert leila and (leila.quotite, leila.cycle.weeks) == (80, ["1101100"])  # type: ignore[comparison-overlap]
    assert all(a.check_password(PASSWORD) for a in Account.objects.exclude(agent=who("nadia.leroy"))[:3])
    nadia = Account.objects.get(agent=who("nadia.leroy"))
    assert nadia.password_is_provisional and nadia.check_password("ABCD-EFGH-JKMN-PQRS")
    assert Account.objects.get(agent=who("hugo.faure")).locked_at
    told = ports.presence([who("sophie.laurent").pk], today() - timedelta(days=70), today()) or {}
    assert "telework" in told[who("sophie.laurent").pk].values() or today().timetuple().tm_yday < 15
    roles = dict(RoleGrant.objects.values_list("agent__login", "role"))
    assert roles["paul.girard@paris.fr"] == "administrator" and len(roles) == 12  # a second technician among them
    assert RoleGrant.objects.get(agent=who("sophie.laurent")).perimeter.path == "DEVE"  # type: ignore[union-attr]


def test_a_base_that_holds_agents_is_left_alone() -> None:
    make_agent()
    with pytest.raises(CommandError, match="ne remplit qu’une base vide"):
        call_command("demo", agents=60)
    assert Agent.objects.count() == 1


def test_it_never_runs_in_production(settings: Any) -> None:
    settings.NOMADE = replace(settings.NOMADE, env="production")
    with pytest.raises(CommandError, match="jamais en production"):
        call_command("demo")
    assert not Agent.objects.exists()


def test_interrupted_in_the_middle_it_leaves_the_base_empty_and_fills_it_the_next_time(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def interrupted(_agents: object) -> int:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(demo, "fill_payslips", interrupted)
        with pytest.raises(KeyboardInterrupt):
            call_command("demo", agents=60, stdout=StringIO())
    assert not Agent.objects.exists()
    call_command("demo", agents=60, stdout=StringIO())
    assert Agent.objects.count() == 60


@pytest.mark.parametrize("size", [0, 59, 1_000_000])
def test_a_size_out_of_reach_is_refused(size: int) -> None:
    with pytest.raises(CommandError, match="--agents"):
        call_command("demo", agents=size)
