"""« Mon portefeuille »: whom one follows, what waits, what ends, lists and letters."""

from __future__ import annotations

import io
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pypdfium2
import pytest
from django.test import Client
from django.urls import reverse
from openpyxl import load_workbook

from nomade.accounts.factories import make_account
from nomade.accounts.models import Account
from nomade.accounts.testing import client_of
from nomade.administration.models import LetterTemplate
from nomade.administration.portfolio.actions import save_template
from nomade.certificates.models import CertificateRequest, HumanKind
from nomade.kernel.clock import now, today
from nomade.kernel.models import AuditEvent
from nomade.kernel.testing import count_queries
from nomade.leave.factories import ask_leave, open_rights
from nomade.leave.models import SavingRequest
from nomade.people.factories import grant, make_agent, make_supervised_pair, make_unit
from nomade.people.models import Agent, Status
from nomade.people.roles import Role
from nomade.personnel_file.models import ChangeRequest, Subject, Title
from nomade.questions.factories import make_question
from nomade.support.factories import make_ticket
from nomade.support.models import Ticket
from nomade.training.actions.enrolments import Wish
from nomade.training.actions.enrolments import ask as ask_training
from nomade.training.factories import make_course, make_session
from nomade.training.models import Enrolment

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Agent], Client]


@pytest.fixture
def people() -> dict[str, Agent]:
    agent, head = make_supervised_pair()
    made = {
        "agent": agent,
        "head": head,
        "hr": make_agent("Sophie", "Laurent", unit=make_unit("DEVE/SRH")),
        "foreign": make_agent("Paule", "Ailleurs", unit=make_unit("DPE")),
        "keeper": make_agent("Marc", "Dubois", unit=make_unit("DRH")),
        "pay": make_agent("Thomas", "Roy", unit=make_unit("DRH")),
        "administrator": make_agent("Paul", "Girard", unit=make_unit("DSIN")),
        "stranger": make_agent("Ali", "Autre", unit=make_unit("DPE")),
    }
    grant(made["hr"], Role.HR_OFFICER, make_unit("DEVE"))
    grant(made["foreign"], Role.HR_OFFICER, make_unit("DPE"))
    grant(made["keeper"], Role.HR_OFFICER)
    grant(made["pay"], Role.PAY_OFFICER)
    grant(made["administrator"], Role.ADMINISTRATOR)
    return made


@pytest.fixture
def browser() -> SignedIn:
    return lambda agent: client_of(Account.objects.filter(agent=agent).first() or make_account(agent))


@pytest.fixture
def letter(people: dict[str, Agent]) -> LetterTemplate:
    return save_template(
        None, title="Visite médicale", body="Bonjour {prenom},\n\nService : {service}.", signature="La DRH",
        active=True, by=people["hr"],
    )  # fmt: skip


def change(owner: Agent, missing: str = "", subject: Subject = Subject.ADDRESS) -> ChangeRequest:
    return ChangeRequest.objects.create(
        reference=f"C-2026-{ChangeRequest.objects.count() + 900000:06d}", owner=owner, subject=subject, sealed=b"x",
        effective_on=today(), missing=missing, promised_on=today() + timedelta(days=9),
    )  # fmt: skip


def certificate(owner: Agent, promised: int = 5) -> CertificateRequest:
    return CertificateRequest.objects.create(
        reference=f"C-2026-{CertificateRequest.objects.count() + 800000:06d}", owner=owner,
        kind=HumanKind.values[0], promised_on=today() + timedelta(days=promised),
    )  # fmt: skip


HR = {"hr", "foreign", "keeper"}
OF_THE_AGENT = {"hr", "keeper"}


def test_each_address_opens_to_hr_officers_alone_and_a_card_inside_the_perimeter_alone(
    people: dict[str, Agent], browser: SignedIn, letter: LetterTemplate
) -> None:
    wanted: dict[str, tuple[list[Any], set[str]]] = {
        "index": ([], HR),
        "waiting": ([], HR),
        "alerts": ([], HR),
        "templates": ([], HR),
        "template": ([letter.pk], HR),
        "export": (["agents", "csv"], HR),
        "card": ([people["agent"].matricule], OF_THE_AGENT),
    }
    for name, (arguments, readers) in wanted.items():
        address = reverse(f"portfolio:{name}", args=arguments)
        opened = {who for who, agent in people.items() if browser(agent).get(address).status_code == 200}
        assert opened == readers, name
    refused = {who: browser(people[who]).post("/portefeuille/").status_code for who in set(people) - HR}
    assert set(refused.values()) == {404}
    assert browser(people["hr"]).get(reverse("portfolio:card", args=[people["hr"].matricule])).status_code == 404


