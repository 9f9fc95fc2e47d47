"""What services tell each other, without knowing each other: typed functions filled at start by whoever can answer.

An absent service answers « unknown » (None).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Literal
from uuid import UUID

Presence = Literal["present", "absent", "telework"]
RecipientKind = Literal["person", "group", "unit", "mailbox"]


@dataclass(frozen=True)
class LeaveBalance:
    """What is left of one counter, in half-days."""

    label: str
    half_days: int


@dataclass(frozen=True)
class PayMonth:
    """What the slips of a month say, where their lines are known and add up."""

    month: date
    gross: Decimal
    net_before_tax: Decimal
    net: Decimal
    transport: Decimal


@dataclass(frozen=True)
class Commitment:
    """What holds an agent for some days without being an absence: a session of training, a mission.

    `label` is read by the agent and by who supervises them; colleagues only read that the agent is away. `url` opens
    it. `from_noon` and `until_noon` leave out the first morning and the last afternoon.
    """

    agent: int
    first_day: date
    last_day: date
    label: str
    url: str = ""
    from_noon: bool = False
    until_noon: bool = False


@dataclass(frozen=True)
class PlannedAbsence:
    """An absence that holds days of an agent, without its reason: asked or validated, at home or away.

    `substitute` (an agent's id) decides in their place on the first day of it, when they gave a delegation; `back_on`
    is the first day of work after it, when one is known.
    """

    agent: int
    first_day: date
    last_day: date
    approved: bool
    telework: bool = False
    from_noon: bool = False
    until_noon: bool = False
    back_on: date | None = None
    substitute: int | None = None


@dataclass(frozen=True)
class StandIn:
    """Who decides in somebody's place today."""

    name: str
    address: str
    page: str


@dataclass(frozen=True)
class Colleague:
    """Somebody of the organisation as any colleague may see them, and as the mail shows a sender or a recipient.

    `page` is the full address of their card. `presence` is None when nobody can tell. `address` is empty without a
    professional mailbox. `back_on` is the next day on which somebody who is absent works, when it is known and near.
    """

    agent: int
    name: str
    initials: str
    address: str
    post: str
    unit: str
    page: str
    presence: Presence | None = None
    back_on: date | None = None
    stand_ins: tuple[StandIn, ...] = ()
    has_left: bool = False


@dataclass(frozen=True)
class Recipient:
    """What may be put in « À »: somebody, one's own group, a whole unit, or the shared mailbox of a unit.

    `key` names it in a form or an address, so that a group of two hundred need not be carried there. `addresses` are
    (name, address) pairs; `unreachable` counts the people of a group who have no professional mailbox. `page` is the
    full address of its page in the directory.
    """

    key: str
    kind: RecipientKind
    label: str
    detail: str
    addresses: tuple[tuple[str, str], ...]
    page: str
    unreachable: int = 0
    colleague: Colleague | None = None


@dataclass(frozen=True)
class PaperWords:
    """What a service wants certified of an agent: a title, and rows of what it is and what it is worth."""

    title: str
    rows: list[tuple[str, str]]


@dataclass(frozen=True)
class KeptDocument:
    """A document of an agent's folder: its title, its day, the address of its page for its owner."""

    title: str
    kind: str
    day: date
    url: str


PayOf = Callable[[int, date, date], list[PayMonth]]
Certifier = Callable[[int, PaperWords], UUID]
FolderOf = Callable[[int, int], list[KeptDocument]]
PapersOf = Callable[[Iterable[UUID]], list[bytes]]
PresenceOf = Callable[[Iterable[int], date, date], dict[int, dict[date, Presence]]]
HolidaysOf = Callable[[date, date], set[date]]
BalancesOf = Callable[[int, date], list[LeaveBalance]]
CommitmentsOf = Callable[[Iterable[int], date, date], Iterable[Commitment]]
AbsencesOf = Callable[[Iterable[int], date, date], list[PlannedAbsence]]
PagesAt = Callable[[Iterable[str]], dict[str, str]]
PeopleAt = Callable[[Iterable[str]], dict[str, Colleague]]
FindRecipients = Callable[[int, str, int], list[Recipient]]
RecipientOf = Callable[[int, str], Recipient | None]


@dataclass
class _Ports:
    """Who answers; filled once, at start."""

    presence: PresenceOf | None = None
    balances: BalancesOf | None = None
    pay: PayOf | None = None
    listeners: list[Callable[[], None]] = field(default_factory=list)
    holidays: HolidaysOf | None = None
    absences: AbsencesOf | None = None
    commitments: list[CommitmentsOf] = field(default_factory=list)
    pages_at: PagesAt | None = None
    people_at: PeopleAt | None = None
    find_recipients: FindRecipients | None = None
    recipient: RecipientOf | None = None
    certifier: Certifier | None = None
    papers: PapersOf | None = None
    folder: FolderOf | None = None


_ports = _Ports()


def fill_presence(function: PresenceOf) -> None:
    """Declares who can tell the presence of agents."""
    _ports.presence = function


def presence(agents: Iterable[int], first: date, last: date) -> dict[int, dict[date, Presence]] | None:
    """The presence of agents (by id) on each day of a period, or None when nobody can tell."""
    return _ports.presence(agents, first, last) if _ports.presence else None


def fill_leave_balances(function: BalancesOf) -> None:
    """Declares who can tell the leave balances of an agent."""
    _ports.balances = function


def leave_balances(agent: int, day: date) -> list[LeaveBalance] | None:
    """The leave balances of an agent (by id) on a day, or None when nobody can tell."""
    return _ports.balances(agent, day) if _ports.balances else None


def fill_pay_lines(function: PayOf) -> None:
    """Declares who can tell the pay of an agent."""
    _ports.pay = function


def pay_lines(agent: int, first: date, last: date) -> list[PayMonth] | None:
    """The known pay of some months, or None when nobody can tell; a doubtful month is left out."""
    return _ports.pay(agent, first, last) if _ports.pay else None


def when_people_change(function: Callable[[], None]) -> None:
    """Declares who wants to know that agents, units or assignments were changed in number."""
    _ports.listeners.append(function)


def people_changed() -> None:
    """Tells those who asked, in the transaction of the change."""
    for listener in _ports.listeners:
        listener()


def fill_holidays(function: HolidaysOf) -> None:
    """Declares who can tell the public holidays of the organisation."""
    _ports.holidays = function


def public_holidays(first: date, last: date) -> set[date] | None:
    """The public holidays from a day to another, both included, or None when nobody can tell."""
    return _ports.holidays(first, last) if _ports.holidays else None


def declare_commitments(function: CommitmentsOf) -> None:
    """Declares who may hold agents on some days; several services may."""
    _ports.commitments.append(function)


def commitments(agents: Iterable[int], first: date, last: date) -> list[Commitment]:
    """What holds some agents (by id) on the days of a period, in order; nothing when no service holds anybody."""
    ids = list(agents)
    found = [commitment for function in _ports.commitments for commitment in function(ids, first, last)]
    return sorted(found, key=lambda one: (one.first_day, one.agent))


def fill_absences(function: AbsencesOf) -> None:
    """Declares who can tell the absences of agents."""
    _ports.absences = function


def absences(agents: Iterable[int], first: date, last: date) -> list[PlannedAbsence] | None:
    """The absences asked or validated that touch a period, in order, or None when nobody can tell."""
    return _ports.absences(agents, first, last) if _ports.absences else None


def fill_recipients(people: PeopleAt, find: FindRecipients, named: RecipientOf) -> None:
    """Declares who can tell whose an address is, and whom one may write to."""
    _ports.people_at, _ports.find_recipients, _ports.recipient = people, find, named


def fill_pages(function: PagesAt) -> None:
    """Declares who can tell the page of a colleague by their address."""
    _ports.pages_at = function


def pages_at(addresses: Iterable[str]) -> dict[str, str]:
    """The full addresses of the pages of colleagues, by their e-mail address in lower case; one statement at most."""
    return _ports.pages_at(addresses) if _ports.pages_at else {}


def people_at(addresses: Iterable[str]) -> dict[str, Colleague]:
    """Those of some e-mail addresses (whatever their case) who are of the organisation, by the address as given.

    A few statements, whatever their number; nobody when nobody can tell.
    """
    return _ports.people_at(addresses) if _ports.people_at else {}


def find_recipients(viewer: int, text: str, limit: int = 8) -> list[Recipient]:
    """What an agent (by id) may put in « À » for what is typed: own groups, people, shared mailboxes, units.

    With nothing typed, the agent's own groups and favourites. Nothing when nobody can tell.
    """
    return _ports.find_recipients(viewer, text, limit) if _ports.find_recipients else []


def recipient(viewer: int, key: str) -> Recipient | None:
    """What a key names for an agent (by id), or None: unknown, somebody else's group, gone, too many people."""
    return _ports.recipient(viewer, key) if _ports.recipient else None


def fill_certifier(function: Certifier) -> None:
    """Declares who can make a numbered paper that anybody may check."""
    _ports.certifier = function


def certify(agent: int, words: PaperWords) -> UUID | None:
    """A certificate for an agent (by id), in the transaction of who asks; its id, or None when nobody makes any."""
    return _ports.certifier(agent, words) if _ports.certifier else None


def fill_papers(function: PapersOf) -> None:
    """Declares who keeps the papers that `certify` makes."""
    _ports.papers = function


def papers(certificates: Iterable[UUID]) -> list[bytes]:
    """The PDF of certificates, in their order, for a service that had them made and checked who asks; [] for nobody."""
    return _ports.papers(certificates) if _ports.papers else []


def fill_folder(function: FolderOf) -> None:
    """Declares who keeps the documents of agents."""
    _ports.folder = function


def folder(agent: int, most: int) -> list[KeptDocument] | None:
    """The latest documents of an agent, for that agent's own page, or None when nobody keeps any."""
    return _ports.folder(agent, most) if _ports.folder else None
