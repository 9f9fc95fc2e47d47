"""An agent with a real mailbox, for tests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.test import Client

from mailkit.imap import Role, Session
from nomade.mail import gateway
from nomade.people.models import Agent


@dataclass
class Box:
    """An agent, their browser, their mailbox."""

    agent: Agent
    client: Client
    webmail: Client

    def run(self, work: Callable[[Session], Any]) -> Any:
        """Does `work` on the mailbox."""
        return gateway.run(self.agent, work)

    def receive(self, *messages: bytes, folder: str = "INBOX") -> list[str]:
        """Puts messages in a folder, unread; the keys of the messages of its first page, newest first."""

        def work(session: Session) -> list[str]:
            for message in messages:
                session.append(folder, message, flags=())
            page = session.page(folder)
            return [f"{page.uidvalidity}-{envelope.ref.uid}" for envelope in page.envelopes]

        return self.run(work)  # type: ignore[no-any-return]

    def folder(self, role: Role) -> str:
        """The name of a special folder."""
        return self.run(lambda session: session.folder_of(role).name)  # type: ignore[no-any-return]

    def subjects(self, folder: str = "INBOX") -> list[str]:
        """The subjects of the first page of a folder, newest first."""
        return self.run(lambda session: [e.subject for e in session.page(folder).envelopes])  # type: ignore[no-any-return]
