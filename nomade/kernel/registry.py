"""What each service offers upward; the home page, the menu and the search know no service by name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings

# Requests are typed as Any: the kernel cannot name the agent's request, which is declared above it, in `people`.


@dataclass(frozen=True)
class MenuEntry:
    """A line of the menu. `badge` counts what is new (None: nothing shown); `visible` hides the line from some."""

    icon: str
    order: int
    short_label: Any = ""
    group: str = "main"
    on_phone_bar: bool = False
    badge: Callable[[Any], int | None] | None = None
    visible: Callable[[Any], bool] | None = None


@dataclass(frozen=True)
class TodoItem:
    """Something that waits for the agent, one tap from done."""

    title: str
    detail: str
    url: str
    action_label: str
    icon: str
    due: date | None = None
    urgent: bool = False


@dataclass(frozen=True)
class HomeCard:
    """A card of the home page: `context` gives what its template needs, or None to leave the card out."""

    template: str
    order: int
    context: Callable[[Any], Mapping[str, Any] | None]


@dataclass(frozen=True)
class SearchResult:
    """One answer to a search."""

    title: str
    detail: str
    url: str
    icon: str


@dataclass(frozen=True)
class RetentionRule:
    """How long a class of rows is kept, and the text that says so.

    `purge` deletes what is over on a day and says how many; with `due`, which counts it first, `kernel.retention` calls
    it: each night, or by `nomade purge` alone where the rows are public archives, which leave with a `visa`.
    """

    data: str
    duration: str
    source: str
    purge: Callable[[date], int] | None = None
    due: Callable[[date], int] | None = None
    visa: bool = False


@dataclass(frozen=True)
class MailFile:
    """A file that goes with the e-mail of a notification."""

    name: str
    content: bytes
    content_type: str


@dataclass(frozen=True)
class Service:
    """What the portal needs to know of one service.

    `may_wait` is a condition in SQL, of `%(agent)s` and `%(now)s`, under which `todo` may have something to say: the
    home page asks those of all services in one statement, then `todo` of the few. Wide at need, never narrow; empty is
    always.

    `key` is its Python package and its name in NOMADE_SERVICES; `prefix` its address on the portal host (`""` for the
    home page); `urls` its urlconf module, whose names are under the namespace `key`. `summary` says in one sentence
    what one does there, `keywords` the other words under which agents look for it, `topics` the names of what it tells
    agents about, by the first word of the kinds of its notifications. `help` is a template of titles (h3) and
    paragraphs.
    """

    key: str
    label: Any
    prefix: str
    urls: str
    summary: Any = ""
    keywords: Any = ""
    topics: Mapping[str, Any] = field(default_factory=dict)
    help: str = ""
    menu: MenuEntry | None = None
    todo: Callable[[Any], list[TodoItem]] | None = None
    may_wait: str = ""
    headline: Callable[[Any], str | None] | None = None
    home_card: HomeCard | None = None
    search: Callable[[Any, str], list[SearchResult]] | None = None
    # The title of what it finds, when that is not its label.
    search_label: Any = ""
    # The files that go with the e-mail of one of its notifications, of a kind, to an agent (by id), about a page.
    mail_files: Callable[[str, int, str], list[MailFile]] | None = None
    # What may answer a question before it is asked, the best first: pages written for all, found by any of its words.
    answers: Callable[[Any, str], list[SearchResult]] | None = None
    export: Callable[[Any], Mapping[str, Any]] | None = None
    # Why nothing of this service is in an agent's own export; needed by who gives no `export`.
    no_export: Any = ""
    retention: tuple[RetentionRule, ...] = ()
    # Closed, from outside, to an agent who has no second factor yet.
    needs_factor_outside: bool = False
    # Open to the limited account of somebody who has left.
    open_to_leavers: bool = False


_services: dict[str, Service] = {}


def register(service: Service) -> None:
    """Makes a service known; called once, from its `apps.py`. Raises ValueError for a second one of the same key."""
    if service.key in _services:
        raise ValueError(f"service {service.key!r} is registered twice")
    _services[service.key] = service


def services() -> list[Service]:
    """The enabled services, in the order of the menu."""
    enabled = [service for key, service in _services.items() if key in settings.NOMADE.services]
    return sorted(enabled, key=lambda service: service.menu.order if service.menu else 1000)


def mail_files(kind: str, agent: int, url: str) -> list[MailFile]:
    """The files that go with the e-mail of a notification; only its service knows of any."""
    topic = kind.partition(".")[0]
    giving = [service.mail_files for service in services() if service.mail_files and topic in service.topics]
    return [file for give in giving for file in give(kind, agent, url)]


ClosedBy = Callable[[Any, Service | None], str]
_gates: list[ClosedBy] = []


def add_gate(closed_by: ClosedBy) -> None:
    """Declares who can close a service to a request: `closed_by` gives a reason's name, or nothing."""
    _gates.append(closed_by)


def closed_by(request: Any, service: Service | None) -> str:
    """Why a service (None: what belongs to none, as the back office) is closed to this request; nothing when open."""
    return next(filter(None, (gate(request, service) for gate in _gates)), "")


def service_at(namespace: str) -> Service | None:
    """The service of an urlconf's namespace, enabled or not."""
    return _services.get(namespace)


def services_open_to(request: Any) -> list[Service]:
    """The enabled services that this request may open, in the order of the menu."""
    return [service for service in services() if not closed_by(request, service)]
