"""From a payroll's file to published slips, and everything that can be wrong with the file."""

from __future__ import annotations

import zipfile
from datetime import date, timedelta
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pikepdf
import pytest

from nomade.files import store
from nomade.files.models import StoredFile
from nomade.kernel.clock import now
from nomade.kernel.encryption import unseal
from nomade.kernel.errors import Refusal
from nomade.kernel.models import AuditEvent
from nomade.kernel.testing import run_jobs
from nomade.notifications.models import Notification
from nomade.payslips.actions import import_payslips
from nomade.payslips.models import BatchState, Payslip, PayslipBatch, PayslipType, as_bytes
from nomade.payslips.rules import FaultKind
from nomade.payslips.splitting.reading import Patterns, read_pages
from nomade.payslips.tests.factories import OCTOBER, edited, order, payroll_file
from nomade.payslips.work import net_context
from nomade.people.factories import make_agent
from nomade.people.models import Agent

pytestmark = pytest.mark.django_db


@pytest.fixture
def agents() -> list[Agent]:
    """Of one page each: matricules that end in 17 or 71 have an annex."""
    names = [("Zoé", "Lefèvre"), ("Ali", "Benali"), ("Inès", "Moreau")]
    return [make_agent(*name, matricule=f"0000010{rank}") for rank, name in enumerate(names)]


def _kinds(faults: tuple) -> list[FaultKind]:  # type: ignore[type-arg]
    return [fault.kind for fault in faults]


def test_each_agent_receives_exactly_their_own_slip(agents: list[Agent], tmp_path: Path) -> None:
    report = import_payslips(order(payroll_file(tmp_path, agents)))
    assert (report.stored, report.published, report.failed) == (3, True, False)
    for agent in agents:
        slip = Payslip.objects.get(agent=agent)
        (tmp_path / "slip.pdf").write_bytes(store.read(slip.file))
        facts = read_pages(tmp_path / "slip.pdf", "slip", 0, slip.pages, Patterns())
        assert {fact.matricule for fact in facts} == {agent.matricule} == {slip.matricule}
        assert (slip.period, slip.file.owner_id, slip.paid_on) == (OCTOBER, agent.pk, date(2026, 10, 27))


def test_the_amount_is_sealed_for_that_slip_and_agent(agents: list[Agent], tmp_path: Path) -> None:
    path = payroll_file(tmp_path, agents[:1])
    import_payslips(order(path))
    slip = Payslip.objects.get(agent=agents[0])
    net = Decimal(unseal(as_bytes(slip.net_sealed), context=net_context(slip.pk, agents[0].pk)).decode())
    assert net == read_pages(path, "paie", 0, 1, Patterns())[0].net


def test_page_content_is_kept_unaltered(agents: list[Agent], tmp_path: Path) -> None:
    path = payroll_file(tmp_path, agents[:1])
    import_payslips(order(path))
    stored = tmp_path / "stored.pdf"
    stored.write_bytes(store.read(StoredFile.objects.get(kind="payslip")))
    with pikepdf.open(path) as source, pikepdf.open(stored) as slip:
        assert slip.pages[0].Contents.read_bytes() == source.pages[0].Contents.read_bytes()
        assert str(slip.Root.Lang) == "fr-FR"


def test_the_same_file_again_changes_nothing_and_says_so(agents: list[Agent], tmp_path: Path) -> None:
    path = payroll_file(tmp_path, agents)
    import_payslips(order(path))
    again = import_payslips(order(path))
    assert "déjà été importé" in again.already
    assert (Payslip.objects.count(), PayslipBatch.objects.count()) == (3, 1)


def test_a_dry_run_records_nothing(agents: list[Agent], tmp_path: Path) -> None:
    report = import_payslips(order(payroll_file(tmp_path, agents), dry_run=True))
    assert len(report.plan.accepted) == 3
    assert (PayslipBatch.objects.count(), StoredFile.objects.count(), AuditEvent.objects.count()) == (0, 0, 0)


def test_an_agent_without_slip_is_reported_but_stops_nobody(agents: list[Agent], tmp_path: Path) -> None:
    report = import_payslips(order(payroll_file(tmp_path, agents[:2])))
    assert report.plan.missing == ((agents[2].matricule, OCTOBER),)
    assert report.published


def test_somebody_who_left_before_the_month_is_not_missing(agents: list[Agent], tmp_path: Path) -> None:
    make_agent("Parti", "Ailleurs", exit_date=date(2026, 9, 30))
    assert import_payslips(order(payroll_file(tmp_path, agents))).plan.missing == ()


