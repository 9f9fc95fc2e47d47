"""Rights already opened, when the situation they were opened by has changed since: the difference, explained.

Somebody goes to part time, leaves, is put en disponibilité, has a congé parental validated: the right of the year is
counted again by the situations known now (décret 85-1250 art. 1 and 2), and only the difference is written.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from django.db import connection, transaction
from django.db.models import Q, Sum
from django.utils.translation import gettext as _

from nomade.kernel import audit
from nomade.kernel.clock import today
from nomade.leave.entitlements import Due, rights_due
from nomade.leave.facts import current_law
from nomade.leave.models import Counter, CounterKind, EntryKind, LedgerEntry, Mode, Operation, OperationKind
from nomade.leave.rules.parameters import Law
from nomade.leave.rules.rights import Right
from nomade.leave.rules.validity import ANNUAL, RTT
from nomade.notifications.actions import notify_many
from nomade.people.models import Agent
from nomade.ui.filters import days

COUNTED_AGAIN = (ANNUAL, RTT)
NOTHING = Due(Right(Fraction(0), 0), "", "décret 85-1250 art. 1 et 2")


@dataclass
class Regularisation:
    """What counting again changed: movements, and what could not be taken back because it is spent already."""

    year: int
    moved: dict[int, int] = field(default_factory=dict)
    left: list[tuple[int, str, int]] = field(default_factory=list)


def regularise_open_years() -> list[Regularisation]:
    """Counts again the present year and the next one, every night; a year not open yet has nothing to count."""
    year = today().year
    return [regularise_year(year), regularise_year(year + 1)]


@transaction.atomic
def regularise_year(year: int) -> Regularisation:
    """Counts again the rights opened for a year, and writes the differences. Run again, it writes nothing.

    Counters kept by the time system are left to it, and so are those taken over from another system: it knew the
    situation of the day of its balances, which the portal does not.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('leave.open_year'))")
    law = current_law()
    done = Regularisation(year)
    changed = _changed(year, law)
    if not changed:
        return done
    counters = Counter.objects.select_for_update().filter(pk__in=changed).select_related("agent").order_by("pk")
    held = list(counters)
    operation = Operation.objects.create(
        kind=OperationKind.SITUATION,
        label=_("Droits %(year)s recalculés : situations changées") % {"year": year},
        asked={"year": year},
        author=None,
    )
    told: list[Agent] = []
    for counter in held:
        due, before = changed[counter.pk]
        wanted = due.right.half_days - before
        moved = max(wanted, -max(0, counter.half_days))
        if moved:
            _write(counter, moved, due, before, operation)
            done.moved[counter.pk] = moved
            told.append(counter.agent)
        if moved != wanted:
            done.left.append((counter.agent_id, counter.code, moved - wanted))
    if not done.moved:
        operation.delete()
        return done
    matricules = {counter.agent_id: counter.agent.matricule for counter in held}
    operation.report = {
        "done": len(done.moved),
        "half_days": sum(done.moved.values()),
        "left": [
            (matricules[agent], _("%(code)s : %(days)s de trop déjà pris, à voir avec l’agent")
             % {"code": code, "days": days(too_many)})
            for agent, code, too_many in done.left
        ],
    }  # fmt: skip
    operation.save(update_fields=["report"])
    audit.record("leave.rights_recounted", actor=None, subject=None, year=year, counters=len(done.moved))
    notify_many(
        list({agent.pk: agent for agent in told}.values()),
        kind="leave.recounted",
        title=_("Vos droits %(year)s ont été recalculés") % {"year": year},
        body=_("Votre situation a changé : le détail est dans « Comment ce solde est fait »."),
        url="/conges/",
    )
    return done


def _changed(year: int, law: Law) -> dict[int, tuple[Due, int]]:
    """The counters whose right is no longer the one that was opened: what is due now, what was opened."""
    fed = CounterKind.objects.filter(mode=Mode.FED).values("code")
    by_portal = Q(operation__isnull=True) | Q(operation__kind=OperationKind.SITUATION)
    opened = (
        LedgerEntry.objects.filter(by_portal, kind=EntryKind.RIGHT, counter__year=year, counter__code__in=COUNTED_AGAIN)
        .exclude(counter__code__in=fed)
        .exclude(counter__entries__kind=EntryKind.TAKEN_OVER)
        .values_list("counter", "counter__agent", "counter__code")
        .annotate(Sum("half_days"))
    )
    due = rights_due(year, None, law)
    found = {}
    for counter, agent, code, before in opened.iterator(chunk_size=10_000):
        now_due = due.get((agent, code), NOTHING)
        if now_due.right.half_days != before:
            found[counter] = (now_due, before)
    return found


def _write(counter: Counter, moved: int, due: Due, before: int, operation: Operation) -> None:
    reason = _("Droit recalculé, %(now)s au lieu de %(before)s : %(why)s") % {
        "now": days(due.right.half_days),
        "before": days(before),
        "why": due.reason or _("aucune période de service n’ouvre de droit cette année"),
    }
    LedgerEntry.objects.create(
        counter=counter,
        kind=EntryKind.RIGHT,
        half_days=moved,
        date=today(),
        author=None,
        reason=reason[:300],
        source=due.source,
        operation=operation,
    )
