"""Importing and publishing pay slips: the only writers of this service."""

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
from django.db.models import Exists, Max, OuterRef
from django.urls import reverse

from nomade.files import store
from nomade.files.store import Document
from nomade.kernel import audit
from nomade.kernel.clock import now
from nomade.kernel.errors import Refusal
from nomade.notifications.actions import notify_many
from nomade.payslips import work
from nomade.payslips.analysis import Analysis, analyse
from nomade.payslips.models import BatchState, Payslip, PayslipBatch, PayslipType
from nomade.payslips.report import ImportReport
from nomade.payslips.rules import ImportPlan, Key, plan_import
from nomade.payslips.sources import Source, fingerprint, opened_sources
from nomade.payslips.splitting.grouping import PageGroup
from nomade.payslips.splitting.reading import Patterns
from nomade.payslips.words import month_label
from nomade.people.models import Agent

Progress = Callable[[str, int, int], None]


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
        if batch and batch.state == BatchState.PUBLISHED and not order.dry_run:
            return _already(batch)
        with opened_sources(order.path) as sources, work.workers(order.processes) as pool:
            analysis = analyse(sources, order.patterns, pool, progress)
            plan = _plan(order, analysis, batch)
            report = ImportReport(plan, analysis.pages, dry_run=order.dry_run, set_aside=order.set_aside)
            if order.dry_run:
                return report
            if report.failed or not plan.accepted:
                _record_blocked(order, digest, batch, analysis, plan)
                return report
            batch = _start(order, digest, batch, analysis, plan)
            resumed = _store(order, batch, plan, sources, pool, progress)
        _publish(order, batch, plan)
    return replace(report, stored=len(plan.accepted), resumed=resumed, published=True)


@contextmanager
def _one_import_at_a_time() -> Iterator[None]:
    """Two imports at once could each find the other's slips missing. The lock dies with the connection."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtext('nomade.payslips.import'))")
        if not cursor.fetchone()[0]:
            raise Refusal("Un autre import de bulletins est en cours. Attendez qu’il soit terminé.")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtext('nomade.payslips.import'))")


def _already(batch: PayslipBatch) -> ImportReport:
    count = batch.payslips.count()
    done = f"Ce fichier a déjà été importé le {batch.created_at:%d/%m/%Y} ({count} bulletins) : il n’y a rien à faire."
    return ImportReport(ImportPlan((), (), ()), batch.pages, published=True, already=done)


def _plan(order: ImportOrder, analysis: Analysis, batch: PayslipBatch | None) -> ImportPlan:
    months = {order.period} if order.period else {group.period for group in analysis.groups}
    kept = Payslip.objects.filter(run=order.run, type=order.type, period__in=months)
    if batch:
        kept = kept.exclude(batch=batch)
    existing: dict[Key, int] = {
        (matricule, period): version
        for matricule, period, version in kept.values_list("matricule", "period").annotate(last=Max("version"))
    }
    return plan_import(
        analysis.groups,
        analysis.doubtful,
        known=set(Agent.objects.values_list("matricule", flat=True)),
        expected=_expected(months) if order.type == PayslipType.ORDINARY else (),
        existing=existing,
        period=order.period,
        corrections=order.corrections,
        announced=order.announced,
    )


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
    audit.record("payslips.blocked", actor=None, subject=None, batch=str(found.pk), faults=len(plan.faults))


@transaction.atomic
def _start(
    order: ImportOrder, digest: str, batch: PayslipBatch | None, analysis: Analysis, plan: ImportPlan
) -> PayslipBatch:
    started = _save(order, digest, batch, analysis, plan, BatchState.RUNNING)
    audit.record("payslips.import_started", actor=None, subject=None, batch=str(started.pk), slips=len(plan.accepted))
    return started


def _save(
    order: ImportOrder, digest: str, batch: PayslipBatch | None, analysis: Analysis, plan: ImportPlan, state: str
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
    saved.save()
    return saved


def _store(
    order: ImportOrder,
    batch: PayslipBatch,
    plan: ImportPlan,
    sources: list[Source],
    pool: Executor | None,
    progress: Progress,
) -> int:
    """Makes the slips that are not stored yet; returns how many already were."""
    done = set(batch.payslips.values_list("id", flat=True))
    agents = dict(Agent.objects.values_list("matricule", "pk"))
    groups = {_payslip_id(batch, group): group for group in plan.accepted}
    paths = {source.name: source.path for source in sources}
    left = (
        work.Cut(
            path=paths[group.source],
            pages=tuple(group.numbers),
            file_id=uuid5(batch.pk, f"file {group.matricule} {group.period}"),
            payslip_id=payslip_id,
            agent=agents[group.matricule],
            net=group.net,
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


@transaction.atomic
def _publish(order: ImportOrder, batch: PayslipBatch, plan: ImportPlan) -> None:
    """Makes the whole batch visible, at once or at its time. Raises `Refusal` when a slip is missing from the store."""
    stored = batch.payslips.count()
    if stored != len(plan.accepted):
        raise Refusal(f"{stored} bulletins rangés pour {len(plan.accepted)} attendus : le lot n’est pas publié.")
    batch.state = BatchState.PUBLISHED
    batch.published_at = max(order.publish_at, now()) if order.publish_at else now()
    batch.notified_at = None if order.notify else now()
    batch.save(update_fields=["state", "published_at", "notified_at"])
    audit.record(
        "payslips.published", actor=None, subject=None, batch=str(batch.pk), slips=stored, at=str(batch.published_at)
    )
    if order.notify:
        from nomade.payslips.tasks import announce

        announce.configure(schedule_at=batch.published_at).defer(batch=str(batch.pk))


@transaction.atomic
def announce_batch(batch_id: UUID) -> int:
    """Tells each agent of a released batch, once; returns how many were told. No amount, ever."""
    batch = PayslipBatch.objects.select_for_update().get(pk=batch_id)
    if batch.notified_at or batch.state != BatchState.PUBLISHED:
        return 0
    agents = list(Agent.objects.filter(Exists(batch.payslips.filter(agent=OuterRef("pk")))))
    if batch.period:
        title = f"Votre bulletin de paie {month_label(batch.period, of=True)} est disponible"
    else:
        title = "De nouveaux bulletins de paie sont disponibles"
    notify_many(agents, kind="payslip.published", title=title, url=reverse("payslips:index"))
    batch.notified_at = now()
    batch.save(update_fields=["notified_at"])
    return len(agents)
