"""Importing pay slips: read, match, cut, seal, store. Releasing them is another action."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from itertools import islice
from pathlib import Path
from uuid import UUID, uuid5

from django.db import connection, transaction
from django.db.models import Max, Q

from nomade.files import store
from nomade.files.store import Document
from nomade.kernel import audit
from nomade.kernel.clock import PARIS, now
from nomade.kernel.errors import Refusal
from nomade.payslips import work
from nomade.payslips.actions import sources
from nomade.payslips.actions.releasing import publish_batch, warn_of_command
from nomade.payslips.analysis import Analysis, analyse
from nomade.payslips.models import BatchState, KeptSource, Payslip, PayslipBatch, PayslipType
from nomade.payslips.report import ImportReport
from nomade.payslips.rules import ImportPlan, Key, plan_import
from nomade.payslips.sources import Source, fingerprint, opened_sources
from nomade.payslips.splitting.grouping import PageGroup
from nomade.payslips.splitting.reading import Patterns
from nomade.people.models import Agent

Progress = Callable[[str, int, int], None]
# About three hundred pages of a payroll, a second of work.
SMALL = 1024**2


@dataclass(frozen=True, slots=True)
class ImportOrder:
    """What a pay officer asks. `period` None reads the month on each page; `announced` is the payroll's own count."""

    path: Path
    period: date | None
    run: str = ""
    type: PayslipType = PayslipType.ORDINARY
    dry_run: bool = False
    publish_at: datetime | None = None
    corrections: bool = False
    set_aside: bool = False
    announced: int | None = None
    patterns: Patterns = field(default_factory=Patterns)
    processes: int = 2
    notify: bool = True
    # The command line publishes unless told to hold; a page leaves the batch to the person who releases it.
    release: bool = True
    actor: Agent | None = None


class ImportBusy(Refusal):
    """Another import is under way."""

    def __init__(self) -> None:
        super().__init__("Un autre import de bulletins est en cours. Attendez qu’il soit terminé.")


def import_payslips(order: ImportOrder, progress: Progress = lambda stage, done, total: None) -> ImportReport:
    """Splits, matches, encrypts and publishes the slips of a file; the same call again finishes what was interrupted.

    Nothing is visible before the whole batch is stored. Raises `Refusal` (file that cannot be read, another import
    under way) and `DocumentUnavailable`.
    """
    digest = fingerprint(order.path)
    with _one_import_at_a_time():
        batch = PayslipBatch.objects.filter(
            source_sha256=digest, period=order.period, run=order.run, type=order.type
        ).first()
        if batch and not order.dry_run and batch.state in _OVER:
            return _already(batch)
        with opened_sources(order.path) as given, work.workers(_processes(order)) as pool:
            analysis = analyse(given, order.patterns, pool, progress)
            plan = _plan(order, digest, analysis, batch)
            report = ImportReport(plan, analysis.pages, dry_run=order.dry_run, set_aside=order.set_aside)
            if order.dry_run:
                return report
            if report.failed or not plan.accepted:
                _record_blocked(order, digest, batch, analysis, plan)
                return report
            batch = _start(order, digest, batch, analysis, plan)
            resumed = _store(order, batch, plan, given.sources, pool, progress)
        _make_ready(batch, plan)
    if order.release:
        published = publish_batch(batch, at=order.publish_at, by=order.actor, notify=order.notify)
        if order.actor is None and order.notify:
            warn_of_command(published)
    return replace(report, stored=len(plan.accepted), resumed=resumed, published=order.release, batch=batch.pk)


def _processes(order: ImportOrder) -> int:
    """A few slips are read sooner than processes start."""
    return order.processes if order.path.stat().st_size > SMALL else 1


# A batch in one of these states is not imported again; a corrected file is another batch.
_OVER = {BatchState.READY, BatchState.PUBLISHED, BatchState.RECALLED}