def test_a_slip_found_twice_blocks_the_batch(agents: list[Agent], tmp_path: Path) -> None:
    path = edited(payroll_file(tmp_path, agents), keep=[0, 1, 0, 2], name="double.pdf")
    report = import_payslips(order(path))
    assert _kinds(report.plan.faults) == [FaultKind.DOUBLE, FaultKind.DOUBLE]
    assert [(fault.first_page, fault.last_page) for fault in report.plan.faults] == [(1, 1), (3, 3)]
    assert (report.failed, Payslip.objects.count()) == (True, 0)
    assert PayslipBatch.objects.get().state == BatchState.BLOCKED


def test_an_unknown_matricule_blocks_the_batch(agents: list[Agent], tmp_path: Path) -> None:
    path = payroll_file(tmp_path, agents)
    Agent.objects.filter(pk=agents[1].pk).update(matricule="ZZ-AUTRE")
    report = import_payslips(order(path))
    assert _kinds(report.plan.faults) == [FaultKind.UNMATCHED]
    assert Payslip.objects.count() == 0


def test_a_file_of_another_month_is_refused_with_its_month(agents: list[Agent], tmp_path: Path) -> None:
    path = payroll_file(tmp_path, agents, date(2026, 9, 1))
    report = import_payslips(order(path))
    assert set(_kinds(report.plan.faults)) == {FaultKind.WRONG_PERIOD}
    assert "2026-09, 2026-10 demandé" in report.plan.faults[0].detail
    assert Payslip.objects.count() == 0


def test_a_page_without_owner_is_never_given_out(agents: list[Agent], tmp_path: Path) -> None:
    path = payroll_file(tmp_path, agents)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.add_blank_page()
        pdf.pages.insert(1, pdf.pages.p(4))
        del pdf.pages[4]
        pdf.save(path)
    report = import_payslips(order(path, set_aside=True))
    assert [(fault.first_page, fault.kind) for fault in report.plan.faults] == [
        (1, FaultKind.UNREADABLE),
        (2, FaultKind.UNREADABLE),
    ]
    assert "aucun texte" in report.plan.faults[1].detail
    assert (report.stored, Payslip.objects.count()) == (2, 2)


def test_the_count_announced_by_the_payroll_must_be_found(agents: list[Agent], tmp_path: Path) -> None:
    report = import_payslips(order(payroll_file(tmp_path, agents), announced=4))
    assert _kinds(report.plan.faults) == [FaultKind.COUNT]
    assert Payslip.objects.count() == 0


def test_a_second_contract_of_the_same_month_stands_beside_the_first(agents: list[Agent], tmp_path: Path) -> None:
    import_payslips(order(payroll_file(tmp_path, agents)))
    Agent.objects.filter(pk=agents[0].pk).update(address="1 rue Neuve, 75011 Paris")
    second = payroll_file(tmp_path, agents[:1], name="second-contrat.pdf")
    report = import_payslips(order(second, type=PayslipType.SECOND))
    assert report.published and not report.plan.missing
    held = Payslip.objects.of(agents[0]).visible(now())
    assert {(slip.type, slip.version) for slip in held} == {("ordinary", 1), ("second", 1)}
    assert {slip.download_name for slip in held} == {
        "bulletin-de-paie-2026-10.pdf", "bulletin-de-paie-2026-10-second.pdf",
    }  # fmt: skip


def test_the_second_contract_of_somebody_who_left_is_told(tmp_path: Path) -> None:
    left = make_agent("Parti", "Ailleurs")
    path = payroll_file(tmp_path, [left, make_agent()])
    Agent.objects.filter(pk=left.pk).update(exit_date=date(2026, 9, 30))
    report = import_payslips(order(path, type=PayslipType.SECOND, dry_run=True))
    assert _kinds(report.plan.notices) == [FaultKind.LEFT]


def test_an_annex_stays_with_its_slip(tmp_path: Path) -> None:
    agent = make_agent(matricule="00000017")
    import_payslips(order(payroll_file(tmp_path, [agent, make_agent()])))
    assert Payslip.objects.get(agent=agent).pages == 2


def test_auto_reads_the_month_of_each_page(agents: list[Agent], tmp_path: Path) -> None:
    path = payroll_file(tmp_path, agents[:1], date(2026, 8, 1), date(2026, 9, 1), OCTOBER)
    import_payslips(order(path, period=None))
    assert sorted(Payslip.objects.values_list("period", flat=True)) == [date(2026, month, 1) for month in (8, 9, 10)]


def test_a_zip_of_pdfs_is_imported(agents: list[Agent], tmp_path: Path) -> None:
    path = tmp_path / "paie.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for rank, agent in enumerate(agents):
            archive.write(payroll_file(tmp_path, [agent], name=f"{rank}.pdf"), f"lot/{rank}.pdf")
    assert import_payslips(order(path)).stored == 3
    assert set(Payslip.objects.values_list("source_name", flat=True)) == {f"lot/{rank}.pdf" for rank in range(3)}