def test_the_list_holds_the_agents_of_the_perimeter_who_have_not_left(
    people: dict[str, Agent], browser: SignedIn
) -> None:
    make_agent("Jeanne", "Partie", unit=make_unit("DEVE"), exit_date=today() - timedelta(days=1))
    page = browser(people["hr"]).get("/portefeuille/").content.decode()
    assert "Camille Durand" in page and "Mehdi Benali" in page
    assert "Ali Autre" not in page and "Jeanne Partie" not in page


@pytest.mark.parametrize(
    ("asked", "kept"),
    [
        ({"q": "zoe"}, {"Zoé"}),
        ({"statut": "contractuel"}, {"Zoé"}),
        ({"quotite": "partiel"}, {"Yves"}),
        ({"quotite": "plein", "service": "DEVE/J16"}, {"Zoé"}),
        ({"service": "j16"}, {"Zoé", "Yves"}),
        ({"service": "équipe du seiz"}, {"Zoé", "Yves"}),
        ({"fin": "30"}, {"Zoé"}),
        ({"piece": "1"}, {"Yves"}),
        ({"echeance": "90"}, {"Yves"}),
        ({"attente": "1"}, {"Zoé"}),
        ({"fin": "30", "quotite": "partiel"}, set()),
    ],
)
def test_each_filter_keeps_those_it_names(
    asked: dict[str, str], kept: set[str], people: dict[str, Agent], browser: SignedIn
) -> None:
    make_unit("DEVE/J16", "Équipe du Seizième")
    zoe = make_agent("Zoé", "Z", unit=make_unit("DEVE/J16"), status=Status.CONTRACTUEL)
    zoe.situations.update(valid_to=today() + timedelta(days=20))
    yves = make_agent("Yves", "Y", unit=make_unit("DEVE/J16"), quotite=80)
    change(yves, missing="Un justificatif de domicile")
    Title.objects.create(
        agent=yves, kind="permis", label="Permis C", obtained_on=today(), expires_on=today() + timedelta(days=60)
    )
    certificate(zoe)
    lines = browser(people["hr"]).get("/portefeuille/listes/agents.csv", asked).content.decode("utf-8-sig")
    assert {row.split(";")[2] for row in lines.splitlines()[1:]} == kept


def test_requests_of_all_services_come_the_oldest_first_and_lead_to_their_answer(
    people: dict[str, Agent], browser: SignedIn
) -> None:
    open_rights(people["agent"], people["head"], people["stranger"])
    leave, question = ask_leave(people["agent"]), make_question(people["agent"])
    asked, paper = change(people["agent"]), certificate(people["agent"], promised=-1)
    CertificateRequest.objects.update(submitted_at=now() - timedelta(days=9))
    change(people["agent"], missing="Une pièce")  # waits for the agent
    change(people["agent"], subject=Subject.DISABILITY)  # is the referent's
    make_question(people["agent"], code="ligne-paie")  # is the pay office's
    make_question(people["stranger"])
    client = browser(people["hr"])
    page = client.get("/portefeuille/demandes/").content.decode()
    found = sorted((one.reference for one in (leave, question, asked, paper)), key=page.index)
    assert found[0] == paper.reference and page.count("ticket-list__subject") == 4
    for address in (
        reverse("leave:request", args=[leave.pk]),
        reverse("questions:page", args=[question.pk]),
        reverse("certificates:answer", args=[paper.pk]),
    ):
        assert address in page and client.get(address).status_code == 200
    late = client.get("/portefeuille/demandes/?retard=1").content.decode()
    assert late.count("ticket-list__subject") == 1 and paper.reference in late
    assert client.get("/portefeuille/demandes/?demande=question").content.decode().count("ticket-list__subject") == 1


