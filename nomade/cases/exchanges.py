"""Messages about a request that somebody decides: its agent and those who answer write to each other, at any time.

A service says what is its own in an `Exchange`: whom it tells, where its pages are. What they write decides nothing.
"""

from __future__ import annotations

import uuid
from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import Any, ClassVar, Generic, TypeVar

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from nomade.cases import recalling, timeline
from nomade.cases.messages import say
from nomade.files.uploads import CheckedFile
from nomade.kernel import audit
from nomade.kernel.clock import today
from nomade.kernel.errors import Refusal
from nomade.notifications.actions import notify, notify_many
from nomade.people.models import Agent

C = TypeVar("C")


class Exchange(ABC, Generic[C]):
    """What is written about a kind of request that somebody decides."""

    # Of its messages and of its steps.
    kind: ClassVar[str]
    # What its notices and its journal begin with.
    topic: ClassVar[str]
    # What the timeline and the journal call a message of the agent.
    step: ClassVar[str] = "message"
    # Whether those who handle it may keep notes that the agent does not read.
    notes: ClassVar[bool] = True
    # All of them.
    rows: ClassVar[Any]

    # --- What is the service's own ------------------------------------------------------------------------------------

    @abstractmethod
    def load(self, agent: Agent, case_id: uuid.UUID) -> tuple[C, bool]:
        """One that this person may read, and whether they handle it. Raises Http404."""

    @abstractmethod
    def named(self, case: C) -> str:
        """Who answers, as the agent is told: « Service RH »."""

    @abstractmethod
    def told_of(self, case: C) -> list[Agent]:
        """Who is told of what its agent writes: some of those who may read it, never anybody else."""

    @abstractmethod
    def waits(self, case: C) -> bool:
        """Whether somebody has to answer."""

    @abstractmethod
    def address(self, case: C, *, handles: bool) -> str:
        """Its page, on the portal, for its agent or for who handles it."""

    def closed(self, _case: C) -> str:
        """Why nothing more is written about it; empty while one may."""
        return ""

    def asks_agent(self, _case: C) -> bool:
        """Whether it waits for its agent: the form is then open on the agent's page."""
        return False

    def readers(self, _case: C) -> str:
        """Who reads what the agent writes, as the agent is told."""
        return _("Lu par ceux qui traitent votre demande.")

    def replied(self, _case: C) -> None:
        """What a message of the agent changes in a locked request."""

    def recalled(self, case: C) -> None:
        """Tells of a reminder that the agent asks for; what it changes in a locked request."""
        title = _("Rappel : %(reference)s attend votre réponse") % {"reference": case}
        self._tell(case, "recalled", title, besides=())

    # --- Acts ---------------------------------------------------------------------------------------------------------

    @transaction.atomic
    def write(
        self,
        case: C,
        *,
        by: Agent,
        text: str,
        files: Iterable[CheckedFile] = (),
        internal: bool = False,
        http: HttpRequest | None = None,
    ) -> None:
        """Keeps a message, or a note of those who handle it, and tells the other side. Raises Refusal once closed."""
        locked = self._locked(case)
        if closed := self.closed(locked):
            raise Refusal(closed)
        own = locked.owner_id == by.pk
        note = internal and self.notes and not own
        say(self.kind, locked.pk, author=by, text=text or _("Pièce jointe."), files=files, internal=note)
        if note:
            self._record(locked, "noted", by, http)
            return
        event = self.step if own else "message"
        timeline.note(self.kind, locked.pk, event, actor=by)
        self._record(locked, event, by, http)
        said = {"reference": locked.reference}
        if own:
            self.replied(locked)
            self._tell(locked, "message", _("Message de l’agent sur la demande %(reference)s") % said, besides=(by,))
        else:
            title = _("Vous avez un message sur votre demande %(reference)s") % said
            url = self.address(locked, handles=False)
            notify(locked.owner, kind=f"{self.topic}.message", title=title, url=url)

    @transaction.atomic
    def recall(self, case: C, *, by: Agent, http: HttpRequest | None = None) -> None:
        """The agent reminds those who should have answered. Raises Refusal when it is too early, or just done."""
        locked = self._locked(case)
        if locked.owner_id != by.pk:
            raise Refusal(_("Seul l’agent relance sa demande."))
        recalling.refuse(self.kind, locked.pk, late=self.is_late(locked))
        timeline.note(self.kind, locked.pk, recalling.RECALLED, actor=by)
        self._record(locked, recalling.RECALLED, by, http)
        self.recalled(locked)

    def is_late(self, case: Any) -> bool:
        """Whether the promised day has come and nobody has answered."""
        return self.waits(case) and case.promised_on is not None and case.promised_on <= today()

    def _locked(self, case: Any) -> Any:
        return self.rows.select_for_update(of=("self",)).select_related("owner").get(pk=case.pk)

    def _tell(self, case: Any, event: str, title: str, *, besides: Iterable[Agent]) -> None:
        left_out = {case.owner_id, *(one.pk for one in besides)}
        people = [one for one in dict.fromkeys(self.told_of(case)) if one.pk not in left_out]
        # Who asks is read in the portal: the e-mail holds the title alone.
        notify_many(
            people,
            kind=f"{self.topic}.{event}",
            title=title,
            body=case.owner.full_name,
            url=self.address(case, handles=True),
        )

    def _record(self, case: Any, event: str, by: Agent, http: HttpRequest | None) -> None:
        name = f"{self.topic}.{event}"
        audit.record(name, actor=by.pk, subject=case.owner_id, request=http, reference=case.reference)


def still(answered_by: Agent | None, able: list[Agent], otherwise: list[Agent]) -> list[Agent]:
    """Who answered, while they still may; the others else."""
    return [answered_by] if answered_by is not None and answered_by in able else otherwise
