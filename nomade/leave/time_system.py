"""What goes to the time system and what comes from it, as tables: requests out, answers and balances in."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q, QuerySet, Sum
from django.utils.translation import gettext as _

from nomade.cases.models import CaseState
from nomade.leave.models import (
    CounterKind,
    EntryKind,
    LeaveRequest,
    LedgerEntry,
    Mode,
    TimeAction,
    TimeExport,
    TimeLine,
)
from nomade.leave.rules.periods import Half
from nomade.leave.tables import MOST_ROWS, Unreadable, halves_of

HEADER = (
    "export", "reference", "matricule", "action", "compteur", "annee",
    "premier_jour", "premiere_demi_journee", "dernier_jour", "derniere_demi_journee", "jours",
)  # fmt: skip
ANSWERS = {"acceptee": True, "refusee": False}
Share = tuple[str, int, int]


@dataclass(frozen=True)
class DueLine:
    """What the next export would tell of one request, for one counter."""

    request_id: UUID
    action: TimeAction
    counter: str
    year: int
    half_days: int


def due_lines() -> list[DueLine]:
    """The difference between what is true now and what was told: validated requests, and told ones given up since.

    Only what a fed counter gives, and only what was decided since it is fed: the time system knows what came before.
    """
    told = _told()
    now_true = _true_now()
    refused = set(LeaveRequest.objects.filter(pk__in=told, time_answer__accepted=False).values_list("pk", flat=True))
    found = [
        DueLine(pk, TimeAction.TAKE, *share) for pk, shares in now_true.items() if pk not in told for share in shares
    ]
    for pk, shares in told.items():
        # What the time system refused by itself has not to be cancelled there.
        if pk not in now_true and pk not in refused:
            found += [DueLine(pk, TimeAction.CANCEL, *share) for share in shares]
    return found


def _true_now() -> dict[UUID, list[Share]]:
    since = dict(CounterKind.objects.filter(mode=Mode.FED).values_list("code", "fed_since"))
    taken = LedgerEntry.objects.filter(
        counter__code__in=since, request__state=CaseState.APPROVED, kind=EntryKind.TAKEN, half_days__lt=0
    )
    rows = taken.order_by("request__first_slot", "pk").values_list(
        "request", "counter__code", "counter__year", "half_days", "request__decided_at", "request__submitted_at"
    )
    found: dict[UUID, list[Share]] = defaultdict(list)
    for pk, code, year, half_days, decided_at, submitted_at in rows:
        start = since[code]
        if start is None or (decided_at or submitted_at) >= start:
            found[pk].append((code, year, -half_days))
    return found


def _told() -> dict[UUID, list[Share]]:
    """What the time system holds by our word: told, and not cancelled since."""
    held: dict[UUID, list[Share]] = {}
    lines = TimeLine.objects.order_by("export", "pk")
    cancelled: set[tuple[UUID, int]] = set()
    for pk, action, code, year, half_days, export in lines.values_list(
        "request", "action", "counter", "year", "half_days", "export"
    ):
        if action == TimeAction.TAKE:
            held.setdefault(pk, []).append((code, year, half_days))
        elif (pk, export) not in cancelled:
            cancelled.add((pk, export))
            held.pop(pk, None)
    return held


def export_rows(export: TimeExport) -> Iterable[Sequence[str | int | float | date]]:
    """The lines of an export as its file holds them: the same each time it is downloaded."""
    for line in export.lines.select_related("request__owner").order_by("pk").iterator(chunk_size=2000):
        leave = line.request
        yield (
            str(export),
            leave.reference,
            leave.owner.matricule,
            line.action,
            line.counter,
            line.year,
            leave.first_day,
            "matin" if leave.first_half == Half.MORNING else "apres-midi",
            leave.last_day,
            "matin" if leave.last_half == Half.MORNING else "apres-midi",
            line.half_days / 2,
        )


def ahead_of(as_of: date, taken: QuerySet[LedgerEntry]) -> dict[int, int]:
    """What requests have taken that balances of a day cannot know yet, by agent, in half-days (negative).

    Still waiting; or validated, and told to the time system after that day or not yet. An organisation that exports
    nothing types requests there itself: what was decided after the day is then ahead.
    """
    approved = Q(request__state=CaseState.APPROVED)
    if TimeExport.objects.exists():
        known = TimeLine.objects.filter(action=TimeAction.TAKE, export__created_at__date__lte=as_of).values("request")
        before = Q(pk__in=[])
        for code, start in CounterKind.objects.filter(fed_since__isnull=False).values_list("code", "fed_since"):
            before |= Q(counter__code=code, request__decided_at__lt=start)
        unknown = taken.filter(Q(request__state=CaseState.SUBMITTED) | approved & ~Q(request__in=known) & ~before)
    else:
        unknown = taken.filter(
            Q(request__state=CaseState.SUBMITTED) | approved & Q(request__decided_at__date__gt=as_of)
        )
    return dict(unknown.values_list("counter__agent").annotate(Sum("half_days")))


@dataclass(frozen=True)
class Answer:
    """One line of the answers: a reference, yes or no, why not."""

    reference: str
    accepted: bool
    reason: str


def _cells(text: str, header: str) -> Iterable[tuple[int, list[str]]]:
    for number, line in enumerate(text.lstrip("\ufeff").splitlines(), 1):
        cells = [cell.strip().strip('"') for cell in line.split(";")]
        if not any(cells) or (number == 1 and cells[0].lower() == header):
            continue
        if number > MOST_ROWS:
            raise Unreadable(_("La liste est trop longue : %(most)s lignes au plus.") % {"most": MOST_ROWS})
        yield number, cells


def read_answers(text: str) -> list[Answer]:
    """Lines « reference;reponse;motif », where the answer is acceptee or refusee. Raises Unreadable."""
    answers = []
    for number, cells in _cells(text, "reference"):
        said = cells[1].casefold().replace("é", "e") if len(cells) > 1 else ""
        if said not in ANSWERS:
            raise Unreadable(_("Ligne %(line)s : la réponse doit être acceptee ou refusee.") % {"line": number})
        reason = cells[2] if len(cells) > 2 else ""
        if not ANSWERS[said] and not reason:
            raise Unreadable(_("Ligne %(line)s : un refus dit sa raison, l’agent la lira.") % {"line": number})
        answers.append(Answer(cells[0], ANSWERS[said], reason[:300]))
    if not answers:
        raise Unreadable(_("La liste est vide : une ligne par demande, « reference;reponse;motif »."))
    return answers


def read_balances(text: str) -> dict[tuple[str, int], list[tuple[str, int]]]:
    """Lines « matricule;compteur;annee;jours », by counter and year. Raises Unreadable."""
    in_minutes = set(CounterKind.objects.filter(unit="minute").values_list("code", flat=True))
    found: dict[tuple[str, int], list[tuple[str, int]]] = defaultdict(list)
    for number, cells in _cells(text, "matricule"):
        if len(cells) < 4 or not (cells[2] or "0").isdigit():
            raise Unreadable(_("Ligne %(line)s : il faut matricule;compteur;annee;jours.") % {"line": number})
        half_days = halves_of(cells[3], number, in_minutes=cells[1] in in_minutes)
        found[cells[1], int(cells[2] or 0)].append((cells[0], half_days))
    if not found:
        raise Unreadable(_("La liste est vide : une ligne par agent et par compteur."))
    return found
