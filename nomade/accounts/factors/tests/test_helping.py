"""Who may help an agent whose password or telephone is lost, and how a card changes hands."""

from __future__ import annotations

from datetime import timedelta

import pytest

from nomade.accounts.factories import PASSWORD
from nomade.accounts.factors.testing import OUTSIDE
from nomade.accounts.factors.tests.teams import Team
from nomade.accounts.factors.tests.test_door import card_of, make_passkey, sign_in
from nomade.accounts.models import Card, RecoveryCode, Session
from nomade.accounts.testing import client_of, client_on
from nomade.kernel.clock import now
from nomade.kernel.testing import count_queries
from nomade.people.factories import make_agent, make_unit

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("who", "status"), [("mehdi", 200), ("sophie", 200), ("camille", 404), ("other_hr", 404), ("stranger", 404)]
)
def test_only_the_supervisor_and_the_hr_office_of_an_agent_help(team: Team, who: str, status: int) -> None:
    client = client_of(getattr(team, who))
    address = f"/connexion/aider/{team.camille.agent_id}/"
    assert client.get(address).status_code == status
    assert client.post(address + "code/").status_code == status
    assert client.post(address + "carte/").status_code == status
    if status == 404:
        assert not RecoveryCode.objects.exists() and not Card.objects.exists()
        assert client.post(address + "carte/remise/").status_code == 404


def test_a_delegate_of_the_supervisor_helps_too(team: Team) -> None:
    from nomade.kernel.clock import today
    from nomade.people.models import Delegation

    Delegation.objects.create(
        giver=team.mehdi.agent,
        receiver=team.stranger.agent,
        valid_from=today(),
        valid_to=today(),
        created_by=team.mehdi.agent,
    )
    assert client_of(team.stranger).get(f"/connexion/aider/{team.camille.agent_id}/").status_code == 200


def test_a_card_made_by_somebody_else_opens_nothing_before_its_hand_over(team: Team) -> None:
    helper = client_of(team.sophie)
    address = f"/connexion/aider/{team.camille.agent_id}/"
    assert helper.post(address + "carte/")["Content-Type"] == "application/pdf"
    outside = client_on("portal", REMOTE_ADDR=OUTSIDE)
    sign_in(outside, team.camille)
    assert outside.get("/conges/").status_code == 200, "without an active card there is no factor yet"
    shown = helper.get(address).content.decode()
    assert "attend d’être remise" in shown and "enregistrez sa remise ici" in shown
    helper.post(address + "carte/remise/")
    later = client_on("portal", REMOTE_ADDR=OUTSIDE)
    sign_in(later, team.camille)
    assert "Code n° 1 de votre carte" in later.get("/connexion/second-facteur/").content.decode()
    assert team.camille.agent.notifications.filter(kind="security.factor_changed").exists()
    assert helper.post(address + "carte/remise/").status_code == 404


def test_a_lost_telephone_is_replaced_by_the_card_that_is_handed_over(team: Team) -> None:
    make_passkey(team.camille)
    codes = card_of(team.camille)
    outside = client_on("portal", REMOTE_ADDR=OUTSIDE)
    sign_in(outside, team.camille)
    outside.post("/connexion/second-facteur/", {"code": codes[0]})
    assert outside.get("/paie/").status_code == 200


def test_from_outside_a_stolen_password_helps_nobody(team: Team) -> None:
    thief = client_on("portal", REMOTE_ADDR=OUTSIDE)
    sign_in(thief, team.mehdi)
    address = f"/connexion/aider/{team.camille.agent_id}/"
    for answer in (thief.get("/connexion/aider/"), thief.get(address), thief.post(address + "code/")):
        assert answer.status_code == 403
    assert not RecoveryCode.objects.exists()


def test_a_card_asked_for_too_late_leads_back_to_where_its_hand_over_is_recorded(team: Team) -> None:
    helper = client_of(team.mehdi, authenticated_at=now() - timedelta(minutes=11))
    address = f"/connexion/aider/{team.camille.agent_id}/"
    held = helper.post(address + "carte/")["Location"].partition("formulaire=")[2]
    again = helper.post("/connexion/confirmation/", {"password": PASSWORD, "formulaire": held}).content.decode()
    assert f'action="{address}carte/"' in again
    assert f'<nm-file data-then="{address}">' in again and f'<a href="{address}">' in again


def test_helping_asks_again_who_is_there(team: Team) -> None:
    helper = client_of(team.mehdi, authenticated_at=now() - timedelta(minutes=11))
    answer = helper.post(f"/connexion/aider/{team.camille.agent_id}/code/")
    assert answer["Location"].startswith("/connexion/confirmation/?")


def test_finding_an_agent_to_help_costs_few_queries_and_shows_only_ones_own(team: Team) -> None:
    for number in range(30):
        make_agent("Zoé", f"Martin{number}", unit=make_unit("DEVE/J15"), supervisor=team.mehdi.agent)
    helper = client_of(team.mehdi)
    with count_queries(at_most=12):
        page = helper.get("/connexion/aider/").content.decode()
    assert "précisez le nom" in page and "Leïla" not in page
    found = helper.get("/connexion/aider/", {"q": "durand"}).content.decode()
    assert "Camille Durand" in found and "Zoé" not in found
    assert client_of(team.stranger).get("/connexion/aider/").status_code == 404
    assert Session.objects.count() == 2