def test_a_corrected_slip_is_a_new_version_and_the_former_stays(agents: list[Agent], tmp_path: Path) -> None:
    import_payslips(order(payroll_file(tmp_path, agents)))
    Agent.objects.filter(pk=agents[0].pk).update(address="1 rue Neuve, 75011 Paris")
    corrected = payroll_file(tmp_path, agents[:1], name="rectificatif.pdf")
    refused = import_payslips(order(corrected))
    assert _kinds(refused.plan.faults) == [FaultKind.EXISTING]
    assert import_payslips(order(corrected, corrections=True)).published
    versions = Payslip.objects.of(agents[0]).order_by("version")
    assert [slip.version for slip in versions] == [1, 2]
    assert list(Payslip.objects.of(agents[0]).visible(now())) == [versions[1]]
    assert versions[1].replaces == versions[0]


def test_a_file_that_is_no_pdf_is_refused_with_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "paie.pdf"
    path.write_bytes(b"%PDF-1.7 not really")
    with pytest.raises(Refusal, match=r"Le fichier paie\.pdf ne peut pas être lu : il est abîmé"):
        import_payslips(order(path))


def test_a_protected_file_is_refused_with_a_sentence(agents: list[Agent], tmp_path: Path) -> None:
    path = payroll_file(tmp_path, agents)
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        pdf.save(path, encryption=pikepdf.Encryption(owner="o", user="u"))
    with pytest.raises(Refusal, match="mot de passe"):
        import_payslips(order(path))


def test_an_archive_holding_something_else_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "paie.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("macro.docm", b"x")
    with pytest.raises(Refusal, match=r"autre chose que des PDF : macro\.docm"):
        import_payslips(order(path))


def test_a_script_or_a_file_of_the_source_never_reaches_an_agent(agents: list[Agent], tmp_path: Path) -> None:
    path = payroll_file(tmp_path, agents[:1])
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
        pdf.pages[0].obj.AA = pikepdf.Dictionary(O=script)
        pdf.Root.OpenAction = script
        pdf.attachments["salaires.csv"] = b"toute la ville"
        pdf.pages[0].obj.AF = pikepdf.Array([pdf.attachments["salaires.csv"].obj])
        pdf.save(path)
    import_payslips(order(path))
    with pikepdf.open(BytesIO(store.read(StoredFile.objects.get(kind="payslip")))) as slip:
        keys = {key for found in slip.objects if isinstance(found, pikepdf.Dictionary) for key in found}
        streams = {key for found in slip.objects if isinstance(found, pikepdf.Stream) for key in found}
        names = {str(value) for found in slip.objects if isinstance(found, pikepdf.Stream) for value in found.values()}
        assert not keys & {"/JS", "/AA", "/OpenAction", "/EF", "/EmbeddedFiles", "/AF"}
        assert streams and "/EmbeddedFile" not in names


def test_each_agent_is_told_once_and_no_amount_is_written(agents: list[Agent], tmp_path: Path) -> None:
    import_payslips(order(payroll_file(tmp_path, agents)))
    assert Notification.objects.count() == 0
    run_jobs(later=timedelta(hours=8))  # in the night it waits for the morning
    told = list(Notification.objects.values_list("agent_id", "title", "url"))
    assert sorted(agent for agent, _, _ in told) == sorted(agent.pk for agent in agents)
    assert {(title, url) for _, title, url in told} == {
        ("Votre bulletin de paie d’octobre 2026 est disponible", "/paie/")
    }


def test_a_batch_with_a_date_stays_hidden_until_then(agents: list[Agent], tmp_path: Path) -> None:
    tomorrow = now() + timedelta(days=1)
    import_payslips(order(payroll_file(tmp_path, agents), publish_at=tomorrow))
    assert Payslip.objects.visible(now()).count() == 0
    assert Payslip.objects.visible(tomorrow + timedelta(seconds=1)).count() == 3
    run_jobs()
    assert Notification.objects.count() == 0
    run_jobs(later=timedelta(days=2))
    assert Notification.objects.count() == 3


def test_publication_is_in_the_journal(agents: list[Agent], tmp_path: Path) -> None:
    import_payslips(order(payroll_file(tmp_path, agents)))
    events = list(AuditEvent.objects.order_by("id").values_list("event", flat=True))
    assert events == ["payslips.import_started", "payslips.stored", "payslips.published"]


def test_the_report_opens_in_a_spreadsheet_without_running_anything(agents: list[Agent], tmp_path: Path) -> None:
    path = payroll_file(tmp_path, agents)
    Agent.objects.filter(pk=agents[1].pk).update(matricule="=1+1")
    text = import_payslips(order(path, dry_run=True)).as_csv()
    assert text.startswith("\ufeffanomalie;fichier;")
    assert "matricule inconnu;paie.pdf;" in text
    assert ";'=1+1;2026-10;" in text
