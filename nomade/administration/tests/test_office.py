"""The back office exists for administrators only, and an import is confirmed by who sent it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from nomade.administration import importing
from nomade.administration.models import PendingImport
from nomade.kernel.errors import Refusal
from nomade.kernel.testing import count_queries
from nomade.people.factories import grant, make_agent, make_unit
from nomade.people.models import Agent
from nomade.people.roles import Role
from nomade.people.tests.csvs import agents_csv, row, units_csv

pytestmark = pytest.mark.django_db
SignedIn = Callable[..., Client]


def administrator() -> Agent:
    agent = make_agent("Paul", "Girard")
    grant(agent, Role.ADMINISTRATOR)
    return agent


def send(client: Client, *rows: dict[str, str]) -> str:
    files = {
        "agents": SimpleUploadedFile("agents.csv", agents_csv(*rows).content),
        "units": SimpleUploadedFile("unites.csv", units_csv().content),
    }
    answer = client.post("/administration/agents/", files)
    assert answer.status_code == 302, answer.content.decode()
    return str(answer["Location"])


@pytest.mark.parametrize("role", [None, *(role for role in Role if role != Role.ADMINISTRATOR)])
@pytest.mark.parametrize("address", ["", "agents/", "agents/modele/", "installation/agents/", "installation/fin/"])
def test_without_the_role_the_pages_do_not_exist(signed_in: SignedIn, role: Role | None, address: str) -> None:
    agent = make_agent()
    if role:
        grant(agent, role)
    client = signed_in(agent)
    if address or role != Role.AUDITOR:  # an auditor has a first page, with the security of accounts only
        assert client.get(f"/administration/{address}").status_code == 404
    assert client.post(f"/administration/{address}").status_code in (404, 405)


def test_the_menu_shows_the_office_to_administrators_only(signed_in: SignedIn) -> None:
    assert 'href="/administration/"' in signed_in(administrator()).get("/").content.decode()
    assert 'href="/administration/"' not in signed_in(make_agent()).get("/").content.decode()


def test_the_first_page_says_how_the_portal_is_in_few_queries(signed_in: SignedIn) -> None:
    client = signed_in(administrator())
    with count_queries(at_most=15):
        page = client.get("/administration/").content.decode()
    assert "Agents en service" in page and "Base de données" in page


def test_a_file_is_rehearsed_then_imported_once(signed_in: SignedIn) -> None:
    make_unit("DEVE")
    client = signed_in(administrator())
    address = send(client, row(1), row(2))
    assert "Agents créés\u00a0: 2," in client.get(address).content.decode()
    assert not Agent.objects.filter(matricule="00000001").exists()
    assert client.post(address).status_code == 302
    assert Agent.objects.filter(matricule="00000001").exists()
    assert client.post(address).status_code == 404
    assert not PendingImport.objects.exists()


def test_faults_are_listed_with_their_lines_and_nothing_is_kept(signed_in: SignedIn) -> None:
    client = signed_in(administrator())
    sent = SimpleUploadedFile("agents.csv", agents_csv(row(1, statut="<script>")).content)
    answer = client.post("/administration/agents/", {"agents": sent})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "agents.csv, ligne 2, colonne « statut »" in page and "&lt;script&gt;" in page
    assert not PendingImport.objects.exists()


def test_another_administrator_neither_sees_nor_confirms_the_file(signed_in: SignedIn) -> None:
    address = send(signed_in(administrator()), row(1))
    other = signed_in(administrator())
    assert other.get(address).status_code == 404
    assert other.post(address).status_code == 404
    assert not Agent.objects.filter(matricule="00000001").exists()


def test_a_waiting_file_is_sealed_in_the_base(signed_in: SignedIn) -> None:
    send(signed_in(administrator()), row(1))
    pending = PendingImport.objects.get()
    assert b"Petit" not in bytes(pending.agents_sealed)
    source = pending.source("agents")
    assert source and b"Petit" in source.content


def test_a_file_that_no_longer_fits_at_confirmation_changes_nothing(signed_in: SignedIn) -> None:
    client = signed_in(administrator())
    address = send(client, row(1))
    make_agent(login="agent1@paris.fr")
    answer = client.post(address)
    assert answer.status_code == 422 and "déjà l’identifiant" in answer.content.decode()
    assert not Agent.objects.filter(matricule="00000001").exists()


def test_the_second_of_two_confirmations_at_once_imports_nothing(signed_in: SignedIn) -> None:
    send(signed_in(administrator()), row(1))
    first, second = PendingImport.objects.get(), PendingImport.objects.get()
    importing.confirm(first)
    with pytest.raises(Refusal, match="déjà fait"):
        importing.confirm(second)
    assert Agent.objects.filter(matricule="00000001").count() == 1


def test_no_file_is_said(signed_in: SignedIn) -> None:
    assert signed_in(administrator()).post("/administration/agents/").status_code == 422


def test_the_model_to_fill_opens_in_a_spreadsheet_and_is_taken_back_as_it_is(signed_in: SignedIn) -> None:
    client = signed_in(administrator())
    answer = client.get("/administration/agents/modele/")
    assert answer["Content-Disposition"] == 'attachment; filename="agents-modele.csv"'
    assert answer.content.startswith(b"\xef\xbb\xbfmatricule;login;")
    sent = {"agents": SimpleUploadedFile("agents-modele.csv", answer.content), "create_units": "on"}
    rehearsal = client.post("/administration/agents/", sent, follow=True).content.decode()
    assert "Agents créés\u00a0: 2," in rehearsal, rehearsal
