"""From a file sent on a page to a dry run, then to a batch that waits for its release."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID
from zipfile import ZIP_STORED, ZipFile, ZipInfo

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from nomade.files.store import DocumentDamaged, DocumentUnavailable
from nomade.kernel import audit
from nomade.kernel.clock import now
from nomade.kernel.errors import Refusal
from nomade.payslips.actions import sources
from nomade.payslips.actions.importing import ImportBusy, ImportOrder, import_payslips
from nomade.payslips.models import ImportState, PayImport, PayslipType
from nomade.payslips.report import ImportReport
from nomade.payslips.sources import fingerprint
from nomade.payslips.splitting.reading import DEFAULT_MATRICULE, Patterns
from nomade.people.models import Agent

# A row of progress a second is enough for an eye, and costs nothing.
BETWEEN_ROWS = timedelta(seconds=1)
WAIT_FOR_ANOTHER = timedelta(seconds=15)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a pay officer asks of a file."""

    period: date | None
    run: str = ""
    type: PayslipType = PayslipType.ORDINARY
    corrections: bool = False
    announced: int | None = None
    matricule_pattern: str = ""


def receive(
    files: Sequence[UploadedFile], wanted: Wanted, *, by: Agent, request: HttpRequest | None = None
) -> PayImport:
    """Keeps what was sent, sealed, and queues its dry run. Raises `DocumentUnavailable`."""
    with TemporaryDirectory(prefix="nomade-paie-") as folder:
        path = _written(files, Path(folder))
        source = sources.keep(path, fingerprint(path), name=path.name)
    with transaction.atomic():
        sent = PayImport.objects.create(
            source=source,
            source_name=path.name[:255],
            uploaded_by=by,
            created_at=now(),
            period=wanted.period,
            run=wanted.run,
            type=wanted.type,
            corrections=wanted.corrections,
            announced=wanted.announced,
            matricule_pattern=wanted.matricule_pattern,
        )
        audit.record(
            "payslips.received", actor=by.pk, subject=None, request=request, sha256=source.sha256, sent=str(sent.pk)
        )
        _queue(sent)
    return sent


def _written(files: Sequence[UploadedFile], folder: Path) -> Path:
    """One file as it is; several as one archive, made the same each time so that it keeps its fingerprint."""
    if len(files) == 1:
        path = folder / _name(files[0])
        with path.open("wb") as out:
            for block in files[0].chunks():
                out.write(block)
        return path
    path = folder / f"{Path(_name(files[0])).stem}-et-{len(files) - 1}-autres.zip"
    with ZipFile(path, "w", ZIP_STORED) as archive:
        for file in sorted(files, key=_name):
            with archive.open(ZipInfo(_name(file)), "w", force_zip64=True) as out:
                for block in file.chunks():
                    out.write(block)
    return path


def _name(file: UploadedFile) -> str:
    return Path(file.name or "paie.pdf").name[-150:]


def _queue(sent: PayImport, *, wait: timedelta | None = None) -> None:
    from nomade.payslips.tasks import work_on

    task = work_on.configure(schedule_in={"seconds": int(wait.total_seconds())}) if wait else work_on.configure()
    task.defer(sent=str(sent.pk))


def work_on_import(sent_id: UUID) -> None:
    """The job: the dry run of a file that was just sent, or the storing of one that was accepted. Safe to run twice."""
    sent = PayImport.objects.select_related("source", "uploaded_by").get(pk=sent_id)
    if not sent.under_way:
        return
    dry = sent.state in {ImportState.QUEUED, ImportState.READING}
    _note(sent, state=ImportState.READING if dry else ImportState.STORING, seen_at=now())
    try:
        with sources.laid_out(sent.source) as path:
            report = import_payslips(_order(sent, path, dry=dry), _Progress(sent))
    except ImportBusy:
        _note(sent, state=ImportState.QUEUED if dry else ImportState.TO_STORE)
        _queue(sent, wait=WAIT_FOR_ANOTHER)
        return
    except (Refusal, DocumentDamaged, DocumentUnavailable) as error:
        _note(sent, state=ImportState.FAILED, message=error.message)
        return
    _conclude(sent, report, dry=dry)


