"""Who reads what of a file (§ 7.1), what trace it leaves, and what its owner takes away."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from datetime import date, timedelta

import pikepdf
import pytest
import time_machine
from django.core import mail
from django.core.management import CommandError, call_command
from django.test import Client
from django.urls import reverse

from nomade.kernel.clock import now
from nomade.kernel.models import AuditEvent
from nomade.kernel.registry import services
from nomade.kernel.testing import count_queries, run_jobs
from nomade.notifications.models import Notification
from nomade.people.factories import grant, make_agent
from nomade.people.models import Agent
from nomade.people.roles import Role
from nomade.personnel_file.actions.exports import make, purge_exports
from nomade.personnel_file.bank_facts import seal_iban
from nomade.personnel_file.models import (
    BankChange,
    Child,
    CivilStatus,
    Consultation,
    DataExport,
    DisabilityRecognition,
    EmergencyAccess,
    EmergencyContact,
    Title,
)
from nomade.personnel_file.nirs import shown_nir
from nomade.personnel_file.portability import everything
from nomade.personnel_file.retention import purge_consultations
from nomade.personnel_file.rules.matrix import MATRIX, Reader, Section
from nomade.personnel_file.secrets import sealed_fact
from nomade.personnel_file.tests.test_requests import People, ask, people  # noqa: F401  # a fixture

pytestmark = pytest.mark.django_db
SignedIn = Callable[[Agent], Client]
NIR, IBAN = "184127645108946", "FR7630006000011234567890189"
# What each part shows that nothing else of the page does.
MARKS = {
    Section.IDENTITY: "Camille Durand",
    Section.CONTACT: "06 12 34 56 78",
    Section.EMERGENCY: "Aline Secours",
    Section.ADDRESS: "1 place d’Italie",
    Section.FAMILY: "Lou Durand",
    Section.CAREER: "échelon",
    Section.TITLES: "Permis C",
    Section.BANK: "0189",
    Section.NIR: "1 84 ••",
    Section.DISABILITY: "2025-03-01",
}
CAPACITIES = {
    "supervisor": Reader.SUPERVISOR,
    "hr": Reader.HR_OFFICER,
    "pay": Reader.PAY_OFFICER,
    "referent": Reader.DISABILITY_REFERENT,
}


@pytest.fixture
def filled(people: People) -> People:  # noqa: F811
    """A file where every part holds something."""
    owner = people.owner
    owner.mobile = "06 12 34 56 78"
    owner.save()
    owner.situations.update(echelon="7")
    EmergencyContact.objects.create(agent=owner, rank=1, name="Aline Secours", phone="06 00 00 00 01")
    CivilStatus.objects.create(agent=owner, family="pacse", nir_sealed=sealed_fact("nir", owner.pk, {"nir": NIR}))
    born = date(2020, 5, 1)
    Child.objects.create(agent=owner, first_name="Lou", last_name="Durand", birth_date=born, since=born)
    Title.objects.create(agent=owner, kind="permis", label="Permis C", obtained_on=date(2020, 1, 1))
    recognised = {"recognised_on": "2025-03-01", "recognised_until": ""}
    DisabilityRecognition.objects.create(agent=owner, sealed=sealed_fact("disability", owner.pk, recognised))
    account = BankChange(owner=owner, reference="C-2020-000001", state="approved", from_payroll=True)
    account.sealed, account.tail, account.holder = seal_iban(account.pk, owner.pk, IBAN), IBAN[-4:], "Mme Durand"
    account.confirmed_at = now()
    account.save()
    return people


def page_of(client: Client, agent: Agent) -> str:
    answer = client.get(reverse("personnel_file:agent-file", args=[agent.matricule]))
    return answer.content.decode().replace("\N{NO-BREAK SPACE}", " ") if answer.status_code == 200 else ""


@pytest.mark.parametrize("section", MARKS)
@pytest.mark.parametrize("name", CAPACITIES)
def test_each_reader_sees_their_parts_and_no_other(
    filled: People, signed_in: SignedIn, name: str, section: Section
) -> None:
    page = page_of(signed_in(getattr(filled, name)), filled.owner)
    assert page
    assert (MARKS[section] in page) == (section in MATRIX[CAPACITIES[name]]), (name, section)


def test_the_matrix_is_the_one_of_the_reference() -> None:
    """§ 7.1, line by line: account, NIR, recognition, family and address, for each column."""

    def seeing(section: Section) -> set[Reader]:
        return {reader for reader, sections in MATRIX.items() if section in sections} - {Reader.OWNER}

    assert MATRIX[Reader.OWNER] == set(Section)
    assert seeing(Section.BANK) == {Reader.PAY_OFFICER}
    assert seeing(Section.NIR) == {Reader.PAY_OFFICER}
    assert seeing(Section.DISABILITY) == {Reader.DISABILITY_REFERENT}
    assert seeing(Section.FAMILY) == seeing(Section.ADDRESS) == {Reader.HR_OFFICER, Reader.PAY_OFFICER}
    assert seeing(Section.TITLES) == {Reader.HR_OFFICER, Reader.SUPERVISOR}
    for nobody in (Reader.COLLEAGUE, Reader.SUPPORT_TECHNICIAN, Reader.ADMINISTRATOR):
        assert not MATRIX[nobody]


def test_a_stranger_another_perimeter_support_and_administrators_find_no_file(
    filled: People, signed_in: SignedIn
) -> None:
    support, admin = make_agent("Lucas", "Petit"), make_agent("Paul", "Girard")
    grant(support, Role.SUPPORT_TECHNICIAN)
    grant(admin, Role.ADMINISTRATOR)
    for reader in (filled.other_hr, filled.stranger, filled.dpo, support, admin):
        assert page_of(signed_in(reader), filled.owner) == ""
    assert page_of(signed_in(filled.owner), filled.owner) == ""
    assert not Consultation.objects.exists()


def test_neither_number_is_ever_on_a_page_in_full(filled: People, signed_in: SignedIn) -> None:
    for reader in (filled.pay, filled.hr, filled.referent):
        page = page_of(signed_in(reader), filled.owner).replace(" ", "")
        assert NIR not in page and IBAN not in page
    assert NIR not in signed_in(filled.owner).get(reverse("personnel_file:index")).content.decode().replace(" ", "")


def test_each_reading_is_inscribed_and_its_owner_reads_it(filled: People, signed_in: SignedIn) -> None:
    page_of(signed_in(filled.hr), filled.owner)
    line = Consultation.objects.get()
    assert line.reader == filled.hr and set(line.sections) == set(MATRIX[Reader.HR_OFFICER])
    assert AuditEvent.objects.filter(event="file.opened", subject_id=filled.owner.pk).count() == 1
    journal = signed_in(filled.owner).get(reverse("personnel_file:consultations")).content.decode()
    assert "Sophie Laurent" in journal and "gestionnaire RH" in journal and "carrière" in journal
    other = signed_in(filled.stranger).get(reverse("personnel_file:consultations")).content.decode()
    assert "Sophie Laurent" not in other


def test_the_list_of_files_and_the_requests_of_a_desk_leave_a_trace_too(filled: People, signed_in: SignedIn) -> None:
    desk = signed_in(filled.hr)
    listed = desk.get(reverse("personnel_file:agents"), {"q": "durand"}).content.decode()
    assert filled.owner.matricule in listed and filled.stranger.matricule not in listed
    assert AuditEvent.objects.filter(event="file.agents_listed", actor_id=filled.hr.pk).count() == 1
    asked = ask(signed_in(filled.owner), "diplome")
    desk.get(reverse("personnel_file:decide", args=[asked.pk]))
    assert Consultation.objects.get(reader=filled.hr).sections == ["request"]
    assert signed_in(filled.stranger).get(reverse("personnel_file:agents")).status_code == 404


def test_breaking_the_glass_needs_a_reason_and_tells_everybody(
    filled: People, signed_in: SignedIn, settings: object
) -> None:
    from dataclasses import replace

    settings.NOMADE = replace(settings.NOMADE, data_protection_email="dpo@exemple.fr")  # type: ignore[attr-defined]
    client, address = signed_in(filled.other_hr), reverse("personnel_file:break-glass")
    matricule = filled.owner.matricule
    assert client.post(address, {"matricule": matricule, "reason": "vite"}).status_code == 422
    assert page_of(client, filled.owner) == ""
    reason = "Accident sur la voie publique, famille à joindre"
    assert client.post(address, {"matricule": matricule, "reason": reason}).status_code == 303
    assert "Aline Secours" in page_of(client, filled.owner)
    told = set(Notification.objects.filter(kind__startswith="security.").values_list("agent", flat=True))
    assert told == {filled.owner.pk, filled.dpo.pk}
    run_jobs()
    assert any(message.to == ["dpo@exemple.fr"] for message in mail.outbox)
    journal = signed_in(filled.owner).get(reverse("personnel_file:consultations")).content.decode()
    assert reason in journal
    assert reason in signed_in(filled.dpo).get(reverse("personnel_file:emergencies")).content.decode()
    assert signed_in(filled.hr).get(reverse("personnel_file:emergencies")).status_code == 404
    with time_machine.travel(now() + timedelta(hours=4, minutes=1), tick=False):
        assert page_of(signed_in(filled.other_hr), filled.owner) == ""


@pytest.mark.parametrize("name", ["supervisor", "pay", "stranger", "owner"])
def test_only_hr_breaks_the_glass(filled: People, signed_in: SignedIn, name: str) -> None:
    client = signed_in(getattr(filled, name))
    sent = {"matricule": filled.owner.matricule, "reason": "Une raison assez longue pour passer"}
    assert client.post(reverse("personnel_file:break-glass"), sent).status_code == 404
    assert not EmergencyAccess.objects.exists()


def test_traces_of_reading_stay_three_years(filled: People, signed_in: SignedIn) -> None:
    with time_machine.travel("2026-11-27 10:00:00+01:00", tick=False):
        page_of(signed_in(filled.hr), filled.owner)
    with time_machine.travel("2029-11-26 10:00:00+01:00", tick=False):
        assert purge_consultations() == 0
    with time_machine.travel("2029-11-29 10:00:00+01:00", tick=False):
        assert purge_consultations() == 1


def test_the_career_is_told_from_today_back(filled: People, signed_in: SignedIn) -> None:
    page = signed_in(filled.owner).get(reverse("personnel_file:career")).content.decode()
    assert "Adjoint technique" in page and "Jardinière" in page and "100" in page


def test_the_pages_of_files_cost_few_queries(filled: People, signed_in: SignedIn) -> None:
    owner = filled.owner
    for reader, address in (
        (filled.owner, reverse("personnel_file:career")),
        (filled.owner, reverse("personnel_file:consultations")),
        (filled.owner, reverse("personnel_file:own-data")),
        (filled.stranger, reverse("personnel_file:index")),
    ):
        client = signed_in(reader)
        client.get(address)
        with count_queries(at_most=12):
            assert client.get(address).status_code == 200, address
    client = signed_in(filled.hr)
    page_of(client, owner)
    # Nine parts of one file, and the two rows that say it was read.
    with count_queries(at_most=12):
        assert page_of(client, owner)


def test_every_service_gives_its_data_or_says_why_not() -> None:
    for service in services():
        assert (service.export is None) == bool(service.no_export), service.key


def test_an_export_holds_every_service_and_nothing_of_anybody_else(filled: People) -> None:
    data = everything(filled.owner)
    text = json.dumps(data, default=str)
    assert {service.key for service in services()} <= set(data)
    assert "Aline Secours" in text and "Lou" in text and "Permis C" in text and "2025-03-01" in text
    assert NIR not in text and IBAN not in text
    assert "Aline Secours" not in json.dumps(everything(filled.stranger), default=str)


def test_a_copy_of_ones_data_is_json_and_a_pdf_that_opens_once(filled: People, signed_in: SignedIn) -> None:
    client = signed_in(filled.owner)
    assert client.post(reverse("personnel_file:ask-export")).status_code == 303
    run_jobs()
    export = DataExport.objects.get()
    address = reverse("personnel_file:fetch-export", args=[export.pk])
    assert signed_in(filled.stranger).post(address).status_code == 404
    content = client.post(address).content
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        assert json.loads(packed.read("donnees.json"))["identity"]["matricule"] == filled.owner.matricule
        with pikepdf.open(io.BytesIO(packed.read("donnees.pdf"))) as pdf:
            assert pdf.Root.MarkInfo.Marked and str(pdf.Root.Lang).startswith("fr")
    assert client.post(address).status_code == 303
    export.refresh_from_db()
    assert export.file is None and export.fetched_at is not None


def test_a_copy_that_nobody_fetches_is_deleted_after_its_hours(filled: People, signed_in: SignedIn) -> None:
    client = signed_in(filled.owner)
    client.post(reverse("personnel_file:ask-export"))
    client.post(reverse("personnel_file:ask-export"))
    export = DataExport.objects.get()
    make(str(export.pk))
    assert purge_exports() == 0
    with time_machine.travel(now() + timedelta(hours=49), tick=False):
        assert purge_exports() == 1
        again = signed_in(filled.owner).post(reverse("personnel_file:fetch-export", args=[export.pk]))
        assert again.status_code == 303


def test_the_import_of_numbers_checks_each_key_and_takes_all_or_nothing(
    filled: People,
    tmp_path: object,
) -> None:
    stranger = filled.stranger
    file = tmp_path / "nir.csv"  # type: ignore[operator]
    file.write_text(
        f"matricule;nir\n{stranger.matricule};1 84 12 76 451 089 46\n{filled.hr.matricule};184127645108947\n"
    )
    with pytest.raises(CommandError, match="1 ligne"):
        call_command("import_nir", str(file))
    assert not CivilStatus.objects.filter(agent=stranger).exists()
    file.write_text(f"matricule;nir\n{stranger.matricule};2 55 08 2A 999 999 92\n")
    call_command("import_nir", str(file))
    stranger = Agent.objects.select_related("civil_status").get(pk=stranger.pk)
    assert shown_nir(stranger).startswith("2")
    assert b"2A999999" not in bytes(stranger.civil_status.nir_sealed or b"")


def test_the_privacy_page_says_purposes_durations_and_who_sees_what(client: Client) -> None:
    from nomade.accounts.testing import client_on

    page = client_on("portal").get("/donnees-personnelles/").content.decode()
    for said in ("mission d’intérêt public", "Durées de conservation", "CNIL", "référent handicap", "3 ans"):
        assert said in page