def test_enrolments_wait_in_the_portfolio_and_tickets_for_who_is_a_technician_too(
    people: dict[str, Agent], browser: SignedIn
) -> None:
    session = make_session(make_course(), by=people["stranger"])
    asked = Enrolment.objects.get(pk=ask_training(people["agent"], session, Wish(), token=str(uuid.uuid4())))
    ask_training(people["stranger"], session, Wish(), token=str(uuid.uuid4()))
    tickets = [make_ticket(people["agent"]), make_ticket(people["stranger"])]
    client = browser(people["hr"])
    page = client.get("/portefeuille/demandes/?demande=training").content.decode()
    assert page.count("ticket-list__subject") == 1 and asked.reference in page
    assert client.get(reverse("training:decide", args=[asked.pk])).status_code == 200
    assert tickets[0].reference not in client.get("/portefeuille/demandes/").content.decode()
    grant(people["hr"], Role.SUPPORT_TECHNICIAN, make_unit("DEVE"))
    page = client.get("/portefeuille/demandes/?demande=ticket").content.decode()
    assert page.count("ticket-list__subject") == 1 and tickets[0].reference in page
    late = now() - timedelta(days=3)
    Ticket.objects.update(due_at=late)
    assert tickets[0].reference in client.get("/portefeuille/demandes/?retard=1").content.decode()


def test_days_to_save_wait_in_the_portfolio_and_lead_to_their_answer(
    people: dict[str, Agent], browser: SignedIn
) -> None:
    asked = SavingRequest.objects.create(owner=people["agent"], reference="C-2026-770001", year=2026, annual=4)
    client = browser(people["hr"])
    page = client.get("/portefeuille/demandes/?demande=saving").content.decode()
    assert page.count("ticket-list__subject") == 1 and asked.reference in page
    address = reverse("leave:hr-accounts")
    assert f"{address}#motif-{asked.pk}" in page
    assert f'id="motif-{asked.pk}"' in client.get(address).content.decode()


def test_alerts_tell_ends_of_contract_licences_and_late_requests(people: dict[str, Agent], browser: SignedIn) -> None:
    people["agent"].situations.update(status=Status.CONTRACTUEL, valid_to=today() + timedelta(days=40))
    Title.objects.create(
        agent=people["head"], kind="permis", label="Permis EB", obtained_on=today(),
        expires_on=today() + timedelta(days=10),
    )  # fmt: skip
    paper = certificate(people["head"], promised=-3)
    page = browser(people["hr"]).get("/portefeuille/alertes/").content.decode()
    assert page.index("Permis EB") < page.index("Fin de contrat") and paper.reference in page
    card = browser(people["hr"]).get(reverse("portfolio:card", args=[people["agent"].matricule])).content.decode()
    assert "Fin de contrat, " in card and "Aucune." not in card
    other = browser(people["foreign"]).get("/portefeuille/alertes/").content.decode()
    assert "Permis EB" not in other and paper.reference not in other


def test_alerts_are_shown_by_pages_and_all_of_them_leave_in_the_spreadsheet(
    people: dict[str, Agent], browser: SignedIn
) -> None:
    unit = make_unit("DEVE")
    many = [make_agent("Renaud", f"Fini{number:03d}", unit=unit) for number in range(60)]
    Agent.objects.filter(pk__in=[one.pk for one in many]).update(exit_date=today() + timedelta(days=20))
    client = browser(people["hr"])
    first, second = (client.get(f"/portefeuille/alertes/?page={number}").content.decode() for number in (1, 2))
    assert "Fini000" in first and "Fini059" not in first and "Page 1 sur 2" in first
    assert "Fini059" in second and "Fini000" not in second
    listed = client.get("/portefeuille/listes/alertes.csv").content.decode("utf-8-sig")
    assert all(one.matricule in listed for one in many)


