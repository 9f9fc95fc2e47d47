"""The pay office's pages: sent, read, stored by one person, released by another, recalled with a reason."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from nomade.accounts.models import Session
from nomade.files.models import StoredFile
from nomade.files.store import DocumentDamaged
from nomade.kernel.clock import now
from nomade.kernel.models import AuditEvent
from nomade.kernel.testing import count_queries, run_jobs
from nomade.notifications.models import Notification
from nomade.payslips.actions import import_payslips, sources
from nomade.payslips.models import BatchState, ImportState, KeptSource, PayImport, Payslip, PayslipBatch
from nomade.payslips.tests.factories import OCTOBER, order, payroll_file
from nomade.payslips.tests.office import send, stored
from nomade.people.factories import grant, make_agent, make_supervised_pair
from nomade.people.models import Agent
from nomade.people.roles import Role

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("one_process")]
SignedIn = Callable[[Agent], Client]


def _addresses() -> list[str]:
    some = "00000000-0000-4000-8000-000000000000"
    return [
        reverse("payslips:office"),
        reverse("payslips:import-new"),
        reverse("payslips:paper-list"),
        *(reverse(f"payslips:{name}", args=[some]) for name in ("import", "batch")),
        reverse("payslips:import-list", args=[some, "missing"]),
    ]


@pytest.mark.parametrize("who", ["agent", "supervisor", "hr officer", "administrator"])
def test_the_office_does_not_exist_without_the_role(who: str, signed_in: SignedIn) -> None:
    agent, supervisor = make_supervised_pair()
    someone = supervisor if who == "supervisor" else agent
    if who == "hr officer":
        grant(someone, Role.HR_OFFICER)
    if who == "administrator":
        grant(someone, Role.ADMINISTRATOR)
    client = signed_in(someone)
    assert {client.get(address).status_code for address in _addresses()} == {404}
    some = "00000000-0000-4000-8000-000000000000"
    for name in ("import-accept", "import-drop", "release", "recall"):
        assert client.post(reverse(f"payslips:{name}", args=[some])).status_code == 404
    assert "Gestion de la paie" not in client.get(reverse("payslips:index")).content.decode()


def test_a_pay_officer_opens_no_slip_of_somebody_else(
    officers: tuple[Agent, Agent], two_agents: list[Agent], tmp_path: Path, signed_in: SignedIn
) -> None:
    import_payslips(order(payroll_file(tmp_path, two_agents)))
    slip = Payslip.objects.get(agent=two_agents[0])
    client = signed_in(officers[0])
    assert client.get(reverse("payslips:page", args=[slip.pk])).status_code == 404
    assert client.get(reverse("payslips:several"), {"bulletin": str(slip.pk)}).status_code == 404


def test_a_file_is_read_then_stored_then_released_by_somebody_else(
    officers: tuple[Agent, Agent], two_agents: list[Agent], tmp_path: Path, signed_in: SignedIn
) -> None:
    client = signed_in(officers[0])
    path = payroll_file(tmp_path, two_agents)
    answer = send(client, path)
    assert answer.status_code == 303
    sent = PayImport.objects.get()
    assert "en attente de lecture" in client.get(answer["Location"]).content.decode().lower()
    run_jobs()
    page = client.get(answer["Location"]).content.decode()
    assert "Ranger 2 bulletins" in page
    assert Payslip.objects.count() == 0
    client.post(reverse("payslips:import-accept", args=[sent.pk]), {"set_aside": "on"})
    assert "Le travail va commencer" in client.get(answer["Location"]).content.decode()
    run_jobs()
    batch = PayslipBatch.objects.get()
    assert (batch.state, batch.imported_by, Payslip.objects.visible(now()).count()) == (
        BatchState.READY, officers[0], 0,
    )  # fmt: skip
    own = client.post(reverse("payslips:release", args=[batch.pk]), {"at": ""})
    assert own.status_code == 422
    assert "une autre personne de la paie doit le publier" in own.content.decode()
    assert signed_in(officers[1]).post(reverse("payslips:release", args=[batch.pk]), {"at": ""}).status_code == 303
    assert Payslip.objects.visible(now()).count() == 2
    run_jobs(later=timedelta(hours=8))
    assert Notification.objects.filter(kind="payslip.published").count() == 2


def test_the_source_is_kept_sealed_with_its_hash_and_comes_out_whole(
    officers: tuple[Agent, Agent], two_agents: list[Agent], tmp_path: Path, signed_in: SignedIn, monkeypatch: Any
) -> None:
    monkeypatch.setattr(sources, "PART", 1000)
    path = payroll_file(tmp_path, two_agents)
    batch = stored(signed_in(officers[0]), path)
    assert batch.source is not None
    assert batch.source.sha256 == batch.source_sha256
    assert batch.source.parts.count() == -(-path.stat().st_size // 1000)
    with sources.laid_out(batch.source) as again:
        assert again.read_bytes() == path.read_bytes()
    assert not again.exists()


def test_a_part_put_in_anothers_place_is_refused(two_agents: list[Agent], tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr(sources, "PART", 1000)
    import_payslips(order(payroll_file(tmp_path, two_agents)))
    source = KeptSource.objects.get()
    first, second = source.parts.order_by("rank")[:2]
    StoredFile.objects.filter(pk=first.file_id).update(storage_name="parked")
    StoredFile.objects.filter(pk=first.file_id).update(storage_name=second.file.storage_name + "-x")
    with pytest.raises(DocumentDamaged), sources.laid_out(source):
        pass


def test_each_list_of_the_dry_run_is_downloaded_and_harmless(
    officers: tuple[Agent, Agent], two_agents: list[Agent], tmp_path: Path, signed_in: SignedIn
) -> None:
    path = payroll_file(tmp_path, two_agents)
    Agent.objects.filter(pk=two_agents[0].pk).update(matricule="AUTRE-1")
    make_agent("Sans", "Bulletin", matricule="00000999")
    client = signed_in(officers[0])
    send(client, path)
    run_jobs()
    sent = PayImport.objects.get()
    assert sent.report["counts"]["unmatched"] == 1
    unknown = client.get(reverse("payslips:import-list", args=[sent.pk, "unmatched"])).content.decode()
    assert "00000101" in unknown
    missing = client.get(reverse("payslips:import-list", args=[sent.pk, "missing"])).content.decode()
    assert "00000999" in missing
    assert client.get(reverse("payslips:import-list", args=[sent.pk, "nothing"])).status_code == 404
    refused = client.post(reverse("payslips:import-accept", args=[sent.pk]))
    assert refused.status_code == 422
    assert "a des anomalies" in refused.content.decode()


def test_several_pdfs_with_their_index_are_one_import(
    officers: tuple[Agent, Agent], two_agents: list[Agent], tmp_path: Path, signed_in: SignedIn
) -> None:
    pdf = payroll_file(tmp_path, two_agents)
    lines = ["matricule;periode;page_debut;page_fin;fichier", "00000102;2026-10;1;1;paie.pdf"]
    index = "\r\n".join([*lines, "00000101;10/2026;2;2;paie.pdf", ""])
    uploads = [
        SimpleUploadedFile("paie.pdf", pdf.read_bytes()),
        SimpleUploadedFile("index.csv", index.encode()),
    ]
    answer = signed_in(officers[0]).post(
        reverse("payslips:import-new"), {"upload": uploads, "period": "2026-10", "type": "ordinary"}
    )
    assert answer.status_code == 303, answer.content.decode()
    run_jobs()
    sent = PayImport.objects.get()
    assert (sent.state, sent.message) == (ImportState.READ, "")
    assert sent.report["ready"] == 2


def test_an_index_that_contradicts_its_page_sets_it_aside(two_agents: list[Agent], tmp_path: Path) -> None:
    pdf = payroll_file(tmp_path, two_agents)
    path = tmp_path / "paie.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.write(pdf, "paie.pdf")
        archive.writestr(
            "index.csv", "matricule;periode;page_debut;page_fin\n00000102;2026-10;1;1\n00000102;2026-10;2;2\n"
        )
    report = import_payslips(order(path, dry_run=True))
    assert [fault.detail for fault in report.plan.faults] == ["l’index dit 00000102, la page dit 00000101"]
    assert [group.matricule for group in report.plan.accepted] == ["00000102"]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("paie.exe", b"MZ", "n’est ni un PDF"),
        ("paie.pdf", b"MZ...", "paie.pdf est abîmé, ou n’est pas un PDF. Rien n’a été importé"),
        ("paie.zip", b"%PDF-1.7", "paie.zip est abîmé, ou n’est pas une archive ZIP."),
        ("index.csv", b"matricule;periode", "Il manque le PDF"),
    ],
)
def test_a_wrong_file_is_refused_with_a_sentence_and_keeps_what_was_typed(
    name: str, content: bytes, said: str, officers: tuple[Agent, Agent], signed_in: SignedIn
) -> None:
    answer = signed_in(officers[0]).post(
        reverse("payslips:import-new"),
        {"upload": SimpleUploadedFile(name, content), "period": "2026-10", "type": "rappel", "run": "second contrat"},
    )
    assert answer.status_code == 422
    html = answer.content.decode()
    assert said in html
    assert "second contrat" in html
    assert PayImport.objects.count() == 0


def test_a_file_that_cannot_be_read_is_stopped_with_its_sentence(
    officers: tuple[Agent, Agent], signed_in: SignedIn
) -> None:
    client = signed_in(officers[0])
    client.post(
        reverse("payslips:import-new"),
        {"upload": SimpleUploadedFile("paie.pdf", b"%PDF-1.7 rien"), "period": "auto", "type": "ordinary"},
    )
    run_jobs()
    sent = PayImport.objects.get()
    assert sent.state == ImportState.FAILED
    page = client.get(reverse("payslips:import", args=[sent.pk])).content.decode()
    assert "ne peut pas être lu" in page
    assert client.post(reverse("payslips:import-drop", args=[sent.pk])).status_code == 303
    assert PayImport.objects.get().state == ImportState.DROPPED


def test_a_full_disk_while_a_file_arrives_leaves_no_row_and_no_part(
    officers: tuple[Agent, Agent], two_agents: list[Agent], tmp_path: Path, signed_in: SignedIn, monkeypatch: Any
) -> None:
    from nomade.files import sealing
    from nomade.files.sealing import DocumentUnavailable

    monkeypatch.setattr(sources, "PART", 1000)
    plain = sealing.write
    written: list[Any] = []

    def until_full(content: Any) -> Any:
        if len(written) == 2:
            raise DocumentUnavailable("no space left on device")
        written.append(plain(content))
        return written[-1]

    monkeypatch.setattr(sealing, "write", until_full)
    answer = send(signed_in(officers[0]), payroll_file(tmp_path, two_agents))
    assert answer.status_code == 503
    assert "Rien n’est perdu" in answer.content.decode()
    assert (PayImport.objects.count(), KeptSource.objects.count(), StoredFile.objects.count()) == (0, 0, 0)
    assert not [found for found in (tmp_path / "files").rglob("*") if found.is_file()]


def test_a_job_run_again_after_it_ended_changes_nothing(
    officers: tuple[Agent, Agent], two_agents: list[Agent], tmp_path: Path, signed_in: SignedIn
) -> None:
    from nomade.payslips.actions.uploads import work_on_import

    stored(signed_in(officers[0]), payroll_file(tmp_path, two_agents))
    work_on_import(PayImport.objects.get().pk)
    assert (Payslip.objects.count(), PayslipBatch.objects.count()) == (2, 1)


def test_the_paper_list_holds_those_who_asked_and_no_other(
    officers: tuple[Agent, Agent], two_agents: list[Agent], tmp_path: Path, signed_in: SignedIn
) -> None:
    import time_machine

    import_payslips(order(payroll_file(tmp_path, two_agents)))
    with time_machine.travel(OCTOBER, tick=True):
        answer = signed_in(two_agents[0]).post(reverse("payslips:paper"), {"papier": "oui"})
        assert answer.status_code == 303
    client = signed_in(officers[0])
    page = client.get(reverse("payslips:paper-list"), {"mois": "2026-10"}).content.decode()
    assert two_agents[0].full_name in page
    assert two_agents[1].full_name not in page
    text = client.get(reverse("payslips:paper-list"), {"mois": "2026-10", "format": "csv"}).content.decode()
    assert "00000101;" in text
    assert client.get(reverse("payslips:paper-list"), {"mois": "octobre"}).status_code == 404


def test_the_pages_of_the_office_keep_their_number_of_queries(
    officers: tuple[Agent, Agent], two_agents: list[Agent], tmp_path: Path, signed_in: SignedIn
) -> None:
    client = signed_in(officers[0])
    batch = stored(client, payroll_file(tmp_path, two_agents))
    sent = PayImport.objects.get()
    for address in (
        reverse("payslips:office"),
        reverse("payslips:import", args=[sent.pk]),
        reverse("payslips:batch", args=[batch.pk]),
        reverse("payslips:paper-list"),
        reverse("payslips:import-new"),
    ):
        with count_queries(12):
            assert client.get(address).status_code == 200


def test_every_gesture_of_the_office_is_in_the_journal(
    officers: tuple[Agent, Agent], two_agents: list[Agent], tmp_path: Path, signed_in: SignedIn
) -> None:
    batch = stored(signed_in(officers[0]), payroll_file(tmp_path, two_agents))
    signed_in(officers[1]).post(reverse("payslips:release", args=[batch.pk]), {"at": ""})
    signed_in(officers[1]).post(reverse("payslips:recall", args=[batch.pk]), {"reason": "x"})
    events = AuditEvent.objects.filter(event__startswith="payslips.").order_by("id").values_list("event", "actor_id")
    assert list(events) == [
        ("payslips.received", officers[0].pk),
        ("payslips.accepted", officers[0].pk),
        ("payslips.import_started", officers[0].pk),
        ("payslips.stored", officers[0].pk),
        ("payslips.published", officers[1].pk),
        ("payslips.recalled", officers[1].pk),
    ]


def test_the_archive_of_a_year_holds_one_file_a_slip(
    two_agents: list[Agent], tmp_path: Path, signed_in: SignedIn
) -> None:
    import_payslips(order(payroll_file(tmp_path, two_agents)))
    client = signed_in(two_agents[0])
    answer = client.get(reverse("payslips:several"), {"annee": "2026"})
    with zipfile.ZipFile(io.BytesIO(answer.content)) as archive:
        assert archive.namelist() == ["bulletin-de-paie-2026-10.pdf"]
        assert archive.read(archive.namelist()[0]).startswith(b"%PDF")
    other = Payslip.objects.get(agent=two_agents[1])
    assert client.get(reverse("payslips:several"), {"bulletin": str(other.pk)}).status_code == 404
    assert client.get(reverse("payslips:several"), {"annee": "x"}).status_code == 404
    assert client.get(reverse("payslips:several")).status_code == 422


def test_a_release_asks_again_who_is_there_and_the_second_officer_finds_it_on_the_home_page(
    officers: tuple[Agent, Agent], two_agents: list[Agent], tmp_path: Path, signed_in: SignedIn
) -> None:
    batch = stored(signed_in(officers[0]), payroll_file(tmp_path, two_agents))
    second = signed_in(officers[1])
    address = reverse("payslips:release", args=[batch.pk])
    assert "Bulletins à publier" in second.get("/").content.decode()
    assert "Bulletins à publier" not in signed_in(officers[0]).get("/").content.decode()
    Session.objects.update(authenticated_at=now() - timedelta(hours=3))
    assert second.post(address, {"at": ""})["Location"].startswith(reverse("accounts:confirm"))
    batch.refresh_from_db()
    assert batch.state == BatchState.READY