def _order(sent: PayImport, path: Path, *, dry: bool) -> ImportOrder:
    return ImportOrder(
        path=path,
        period=sent.period,
        run=sent.run,
        type=PayslipType(sent.type),
        dry_run=dry,
        corrections=sent.corrections,
        set_aside=sent.set_aside,
        announced=sent.announced,
        patterns=Patterns(sent.matricule_pattern or DEFAULT_MATRICULE),
        release=False,
        actor=sent.uploaded_by,
    )


def _conclude(sent: PayImport, report: ImportReport, *, dry: bool) -> None:
    if dry:
        _note(sent, state=ImportState.READ, report=report.as_json(), message="")
    elif report.already and report.batch:
        _note(sent, state=ImportState.STORED, batch_id=report.batch, message=report.already)
    elif report.failed or not report.plan.accepted:
        # The base changed since the dry run: the lists are shown anew, and a person decides again.
        message = _("La base a changé depuis la lecture : relisez les anomalies avant de ranger.")
        _note(sent, state=ImportState.READ, report=report.as_json(), message=message)
    else:
        _note(sent, state=ImportState.STORED, batch_id=report.batch, message="")


class _Progress:
    """Writes how far a job is, at most once a second."""

    def __init__(self, sent: PayImport) -> None:
        self.sent = sent

    def __call__(self, stage: str, done: int, total: int) -> None:
        at = now()
        fresh = stage != self.sent.stage
        if not fresh and done < total and self.sent.seen_at and at - self.sent.seen_at < BETWEEN_ROWS:
            return
        started = {"stage_started_at": at} if fresh else {}
        _note(self.sent, stage=stage, done=done, total=total, seen_at=at, **started)


def _note(sent: PayImport, **values: object) -> None:
    for name, value in values.items():
        setattr(sent, name, value)
    sent.save(update_fields=[name.removesuffix("_id") for name in values])


@transaction.atomic
def accept_import(sent: PayImport, *, set_aside: bool, by: Agent, request: HttpRequest | None = None) -> None:
    """Queues the storing of a file that was read. Raises `Refusal` when it was not, or has faults not set aside."""
    locked = PayImport.objects.select_for_update().get(pk=sent.pk)
    if locked.state != ImportState.READ:
        raise Refusal(
            _("Ce fichier n’attend pas de rangement : il est « %(state)s ».") % {"state": locked.get_state_display()}
        )
    if locked.report.get("already"):
        raise Refusal(str(locked.report["already"]))
    if not locked.report["ready"]:
        raise Refusal(_("Aucun bulletin de ce fichier n’est sûr : il n’y a rien à ranger."))
    if locked.report["blocked"] and not set_aside:
        raise Refusal(
            _("Ce fichier a des anomalies. Cochez la case pour ranger les bulletins sûrs, les autres restant de côté."),
            field="set_aside",
        )
    locked.state, locked.set_aside = ImportState.TO_STORE, set_aside
    # The bar of the reading, full, would say that the storing is over.
    locked.stage, locked.done, locked.total, locked.stage_started_at = "", 0, 0, None
    locked.save(update_fields=["state", "set_aside", "stage", "done", "total", "stage_started_at"])
    audit.record("payslips.accepted", actor=by.pk, subject=None, request=request, sent=str(locked.pk))
    _queue(locked)


@transaction.atomic
def drop_import(sent: PayImport, *, by: Agent, request: HttpRequest | None = None) -> None:
    """Gives up a file that was read or stopped; it stays in the journal. Raises `Refusal` while a job works on it."""
    locked = PayImport.objects.select_for_update().get(pk=sent.pk)
    if locked.state not in {ImportState.READ, ImportState.FAILED}:
        raise Refusal(
            _("Ce fichier ne peut pas être abandonné : il est « %(state)s ».") % {"state": locked.get_state_display()}
        )
    locked.state, locked.report = ImportState.DROPPED, {}
    locked.save(update_fields=["state", "report"])
    audit.record("payslips.dropped", actor=by.pk, subject=None, request=request, sent=str(locked.pk))


__all__ = ["Wanted", "accept_import", "drop_import", "receive", "work_on_import"]