@transaction.atomic
def _make_ready(batch: PayslipBatch, plan: ImportPlan) -> None:
    """Says that a batch is whole. Raises `Refusal` when a slip is missing from the store."""
    stored = batch.payslips.count()
    if stored != len(plan.accepted):
        raise Refusal(f"{stored} bulletins rangés pour {len(plan.accepted)} attendus : le lot n’est pas publié.")
    batch.state = BatchState.READY
    batch.save(update_fields=["state"])
    audit.record("payslips.stored", actor=batch.imported_by_id, subject=None, batch=str(batch.pk), slips=stored)


@contextmanager
def _one_import_at_a_time() -> Iterator[None]:
    """Two imports at once could each find the other's slips missing. The lock dies with the connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext('nomade.payslips.import'))")
        if not cursor.fetchone()[0]:
            raise ImportBusy
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('nomade.payslips.import'))")


def _already(batch: PayslipBatch) -> ImportReport:
    count = batch.payslips.count()
    done = f"Ce fichier a déjà été importé le {batch.created_at:%d/%m/%Y} ({count} bulletins) : il n’y a rien à faire."
    if batch.state == BatchState.RECALLED:
        done = (
            f"Ce fichier a été importé le {batch.created_at:%d/%m/%Y}, puis rappelé. "
            "Importez le fichier corrigé, ou le même sous un autre nom de traitement."
        )
    published = batch.state == BatchState.PUBLISHED
    return ImportReport(ImportPlan((), (), ()), batch.pages, published=published, already=done, batch=batch.pk)


def _plan(order: ImportOrder, digest: str, analysis: Analysis, batch: PayslipBatch | None) -> ImportPlan:
    months = {order.period} if order.period else {group.period for group in analysis.groups}
    kept = Payslip.objects.filter(run=order.run, type=order.type, period__in=months)
    if batch:
        kept = kept.exclude(batch=batch)
    existing: dict[Key, int] = {
        (matricule, period): version
        for matricule, period, version in kept.values_list("matricule", "period").annotate(last=Max("version"))
    }
    recalled = kept.filter(Q(batch__state=BatchState.RECALLED) | Q(recalled_at__isnull=False))
    same = PayslipBatch.objects.filter(source_sha256=digest, state__in=_OVER)
    if batch:
        same = same.exclude(pk=batch.pk)
    return plan_import(
        analysis.groups,
        analysis.doubtful,
        known=dict(Agent.objects.values_list("matricule", "exit_date")),
        expected=_expected(months) if order.type == PayslipType.ORDINARY else (),
        existing=existing,
        recalled=set(recalled.values_list("matricule", "period", "version")),
        period=order.period,
        corrections=order.corrections,
        announced=order.announced,
        already=[_named(found) for found in same],
        leavers_expected=order.type in {PayslipType.RAPPEL, PayslipType.SOLDE},
    )


def _named(batch: PayslipBatch) -> str:
    """`paie.pdf, le 03/11/2026`: how a batch is told to a person."""
    return f"{batch.source_name}, le {batch.created_at.astimezone(PARIS):%d/%m/%Y}"


def _expected(months: Iterable[date]) -> Iterator[Key]:
    """Who was in service during each month."""
    for month in months:
        end = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        present = Agent.objects.filter(entry_date__lte=end).exclude(exit_date__lt=month)
        yield from ((matricule, month) for matricule in present.values_list("matricule", flat=True))


@transaction.atomic
def _record_blocked(
    order: ImportOrder, digest: str, batch: PayslipBatch | None, analysis: Analysis, plan: ImportPlan
) -> None:
    # A batch that had begun keeps its state: some of its slips are stored, and the next try must find them.
    state = batch.state if batch else BatchState.BLOCKED
    found = _save(order, digest, batch, analysis, plan, state)
    audit.record("payslips.blocked", actor=_id(order), subject=None, batch=str(found.pk), faults=len(plan.faults))


def _start(
    order: ImportOrder, digest: str, batch: PayslipBatch | None, analysis: Analysis, plan: ImportPlan
) -> PayslipBatch:
    source = sources.keep(order.path, digest)
    with transaction.atomic():
        started = _save(order, digest, batch, analysis, plan, BatchState.RUNNING, source)
        audit.record(
            "payslips.import_started", actor=_id(order), subject=None, batch=str(started.pk), slips=len(plan.accepted)
        )
    return started


def _id(order: ImportOrder) -> int | None:
    return order.actor.pk if order.actor else None


def _save(
    order: ImportOrder,
    digest: str,
    batch: PayslipBatch | None,
    analysis: Analysis,
    plan: ImportPlan,
    state: str,
    source: KeptSource | None = None,
) -> PayslipBatch:
    saved = batch or PayslipBatch(
        source_sha256=digest, period=order.period, run=order.run, type=order.type, created_at=now()
    )
    saved.source_name = order.path.name
    saved.state = state
    saved.pages = analysis.pages
    saved.expected = len(plan.accepted)
    saved.faults = len(plan.faults)
    saved.missing = len(plan.missing)
    saved.publish_at = order.publish_at
    saved.imported_by = order.actor
    saved.source = source or saved.source
    saved.save()
    return saved


def _store(
    order: ImportOrder,
    batch: PayslipBatch,
    plan: ImportPlan,
    files: list[Source],
    pool: Executor | None,
    progress: Progress,
) -> int:
    """Makes the slips that are not stored yet; returns how many already were."""
    done = set(batch.payslips.values_list("id", flat=True))
    agents = dict(Agent.objects.values_list("matricule", "pk"))
    groups = {_payslip_id(batch, group): group for group in plan.accepted}
    paths = {source.name: source.path for source in files}
    left = (
        work.Cut(
            path=paths[group.source],
            pages=tuple(group.numbers),
            file_id=uuid5(batch.pk, f"file {group.matricule} {group.period}"),
            payslip_id=payslip_id,
            agent=agents[group.matricule],
            told=_told(group),
        )
        for payslip_id, group in groups.items()
        if payslip_id not in done
    )
    previous = _previous_versions(order, batch, plan)
    tasks = iter(lambda: (list(islice(left, work.SLIPS_A_TASK)),), ([],))
    count = len(done)
    for made in work.spread(pool, work.make_task, tasks):
        _register(batch, groups, made, plan.versions, previous)
        count += len(made)
        progress("Rangement des bulletins", count, len(groups))
    return len(done)


def _told(group: PageGroup) -> str:
    if group.figures is not None:
        return group.figures.as_text()
    return str(group.net) if group.net is not None else ""


def _payslip_id(batch: PayslipBatch, group: PageGroup) -> UUID:
    """The same slip of the same batch has the same id at each try: what was written is replaced, never doubled."""
    return uuid5(batch.pk, f"payslip {group.matricule} {group.period}")


def _previous_versions(
    order: ImportOrder, batch: PayslipBatch, plan: ImportPlan
) -> Mapping[tuple[str, date, int], UUID]:
    if not plan.versions:
        return {}
    periods = {period for _, period in plan.versions}
    kept = Payslip.objects.filter(run=order.run, type=order.type, period__in=periods).exclude(batch=batch)
    rows = kept.values_list("matricule", "period", "version", "id")
    return {(matricule, period, version): found for matricule, period, version, found in rows}


@transaction.atomic
def _register(
    batch: PayslipBatch,
    groups: Mapping[UUID, PageGroup],
    made: list[work.Made],
    versions: Mapping[Key, int],
    previous: Mapping[tuple[str, date, int], UUID],
) -> None:
    store.register((item.written, _document(groups[item.payslip_id])) for item in made)
    rows = []
    for item in made:
        group = groups[item.payslip_id]
        assert item.written.owner is not None
        version = versions.get((group.matricule, group.period), 1)
        rows.append(
            Payslip(
                id=item.payslip_id,
                agent_id=item.written.owner,
                batch=batch,
                file_id=item.written.id,
                matricule=group.matricule,
                period=group.period,
                run=batch.run,
                type=batch.type,
                version=version,
                replaces_id=previous.get((group.matricule, group.period, version - 1)),
                source_name=group.source,
                first_page=group.first_page + 1,
                pages=group.pages,
                paid_on=group.paid_on,
                net_sealed=item.net_sealed,
            )
        )
    Payslip.objects.bulk_create(rows)


def _document(group: PageGroup) -> Document:
    return Document("payslip", f"{group.matricule}_{group.period:%Y%m}.pdf", "application/pdf")
