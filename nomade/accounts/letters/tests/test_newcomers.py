"""« Premières connexions »: the HR office of a unit prints letters for its own newcomers, and for nobody else."""

from __future__ import annotations

from datetime import timedelta

import pypdfium2
import pytest
import time_machine
from django.test import Client

from nomade.accounts.actions import give_provisional_password, open_account
from nomade.accounts.directories.models import Identity
from nomade.accounts.factories import make_account
from nomade.accounts.letters.batches import accounts_without_password
from nomade.accounts.models import Account, ProvisionalPassword
from nomade.accounts.passwords.lifecycle import Kind
from nomade.accounts.testing import client_of, client_on
from nomade.kernel import audit
from nomade.kernel.clock import now
from nomade.kernel.models import AuditEvent
from nomade.kernel.testing import count_queries
from nomade.people.actions import grant_role
from nomade.people.factories import make_agent, make_unit
from nomade.people.models import Agent, Assignment, OrgUnit
from nomade.people.roles import Role

pytestmark = pytest.mark.django_db
HERE = "/premieres-connexions/"


@pytest.fixture
def parks() -> OrgUnit:
    return make_unit("DEVE", "Espaces verts")


@pytest.fixture
def newcomer(parks: OrgUnit) -> Account:
    return open_account(make_agent("Nadia", "Leroy", unit=parks))


@pytest.fixture
def office(parks: OrgUnit) -> Client:
    officer = make_agent("Sophie", "Laurent", unit=parks)
    grant_role(officer, Role.HR_OFFICER, by=None, perimeter=parks)
    return client_of(make_account(officer))


def _addresses(account: Account) -> list[str]:
    return [f"{HERE}{account.agent.matricule}/{what}/" for what in ("lettre", "remise")]


def test_the_office_prints_a_letter_hands_it_over_and_the_agent_opens_it(office: Client, newcomer: Account) -> None:
    letter, remise = _addresses(newcomer)
    answer = office.post(letter)
    assert answer["Content-Type"] == "application/pdf" and "no-store" in answer["Cache-Control"]
    document = pypdfium2.PdfDocument(answer.content)
    words = document[0].get_textpage().get_text_bounded().split()
    document.close()
    code = next(word for word in words if word.count("-") == 3 and len(word) == 19)
    listed = office.get(HERE).content.decode()
    assert "Imprimée le" in listed and "est faite\u00a0: imprimez-la" in listed
    assert f'<nm-file data-then="{HERE}">' in listed
    assert office.post(remise).status_code == 302
    assert "Remise le" in office.get(HERE).content.decode()
    assert client_on("portal").post("/connexion/", {"login": newcomer.login, "password": code}).status_code == 302
    assert AuditEvent.objects.filter(event="password.handed_over", subject_id=newcomer.agent_id).exists()


def test_printing_again_voids_the_former_letter(office: Client, newcomer: Account) -> None:
    letter, _remise = _addresses(newcomer)
    office.post(letter)
    newcomer.refresh_from_db()
    former = newcomer.password
    office.post(letter)
    newcomer.refresh_from_db()
    assert newcomer.password != former and ProvisionalPassword.objects.count() == 1


def test_a_hand_over_is_recorded_once_and_never_for_a_dead_letter(office: Client, newcomer: Account) -> None:
    letter, remise = _addresses(newcomer)
    assert office.post(remise).status_code == 404, "no letter yet"
    office.post(letter)
    with time_machine.travel(now() + timedelta(minutes=5), tick=False):
        assert office.post(remise).status_code == 302
        assert office.post(remise).status_code == 422


def _client(agent: Agent) -> Client:
    return client_of(make_account(agent))