def test_a_list_leaves_as_a_spreadsheet_that_runs_nothing(people: dict[str, Agent], browser: SignedIn) -> None:
    make_agent("=cmd", "Piège", unit=make_unit("DEVE"))
    client = browser(people["hr"])
    book = load_workbook(io.BytesIO(client.get("/portefeuille/listes/agents.xlsx?q=piege").content))
    rows = [[cell.value for cell in row] for row in book.worksheets[0].iter_rows()]
    assert rows[0][0] == "Matricule" and rows[1][2] == "'=cmd"
    assert client.get("/portefeuille/listes/alertes.csv").status_code == 200
    assert client.get("/portefeuille/listes/demandes.xlsx").status_code == 200
    assert client.get("/portefeuille/listes/agents.pdf").status_code == 404
    assert client.get("/portefeuille/listes/salaires.csv").status_code == 404
    assert AuditEvent.objects.filter(event="portfolio.exported", actor_id=people["hr"].pk).count() == 3


def test_letters_are_made_for_those_ticked_of_the_perimeter_alone(
    people: dict[str, Agent], browser: SignedIn, letter: LetterTemplate
) -> None:
    chosen = [people["agent"].matricule, people["stranger"].matricule]
    answer = browser(people["hr"]).post("/portefeuille/", {"lettre": str(letter.pk), "agent": chosen})
    assert answer["Content-Type"] == "application/pdf"
    document = pypdfium2.PdfDocument(answer.content)
    text = document[0].get_textpage().get_text_range()
    assert len(document) == 1 and "Bonjour Camille," in text and "Service : J15." in text and "La DRH" in text
    event = AuditEvent.objects.get(event="portfolio.letters")
    assert event.facts["agents"] == [people["agent"].pk]


def test_letters_go_to_all_that_the_filters_keep_and_no_further(
    people: dict[str, Agent], browser: SignedIn, letter: LetterTemplate, settings: Any
) -> None:
    from dataclasses import replace

    client, sent = browser(people["hr"]), {"lettre": str(letter.pk), "tous": "1", "service": "DEVE/J15"}
    assert len(pypdfium2.PdfDocument(client.post("/portefeuille/", sent).content)) == 2
    settings.NOMADE = replace(settings.NOMADE, portfolio_letters=1)
    many = client.post("/portefeuille/", sent)
    assert many.status_code == 422 and "Pas plus de 1 lettres" in many.content.decode()
    kept = client.post("/portefeuille/", {"agent": people["agent"].matricule, "lettre": "x", "service": "DEVE/J15"})
    page = kept.content.decode()
    assert kept.status_code == 422 and "Choisissez une lettre." in page
    assert f'value="{people["agent"].matricule}" checked' in page and 'value="DEVE/J15"' in page
    none = client.post("/portefeuille/", {"lettre": str(letter.pk)})
    assert none.status_code == 422 and "Cochez au moins un agent" in none.content.decode()
    assert client.post("/portefeuille/", {"agent": "x"}).status_code == 422


def test_a_letter_is_written_and_corrected_on_the_screen(people: dict[str, Agent], browser: SignedIn) -> None:
    client = browser(people["hr"])
    empty = client.post("/portefeuille/lettres/modeles/", {"title": "", "body": "Mon texte"})
    assert empty.status_code == 422 and "Mon texte" in empty.content.decode()
    sent = {"title": "Rappel", "body": "Bonjour {prenom}", "active": "on"}
    assert client.post("/portefeuille/lettres/modeles/", sent).status_code == 303
    kept = LetterTemplate.objects.get(title="Rappel")
    client.post(reverse("portfolio:template", args=[kept.pk]), sent | {"title": "Rappel urgent"})
    kept.refresh_from_db()
    assert (kept.title, kept.updated_by) == ("Rappel urgent", people["hr"])


@pytest.mark.parametrize("count", [3, 40])
def test_each_page_asks_few_queries_whatever_the_number(
    count: int, people: dict[str, Agent], browser: SignedIn
) -> None:
    many = [make_agent(f"Agent{number}", "Nombreux", unit=make_unit("DEVE/J15")) for number in range(count)]
    for agent in many:
        make_question(agent)
        certificate(agent)
    grant(people["hr"], Role.SUPPORT_TECHNICIAN, make_unit("DEVE"))
    client = browser(people["hr"])
    card = reverse("portfolio:card", args=[many[0].matricule])
    for address in ("/portefeuille/", "/portefeuille/demandes/", "/portefeuille/alertes/", card):
        client.get(address)
        with count_queries(at_most=12):
            assert client.get(address).status_code == 200
