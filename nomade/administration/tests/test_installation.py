"""The set-up assistant: opened by the terminal's code alone, closed by the first account, a town of 150 in service."""

from __future__ import annotations

import re
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.template import engines
from django.test import Client

from nomade.accounts.factories import make_account
from nomade.accounts.models import Account
from nomade.accounts.testing import client_on
from nomade.administration import installation
from nomade.config.environment import gathered_values, read_environment
from nomade.kernel.models import AuditEvent
from nomade.people.access import has_role
from nomade.people.factories import make_agent
from nomade.people.models import Agent
from nomade.people.roles import Role
from nomade.people.tests.csvs import agents_csv, row, units_csv

pytestmark = pytest.mark.django_db
CODE = "ABCD-EFGH-JKMN-PQRS"
HERE = "/administration/installation/"
PASSWORD = "Trois platanes au soleil"


@pytest.fixture(autouse=True)
def an_empty_portal(settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("NOMADE_DATA_DIR", str(tmp_path))
    environment: Any = engines["jinja2"]
    shown = environment.env.globals["settings"]
    settings.NOMADE = replace(settings.NOMADE, setup_code=CODE, data_dir=tmp_path)
    installation.forget()
    yield
    installation.forget()
    environment.env.globals["settings"] = shown


@pytest.fixture
def browser() -> Client:
    return client_on("portal")


@pytest.fixture
def inside(browser: Client) -> Client:
    assert browser.post(HERE, {"code": CODE}).status_code == 302
    return browser


def administrator(**changes: str) -> dict[str, str]:
    given = {"first_name": "Rosa", "last_name": "Maire", "login": "rosa.maire", "password": PASSWORD, "again": PASSWORD}
    return given | changes


@pytest.mark.parametrize("address", ["/", "/connexion/", "/conges/", "/administration/"])
def test_every_page_leads_to_the_assistant_while_nobody_has_an_account(browser: Client, address: str) -> None:
    answer = browser.get(address)
    assert (answer.status_code, answer["Location"]) == (302, f"https://nomades.ville.localhost:8443{HERE}")
    assert browser.get("/healthz").status_code == 200


def test_without_a_code_from_the_supervisor_there_is_no_assistant(browser: Client, settings: Any) -> None:
    settings.NOMADE = replace(settings.NOMADE, setup_code="")
    assert browser.get(HERE).status_code == 404
    assert browser.post(HERE, {"code": ""}).status_code == 404
    assert browser.get("/connexion/").status_code == 200


def test_once_somebody_has_an_account_there_is_no_assistant_even_for_who_gave_the_code(inside: Client) -> None:
    make_account(make_agent())
    for step in ("", "collectivite/", "adresses/", "administrateur/"):
        assert inside.get(HERE + step).status_code == 404
        assert inside.post(HERE + step, administrator()).status_code == 404


def test_a_wrong_code_opens_nothing_and_a_step_without_it_goes_back_to_the_start(browser: Client) -> None:
    assert browser.post(HERE, {"code": "ABCD-EFGH-JKMN-PQRT"}).status_code == 422
    for step in ("collectivite/", "adresses/", "administrateur/"):
        for answer in (browser.get(HERE + step), browser.post(HERE + step, administrator())):
            assert (answer.status_code, answer["Location"]) == (302, HERE)
    assert not Account.objects.exists() and not installation.path().exists()


def test_the_code_may_be_typed_without_dashes_in_small_letters(browser: Client) -> None:
    assert browser.post(HERE, {"code": " abcd efgh jkmn pqrs "}).status_code == 302


def test_what_is_chosen_is_written_for_its_owner_alone_and_shown_at_once(inside: Client) -> None:
    chosen = {"organisation": "L’Haÿ d'Or", "mail_domain": "Mairie.FR", "brand_colour": "#0a7d4b", "support_phone": ""}
    assert inside.post(HERE + "collectivite/", chosen)["Location"] == HERE + "adresses/"
    assert stat.S_IMODE(installation.path().stat().st_mode) == 0o600
    page = inside.get(HERE + "adresses/").content.decode()
    assert "L’Haÿ d&#39;Or" in page
    environment = read_environment(gathered_values())
    assert (environment.organisation, environment.mail_domain) == ("L’Haÿ d'Or", "mairie.fr")
    assert environment.brand_colour == "#0a7d4b"


def test_what_the_operator_set_for_the_process_wins_and_cannot_be_changed(
    inside: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NOMADE_ORGANISATION", "Imposée")
    assert "NOMADE_ORGANISATION" in inside.get(HERE + "collectivite/").content.decode()
    inside.post(HERE + "collectivite/", {"organisation": "Autre", "mail_domain": "mairie.fr"})
    assert "NOMADE_ORGANISATION" not in installation.written()
    assert read_environment(gathered_values()).organisation == "Imposée"


@pytest.mark.parametrize(
    ("step", "wrong"),
    [
        ("collectivite/", {"organisation": "", "mail_domain": "mairie.fr"}),
        ("collectivite/", {"organisation": "X", "mail_domain": "mairie"}),
        ("collectivite/", {"organisation": "X", "mail_domain": "mairie.fr\nNOMADE_ENV=production"}),
        ("collectivite/", {"organisation": "X", "mail_domain": "mairie.fr", "brand_colour": "vert"}),
        ("collectivite/", {"organisation": "X", "mail_domain": "mairie.fr", "support_phone": "demain"}),
        ("adresses/", {"portal": "a.fr", "webmail": "a.fr", "content": "c.fr", "support": "d.fr"}),
        ("adresses/", {"portal": "https://a.fr/", "webmail": "b.fr", "content": "c.fr", "support": "d.fr"}),
    ],
)
def test_a_wrong_answer_is_said_and_nothing_is_written(inside: Client, step: str, wrong: dict[str, str]) -> None:
    answer = inside.post(HERE + step, wrong)
    assert answer.status_code == 422 and "error-summary" in answer.content.decode()
    assert not installation.path().exists()


def test_a_name_can_never_add_a_line_to_the_file(inside: Client) -> None:
    tricky = "X'\nNOMADE_ENV=production #\\"
    inside.post(HERE + "collectivite/", {"organisation": tricky, "mail_domain": "mairie.fr"})
    assert "NOMADE_ENV" not in installation.written()
    assert installation.written()["NOMADE_ORGANISATION"] == "X' NOMADE_ENV=production #\\"


@pytest.mark.parametrize(
    "wrong", [{"password": "court", "again": "court"}, {"again": "autre chose de long"}, {"login": "rosa maire"},
              {"password": "Maire-de-la-ville-42", "again": "Maire-de-la-ville-42"}]
)  # fmt: skip
def test_the_first_password_follows_the_policy(inside: Client, wrong: dict[str, str]) -> None:
    assert inside.post(HERE + "administrateur/", administrator(**wrong)).status_code == 422
    assert not Agent.objects.exists()


def test_the_first_import_proposes_to_create_the_units_that_its_file_names(inside: Client) -> None:
    inside.post(HERE + "administrateur/", administrator())
    box = re.search(r'<input[^>]*name="create_units"[^>]*>', inside.get(HERE + "agents/").content.decode())
    assert box is not None and " checked" in box[0]
    sent = {"agents": SimpleUploadedFile("agents.csv", agents_csv(*(row(number) for number in range(1, 81))).content)}
    answer = inside.post(HERE + "agents/", sent)
    told = answer.content.decode()
    assert answer.status_code == 422 and told.count("cette unité n’existe pas") == 1
    assert "De même aux lignes 3, 4, 5, 6, 7, 8, 9, 10 et 71 autres." in told
    assert "Des unités que le portail ne connaît pas" in told


def test_a_mail_domain_may_be_written_with_its_at_sign_and_is_explained(inside: Client) -> None:
    asked = {"organisation": "Vallon", "mail_domain": "@vallon.fr"}
    assert inside.post(HERE + "collectivite/", asked).status_code == 302
    told = inside.post(HERE + "collectivite/", asked | {"mail_domain": "pas un domaine"}).content.decode()
    assert "Écrivez ce qui suit l’arobase, comme mairie-saint-aubin.fr." in told


def test_a_second_password_that_is_missing_is_said_once(inside: Client) -> None:
    told = inside.post(HERE + "administrateur/", administrator(again="")).content.decode()
    assert "Les deux saisies ne sont pas les mêmes." not in told and "Ce champ est obligatoire." in told


def test_a_town_of_150_is_in_service_from_the_code_to_the_last_agent(inside: Client) -> None:
    inside.post(HERE + "collectivite/", {"organisation": "Saint-Aubin", "mail_domain": "saint-aubin.fr"})
    hosts = {role: f"{role}.saint-aubin.fr" for role in ("portal", "webmail", "content", "support")}
    assert inside.post(HERE + "adresses/", hosts)["Location"] == HERE + "administrateur/"
    assert inside.post(HERE + "administrateur/", administrator())["Location"] == HERE + "agents/"
    rosa = Account.objects.get(login="rosa.maire@saint-aubin.fr")
    assert has_role(rosa.agent, Role.ADMINISTRATOR) and rosa.check_password(PASSWORD)

    town = [row(number, login=f"agent{number}") for number in range(1, 151)]
    files = {
        "agents": SimpleUploadedFile("agents.csv", agents_csv(*town).content),
        "units": SimpleUploadedFile("unites.csv", units_csv().content),
    }
    answer = inside.post(HERE + "agents/", files)
    assert answer.status_code == 302
    rehearsal = inside.get(answer["Location"]).content.decode()
    assert "Agents créés\u00a0: 150," in rehearsal and Agent.objects.count() == 1
    assert inside.post(answer["Location"])["Location"] == HERE + "fin/"
    assert Agent.objects.count() == 151
    assert Account.objects.filter(login="agent150@saint-aubin.fr").exists()
    page = inside.get(HERE + "fin/").content.decode()
    assert "151" in page and "portal.saint-aubin.fr" in page
    assert AuditEvent.objects.filter(event="portal.installed", subject_id=rosa.agent_id).exists()
    assert inside.get("/administration/").status_code == 200
    assert inside.get(HERE).status_code == 404


def test_after_ten_wrong_codes_even_the_right_one_opens_nothing(browser: Client) -> None:
    for _ in range(10):
        assert browser.post(HERE, {"code": "ABCD-EFGH-JKMN-XXXX"}).status_code == 422
    answer = browser.post(HERE, {"code": CODE})
    assert answer.status_code == 422 and "Relancez « nomade run »" in answer.content.decode()