def test_another_perimeter_a_supervisor_a_stranger_and_the_agent_get_nothing(newcomer: Account, parks: OrgUnit) -> None:
    elsewhere = make_agent()
    grant_role(elsewhere, Role.HR_OFFICER, by=None, perimeter=make_unit("DASCO", "Affaires scolaires"))
    supervisor = make_agent()
    Assignment.objects.filter(agent=newcomer.agent).update(supervisor=supervisor)
    administrator = make_agent()
    grant_role(administrator, Role.ADMINISTRATOR, by=None)
    own = make_account(make_agent(unit=parks))
    others = [_client(agent) for agent in (elsewhere, supervisor, administrator, make_agent())]
    for client in (*others, client_of(own)):
        for address in _addresses(newcomer):
            assert client.post(address).status_code == 404
    assert "Leroy" not in _client_again(elsewhere).get(HERE).content.decode()
    assert client_of(own).get(HERE).status_code == 404
    assert client_on("portal").post(_addresses(newcomer)[0])["Location"].startswith("/connexion/")
    newcomer.refresh_from_db()
    assert not newcomer.has_usable_password()


def _client_again(agent: Agent) -> Client:
    return client_of(Account.objects.get(agent=agent))


def test_whoever_has_chosen_a_password_is_no_newcomer_even_after_a_reset(office: Client, parks: OrgUnit) -> None:
    settled = make_account(make_agent("Camille", "Durand", unit=parks))
    assert [office.post(address).status_code for address in _addresses(settled)] == [404, 404]
    give_provisional_password(settled, actor=None, kind=Kind.RESET)
    assert [office.post(address).status_code for address in _addresses(settled)] == [404, 404]
    give_provisional_password(settled, actor=None)
    assert [office.post(address).status_code for address in _addresses(settled)] == [404, 404]
    assert "Durand" not in office.get(HERE).content.decode()


def test_whoever_comes_in_by_the_directory_gets_no_letter(office: Client, newcomer: Account) -> None:
    assert accounts_without_password() == [newcomer.pk]
    audit.record("sign_in.accepted", actor=newcomer.agent_id, subject=newcomer.agent_id)
    assert office.post(_addresses(newcomer)[0]).status_code == 404
    assert accounts_without_password() == []


def test_whoever_is_tied_to_the_identity_provider_gets_no_letter(office: Client, newcomer: Account) -> None:
    Identity.objects.create(issuer="https://annuaire.invalid", subject="7", account=newcomer)
    assert office.post(_addresses(newcomer)[0]).status_code == 404
    assert accounts_without_password() == []


def test_the_letter_of_somebody_who_holds_a_role_is_not_made_here(office: Client, newcomer: Account) -> None:
    grant_role(newcomer.agent, Role.PAY_OFFICER, by=None)
    assert office.post(_addresses(newcomer)[0]).status_code == 404
    assert "faite par l’exploitant" in office.get(HERE).content.decode()


def test_the_list_is_filtered_by_state_name_and_unit(office: Client, newcomer: Account, parks: OrgUnit) -> None:
    below = make_unit("DEVE/J15", "Secteur 15")
    other = open_account(make_agent("Léo", "Martin", unit=below))
    office.post(_addresses(other)[0])

    def names(query: str) -> set[str]:
        page = office.get(f"{HERE}?{query}").content.decode()
        return {name for name in ("Leroy", "Martin") if name in page}

    assert names("") == {"Leroy", "Martin"}
    assert names("etat=sans-lettre") == {"Leroy"}
    assert names("etat=imprimee") == {"Martin"}
    assert names("etat=remise") == names("etat=a-refaire") == set()
    assert names("q=mart") == {"Martin"}
    assert names("unite=J15") == {"Martin"}
    assert names("unite=inconnue&etat=inconnu") == {"Leroy", "Martin"}
    ProvisionalPassword.objects.update(expires_at=now())
    assert names("etat=a-refaire") == {"Martin"}


def test_the_list_costs_the_same_for_three_newcomers_as_for_thirty(office: Client, parks: OrgUnit) -> None:
    for _number in range(30):
        give_provisional_password(open_account(make_agent(unit=parks)), actor=None)
    with count_queries(at_most=12):
        assert office.get(HERE).status_code == 200


def test_the_menu_shows_the_page_to_the_hr_office_only(office: Client) -> None:
    assert f'href="{HERE}"' in office.get("/compte/").content.decode()
    assert f'href="{HERE}"' not in _client(make_agent()).get("/compte/").content.decode()
