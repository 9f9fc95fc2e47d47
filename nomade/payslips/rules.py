"""Decisions on an import: what is given to whom, what is set aside, whether the batch may be published at all.

Rules of management of `fonction-publique` § 2.6: a page without certain owner is never given out, a file whose count
differs from the payroll's is blocked, a corrected slip is a new version and the former stays.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, tzinfo
from enum import StrEnum

from nomade.payslips.splitting.grouping import DoubtfulPages, PageGroup


class FaultKind(StrEnum):
    """Why something of the file cannot be given out."""

    UNREADABLE = "unreadable"
    UNMATCHED = "unmatched"
    WRONG_PERIOD = "wrong_period"
    DOUBLE = "double"
    EXISTING = "existing"
    COUNT = "count"
    SAME_FILE = "same_file"
    # The two that follow are told but stop nothing: the slip is certainly its owner's.
    LEFT = "left"
    ODD_PAGES = "odd_pages"


NOTICES = frozenset({FaultKind.LEFT, FaultKind.ODD_PAGES})
# A slip longer than this is worth a look: two pages is the longest a payroll makes in an ordinary month.
USUAL_PAGES = 4

FAULT_LABELS = {
    FaultKind.UNREADABLE: "page sans propriétaire certain",
    FaultKind.UNMATCHED: "matricule inconnu",
    FaultKind.WRONG_PERIOD: "autre mois que celui demandé",
    FaultKind.DOUBLE: "bulletin en double dans le fichier",
    FaultKind.EXISTING: "bulletin déjà importé",
    FaultKind.COUNT: "effectif différent de celui annoncé",
    FaultKind.SAME_FILE: "fichier déjà importé",
    FaultKind.LEFT: "agent parti avant ce mois",
    FaultKind.ODD_PAGES: "nombre de pages inhabituel",
}


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong: the pages (from 1, as people count them) and a French explanation."""

    kind: FaultKind
    source: str
    first_page: int
    last_page: int
    matricule: str
    detail: str


Key = tuple[str, date]


@dataclass(frozen=True, slots=True)
class ImportPlan:
    """What an import will do. `versions` tells the version of each accepted slip that replaces another."""

    accepted: tuple[PageGroup, ...]
    faults: tuple[Fault, ...]
    missing: tuple[Key, ...]
    versions: Mapping[Key, int] = field(default_factory=dict)
    notices: tuple[Fault, ...] = ()
    expected: int = 0

    @property
    def blocked(self) -> bool:
        """Whether something is wrong: nothing is given out unless the pay officer sets the faults aside."""
        return bool(self.faults)


def next_version(existing: int | None) -> int:
    """The version of a slip when `existing` is the last one kept, or None when there is none."""
    return 1 if existing is None else existing + 1


def plan_import(
    groups: Sequence[PageGroup],
    doubtful: Iterable[DoubtfulPages],
    *,
    known: Mapping[str, date | None],
    expected: Iterable[Key],
    existing: Mapping[Key, int],
    period: date | None,
    recalled: Collection[tuple[str, date, int]] = (),
    corrections: bool = False,
    announced: int | None = None,
    already: Iterable[str] = (),
    leavers_expected: bool = False,
) -> ImportPlan:
    """Decides on each group of pages.

    `known` are the matricules of the base with the day of leaving; `expected` who should have a slip for which month;
    `existing` the last version kept of each slip, `recalled` the versions taken back, which a new file replaces without
    being asked; `period` None accepts every month; `announced` is the count given by the payroll; `already` names the
    batches made of the very same file; a run of last pays expects leavers.
    """
    times = Counter((group.matricule, group.period) for group in groups)
    accepted: list[PageGroup] = []
    faults = [_doubt(pages) for pages in doubtful]
    faults += [Fault(FaultKind.SAME_FILE, "", 0, 0, "", f"le même fichier est déjà là : {name}") for name in already]
    notices: list[Fault] = []
    versions: dict[Key, int] = {}
    for group in groups:
        key = (group.matricule, group.period)
        replaceable = corrections or (*key, existing.get(key, 0)) in recalled
        kind = _refusal(group, times[key], known, existing, period, corrections=replaceable)
        if kind is not None:
            faults.append(_fault(kind, group, period))
            continue
        accepted.append(group)
        notices += _notices(group, known[group.matricule], leavers_expected=leavers_expected)
        if key in existing:
            versions[key] = next_version(existing[key])
    if announced is not None and announced != len(groups):
        detail = f"{len(groups)} bulletins trouvés, {announced} annoncés par la paie"
        faults.append(Fault(FaultKind.COUNT, "", 0, 0, "", detail))
    found, wanted = set(times), set(expected)
    missing = tuple(sorted(wanted - found))
    return ImportPlan(tuple(accepted), tuple(faults), missing, versions, tuple(notices), len(wanted))


