"""What stands around each page: menu, bell, search, session. Services and apps above fill it; it knows none by name."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.middleware.csrf import get_token
from django.urls import NoReverseMatch, reverse
from django.utils.functional import cached_property
from django.utils.html import format_html
from django.utils.safestring import SafeString

from nomade.kernel.clock import now
from nomade.kernel.errors import Unavailable
from nomade.kernel.hosts import URLCONFS, origin
from nomade.kernel.registry import MenuEntry, closed_by, service_at, services

log = logging.getLogger("nomade.shell")


@dataclass(frozen=True)
class Place:
    """A line of the menu, as the page shows it."""

    label: Any
    short_label: str
    icon: str
    url: str
    group: str
    current: bool
    on_phone_bar: bool
    badge: int | None


@dataclass(frozen=True)
class _Extra:
    view: str
    label: Any
    entry: MenuEntry


@dataclass
class _Ports:
    """Filled at start by the apps that know the answer; empty, the shell does without."""

    unread: Callable[[Any], int] | None = None
    session_end: Callable[[Any], datetime | None] | None = None
    session_idle: Callable[[Any], int | None] | None = None


_ports = _Ports()
_extras: list[_Extra] = []


def fill(
    *,
    unread: Callable[[Any], int] | None = None,
    session_end: Callable[[Any], datetime | None] | None = None,
    session_idle: Callable[[Any], int | None] | None = None,
) -> None:
    """Gives the shell what it shows: `unread(agent)` for the bell, when the session of a request ends for the warning.

    `session_end(request)` is when it closes whatever one does, `session_idle(request)` after how many seconds alone.
    """
    _ports.unread = unread or _ports.unread
    _ports.session_end = session_end or _ports.session_end
    _ports.session_idle = session_idle or _ports.session_idle


def add_place(view: str, label: Any, entry: MenuEntry) -> None:
    """A line of the menu for an app that is no service (the back office); `view` is a name of the portal host."""
    _extras.append(_Extra(view, label, entry))


@lru_cache(maxsize=64)
def _path(view: str, host: str) -> str | None:
    try:
        return reverse(view, urlconf=URLCONFS[host])  # type: ignore[index]
    except NoReverseMatch:
        return None


class Shell:
    """The surroundings of one page; each part is computed once, when the template asks for it."""

    def __init__(self, request: Any) -> None:
        self.request = request
        self.host: str = getattr(request, "host_role", "portal")

    @cached_property
    def agent(self) -> Any:
        """The agent who is signed in, or None; on a public page too."""
        known = getattr(self.request, "agent", None)
        if known is not None:
            return known
        user = getattr(self.request, "user", None)
        return user.agent if user is not None and user.is_authenticated else None

    @cached_property
    def csrf_token(self) -> str:
        """One masked token for all the forms of the shell: each new mask costs 32 calls to the system's random."""
        return get_token(self.request)

    @cached_property
    def csrf_input(self) -> SafeString:
        """The hidden field of the shell's own forms."""
        return format_html('<input type="hidden" name="csrfmiddlewaretoken" value="{}">', self.csrf_token)

    def address(self, view: str) -> str | None:
        """Where a view of the portal is, from the host of this page; None when nothing answers to that name."""
        path = _path(view, "portal")
        if path is None:
            return None
        return path if self.host == "portal" else origin("portal") + path

    def local(self, view: str) -> str | None:
        """The path of a view on the host of this page; None where it does not exist (the content host)."""
        return _path(view, self.host)

    @cached_property
    def help(self) -> str | None:
        """The help of this page: that of its service, on the page of all helps."""
        address = self.address("ui:help")
        match = getattr(self.request, "resolver_match", None)
        service = service_at(match.namespaces[0]) if match and match.namespaces else None
        return f"{address}#aide-{service.key}" if address and service and service.help else address

    @cached_property
    def home(self) -> str:
        return self.address("home:index") or "/"

    @cached_property
    def search(self) -> str | None:
        """The address of the search page, when a service offers one."""
        return self.address("search:index")

    @cached_property
    def report(self) -> str | None:
        """Where a malfunction of this page is reported, when a service takes reports; a query may hold a secret."""
        return self.report_of("")

    def report_of(self, reference: str) -> str | None:
        """The same, with the reference that an error page shows."""
        address = self.address("support:report")
        if address is None:
            return None
        found = {"page": self.request.path, "reference": reference}
        return f"{address}?{urlencode({key: value for key, value in found.items() if value}, safe='/')}"

    @cached_property
    def question(self) -> str | None:
        """Where a question about this page is asked of human resources; an agent who is signed in, on the portal."""
        address = self.address("questions:new") if self.agent else None
        return f"{address}?{urlencode({'page': self.request.path}, safe='/')}" if address else None

    def question_about(self, line: str, of: str) -> str | None:
        """The same about one line of this page, in words: « Transport », « bulletin de novembre 2026 »."""
        if self.question is None:
            return None
        return f"{self.question}&{urlencode({'ligne': line, 'de': of})}"

    @cached_property
    def unread(self) -> int:
        """How many notifications wait; at most one query a page."""
        return _ports.unread(self.agent) if self.agent and _ports.unread else 0

    @cached_property
    def places(self) -> list[Place]:
        """The menu of this agent, in order."""
        if self.agent is None:
            return []
        lines = [
            (item.menu, item.label, self._service_address(item.key), closed_by(self.request, item))
            for item in services()
            if item.menu
        ]
        beyond = closed_by(self.request, None)
        lines += [(extra.entry, extra.label, self.address(extra.view), beyond) for extra in _extras]
        # What is closed for want of a second factor stays in the menu: its page explains how to open it.
        return [
            self._place(label, url, entry, closed=bool(closed))
            for entry, label, url, closed in sorted(lines, key=lambda line: line[0].order)
            if url and closed != "leaver" and (entry.visible is None or entry.visible(self.request))
        ]

    def _service_address(self, key: str) -> str | None:
        """A service is reached on this host when it lives there too, else on the portal."""
        return _path(f"{key}:index", self.host) or self.address(f"{key}:index")

    def _place(self, label: Any, url: str, entry: MenuEntry, *, closed: bool) -> Place:
        path = self.request.path
        here = path == url if url in ("/", self.home) else path.startswith(url)
        return Place(
            label,
            str(entry.short_label or label),
            entry.icon,
            url,
            entry.group,
            here,
            entry.on_phone_bar,
            None if closed else self._badge(entry),
        )

    def _badge(self, entry: MenuEntry) -> int | None:
        if entry.badge is None:
            return None
        try:
            return entry.badge(self.request)
        except Unavailable as error:  # a system that is down must not take every page with it
            log.warning("badge unavailable system=%s", error.system)
            return None

    @cached_property
    def groups(self) -> list[list[Place]]:
        """The menu cut at each change of group."""
        cut: dict[str, list[Place]] = {}
        for place in self.places:
            cut.setdefault(place.group, []).append(place)
        return list(cut.values())

    @cached_property
    def phone_bar(self) -> list[Place]:
        """The first lines for the bottom of a phone, which also holds « Menu »."""
        return [place for place in self.places if place.on_phone_bar][:4]

    @cached_property
    def idle_seconds(self) -> int:
        """After how long without a request the session closes."""
        known = _ports.session_idle(self.request) if _ports.session_idle else None
        return int(settings.NOMADE.session_idle_minutes) * 60 if known is None else known

    @cached_property
    def seconds_left(self) -> int | None:
        """How long until the session closes whatever one does; None when nobody knows."""
        end = _ports.session_end(self.request) if _ports.session_end else None
        return max(0, int((end - now()).total_seconds())) if end else None


def shell_of(request: Any) -> Shell:
    """The shell of a request; the same one for the whole answer."""
    shell = getattr(request, "_nomade_shell", None)
    if not isinstance(shell, Shell):
        shell = Shell(request)
        request._nomade_shell = shell  # noqa: SLF001  # kept on the request, so that the bell is counted once
    return shell
