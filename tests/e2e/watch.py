"""What a page must never do: call anybody else, complain on the console, hit the Content-Security-Policy."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request, WebError

#: Told by the page itself, because a report-only header would need a server of its own.
REPORT_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP ${event.effectiveDirective} ${event.blockedURI} ${event.sourceFile}:${event.lineNumber}`));
"""


@dataclass
class Watch:
    """Listens to one browser context from its birth; `verify()` says what went wrong."""

    allowed: frozenset[str]
    faults: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    _expected: set[int] = field(default_factory=set)

    @classmethod
    def over(cls, context: BrowserContext, origins: dict[str, str]) -> Watch:
        """Watches every page and frame of the context."""
        watch = cls(frozenset(urlsplit(origin).hostname or "" for origin in origins.values()))
        context.add_init_script(REPORT_VIOLATIONS)
        context.on("request", watch._request)
        context.on("console", watch._console)
        context.on("weberror", watch._error)
        return watch

    @contextmanager
    def expecting(self, *statuses: int) -> Iterator[None]:
        """The browser writes on its console that a page answered 4xx or 5xx: here it is meant."""
        self._expected.update(statuses)
        try:
            yield
        finally:
            self._expected.clear()

    def verify(self) -> None:
        """Raises with everything that was seen."""
        assert not self.faults, "\n".join(self.faults)

    def _request(self, request: Request) -> None:
        parts = urlsplit(request.url)
        self.requests.append(request.url)
        if parts.scheme in {"data", "blob", "about"}:
            return
        # Any port of our hosts: new mail is told on another one.
        if parts.hostname not in self.allowed:
            self.faults.append(f"request to somebody else: {request.url} (from {request.frame.url})")

    def _console(self, message: ConsoleMessage) -> None:
        if message.type not in {"error", "warning"}:
            return
        if any(f"status of {status}" in message.text for status in self._expected):
            return
        page = message.page.url if message.page else "?"
        source = message.location.get("url", "")
        self.faults.append(f"console {message.type} on {page}: {message.text} {source}")

    def _error(self, error: WebError) -> None:
        page = error.page.url if error.page else "?"
        self.faults.append(f"script error on {page}: {error.error.message}")