def _notices(group: PageGroup, left: date | None, *, leavers_expected: bool) -> Iterable[Fault]:
    if left is not None and left < group.period and not leavers_expected:
        yield _told(FaultKind.LEFT, group, f"parti le {left:%d/%m/%Y}")
    if group.pages > USUAL_PAGES:
        yield _told(FaultKind.ODD_PAGES, group, f"{group.pages} pages")


def _told(kind: FaultKind, group: PageGroup, detail: str) -> Fault:
    last = group.first_page + group.pages
    return Fault(kind, group.source, group.first_page + 1, last, group.matricule, detail)


def may_release(*, alone: bool, second_person: bool) -> str:
    """Why somebody may not release a batch, or nothing. `alone`: who releases is who imported."""
    if alone and second_person:
        return (
            "Vous avez importé ce lot : une autre personne de la paie doit le publier. "
            "C’est le second regard que demande le réglage de votre collectivité."
        )
    return ""


MORNING = time(7)


def notice_time(visible: datetime, zone: tzinfo) -> datetime:
    """When agents are told: as soon as it is visible, but never in the middle of the night."""
    local = visible.astimezone(zone)
    return datetime.combine(local.date(), MORNING, zone) if local.time() < MORNING else visible


def _refusal(
    group: PageGroup,
    times: int,
    known: Collection[str] | Mapping[str, date | None],
    existing: Mapping[Key, int],
    period: date | None,
    *,
    corrections: bool,
) -> FaultKind | None:
    if group.matricule not in known:
        return FaultKind.UNMATCHED
    if period is not None and group.period != period:
        return FaultKind.WRONG_PERIOD
    if times > 1:
        return FaultKind.DOUBLE
    if (group.matricule, group.period) in existing and not corrections:
        return FaultKind.EXISTING
    return None


def _fault(kind: FaultKind, group: PageGroup, period: date | None) -> Fault:
    asked = f", {period:%Y-%m} demandé" if kind is FaultKind.WRONG_PERIOD and period else ""
    detail = f"{FAULT_LABELS[kind]} ({group.period:%Y-%m}{asked})"
    return Fault(kind, group.source, group.first_page + 1, group.first_page + group.pages, group.matricule, detail)


def _doubt(pages: DoubtfulPages) -> Fault:
    last = pages.first_page + pages.pages
    return Fault(FaultKind.UNREADABLE, pages.source, pages.first_page + 1, last, pages.matricule, pages.reason)


def page_list(faults: Iterable[Fault], *, at_most: int = 12) -> str:
    """`3, 17, 40 à 42 et 5 autres`: the pages of some faults, for a sentence."""
    spans = [
        str(fault.first_page) if fault.first_page == fault.last_page else f"{fault.first_page} à {fault.last_page}"
        for fault in faults
        if fault.first_page
    ]
    more = len(spans) - at_most
    return ", ".join(spans[:at_most]) + (f" et {more} autres" if more > 0 else "")
