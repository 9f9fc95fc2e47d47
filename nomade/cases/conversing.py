"""What is done in a conversation: sent, answered, noted, given to somebody, closed, rated, chased when it waits.

A service says what is its own in a `Desk`: whom it tells, what it promises, its words. Each act is one transaction.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, Generic, TypeVar

from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from nomade.cases import recalling, timeline
from nomade.cases.dialogues import Changed, Dialogue, DialogueStatus, Moved, move
from nomade.cases.lists import each_locked
from nomade.cases.messages import say
from nomade.cases.searching import vector
from nomade.files.uploads import CheckedFile
from nomade.kernel import audit
from nomade.kernel.clock import now
from nomade.kernel.errors import Refusal
from nomade.notifications.actions import notify, notify_many
from nomade.people.models import Agent

D = TypeVar("D", bound=Dialogue)
Files = Iterable[CheckedFile]
# Not the search column: it is read as text, and `index` alone writes it.
COLUMNS = (
    "status", "assignee", "paused_at", "answered_at", "solved_at", "closed_at", "reminded_at", "escalated_at",
    "satisfaction", "satisfaction_comment", "version",
)  # fmt: skip
# What a desk is told by e-mail too; these titles name nobody.
PRESSING = ("soon_due", "late", recalling.RECALLED)


@dataclass
class Chased:
    """What one run did."""

    reminded: int = 0
    escalated: int = 0
    closed: int = 0


class Desk(ABC, Generic[D]):
    """Those who answer a kind of conversation, and what may be done with one."""

    kind: ClassVar[str]
    # What the journal calls the first message.
    first_event: ClassVar[str] = "opened"
    # What an answer leads to, unless it says otherwise.
    after_answer: ClassVar[DialogueStatus] = DialogueStatus.SOLVED
    # What is loaded with a locked case. Never who handles it: after a wait for the lock, the join would be the one from
    # before the wait.
    joined: ClassVar[tuple[str, ...]] = ("owner",)
    # The columns of its own that these acts change.
    columns: ClassVar[tuple[str, ...]] = ()
    # All of them.
    rows: ClassVar[Any]

    # --- What is the service's own ------------------------------------------------------------------------------------

    @property
    @abstractmethod
    def thing(self) -> str:
        """What it is called, a feminine word: « question »."""

    @abstractmethod
    def named(self, case: D) -> str:
        """Who answers, as the agent is told: « Le support »."""

    @abstractmethod
    def told_of(self, case: D) -> list[Agent]:
        """Who is told of one that nobody has taken; never its owner."""

    @abstractmethod
    def may_handle(self, agent: Agent, case: D) -> bool:
        """Whether somebody may be given it."""

    @abstractmethod
    def about(self, case: D) -> str:
        """What it is about, as its desk is told."""

    @abstractmethod
    def is_late(self, case: D) -> bool:
        """Whether what was promised has come and nobody has answered."""

    @abstractmethod
    def moved(self, case: D, done: Moved, moment: datetime) -> None:
        """Moves what was promised: the clock stood still while the agent was awaited, or starts anew."""

    def may_reopen(self, case: D, _moment: datetime) -> bool:
        """Whether one that is closed may be opened again by its agent's writing."""
        return case.closed_at is None

    def refuse_opinion(self, case: D) -> None:
        """Raises Refusal while there is nothing to have an opinion on."""
        if case.answered_at is None:
            raise Refusal(_("Votre avis se donne une fois la réponse reçue."))

    def answered(self, case: D, then: DialogueStatus) -> str:
        """The title by which the agent is told of an answer."""
        waits = then == DialogueStatus.PENDING
        return (
            _("%(desk)s attend votre réponse (%(reference)s)")
            if waits
            else _("%(desk)s vous a répondu (%(reference)s)")
        )

    def also_searched(self, _case: D) -> str:
        """More words by which one is found."""
        return ""

    def warned(self, _case: D) -> list[Agent]:
        """Who is told too when one is late."""
        return []

    # --- Acts ---------------------------------------------------------------------------------------------------------

    def opened(
        self, case: D, *, text: str, files: Files = (), http: HttpRequest | None = None, detail: str = "", **facts: Any
    ) -> D:
        """Keeps the first message of a case just created, in the same transaction; the desk is told."""
        say(self.kind, case.pk, author=case.owner, text=text, files=files)
        self.index(case, case.owner, text)
        timeline.note(self.kind, case.pk, "opened", actor=case.owner, detail=detail)
        self._record(case, self.first_event, by=case.owner, http=http, **facts)
        self.tell_desk(case, self.first_event, _("Nouvelle %(thing)s %(reference)s : %(about)s"))
        return case

    def index(self, case: D, owner: Agent, text: str) -> None:
        """What a search finds it by: number, subject, agent, first message."""
        heading = f"{case.reference} {case.subject}"
        who = f"{owner.full_name} {owner.matricule} {self.also_searched(case)}".rstrip()
        searched = vector((heading, "A"), (who, "B"), (text[:4000], "C"))
        self.rows.filter(pk=case.pk).update(search=searched)

    @transaction.atomic
    def answer(
        self,
        case: D,
        *,
        by: Agent,
        text: str,
        then: DialogueStatus | None = None,
        files: Files = (),
        version: int | None = None,
        http: HttpRequest | None = None,
    ) -> D:
        """Writes to the agent, and says what follows. Raises Changed when it is no longer the one that was read."""
        case, then = self.locked(case, version), then or self.after_answer
        if case.status == DialogueStatus.CLOSED:
            raise Changed(_("Cette %(thing)s est close : l’agent l’a terminée.") % {"thing": self.thing})
        moment = now()
        if case.assignee is None:
            case.assignee = by
        case.answered_at = case.answered_at or moment
        say(self.kind, case.pk, author=by, text=text, files=files)
        self._move(case, then, moment)
        self.saved(case, "solved" if then == DialogueStatus.SOLVED else "answered", by=by, http=http)
        self._tell_agent(case, "answered", self.answered(case, then))
        return case

    @transaction.atomic
    def write_note(self, case: D, *, by: Agent, text: str, files: Files = (), http: HttpRequest | None = None) -> D:
        """Keeps something that only those who handle it read."""
        case = self.locked(case)
        say(self.kind, case.pk, author=by, text=text, files=files, internal=True)
        self._record(case, "noted", by=by, http=http)
        return case

    @transaction.atomic
    def reply(self, case: D, *, by: Agent, text: str, files: Files = (), http: HttpRequest | None = None) -> D:
        """The agent writes: the clock goes on, what was over is open again. Raises Changed once it is too old."""
        case = self.locked(case)
        moment = now()
        if case.status == DialogueStatus.CLOSED and not self.may_reopen(case, moment):
            said = _("Cette %(thing)s est close depuis longtemps : envoyez-en une autre, elle sera lue plus vite.")
            raise Changed(said % {"thing": self.thing})
        over = case.is_over
        say(self.kind, case.pk, author=by, text=text, files=files)
        if case.status != DialogueStatus.NEW:
            self._move(case, DialogueStatus.OPEN, moment)
        self.saved(case, "reopened" if over else "replied", by=by, http=http)
        title = _("%(name)s rouvre %(reference)s") if over else _("%(name)s a répondu (%(reference)s)")
        self.tell_desk(case, "replied", title)
        return case

    @transaction.atomic
    def assign(self, case: D, *, to: Agent, by: Agent, http: HttpRequest | None = None) -> D:
        """Gives it to a colleague, often oneself. Raises Refusal for who may not handle it."""
        case = self.locked(case)
        if case.owner_id == to.pk or not self.may_handle(to, case):
            said = _("Cette personne ne peut pas traiter cette %(thing)s.")
            raise Refusal(said % {"thing": self.thing}, field="assignee")
        if case.assignee_id == to.pk:
            return case
        case.assignee = to
        if case.status == DialogueStatus.NEW:
            self._move(case, DialogueStatus.OPEN, now())
        self.saved(case, "assigned", by=by, http=http, detail=to.full_name)
        if to.pk != by.pk:
            self.tell_desk(case, "assigned", _("%(reference)s vous est confiée"))
        return case

    @transaction.atomic
    def close(self, case: D, *, by: Agent | None, http: HttpRequest | None = None) -> D:
        """Ends it: the agent says so, or time went by. Twice is once."""
        case = self.locked(case)
        if case.status == DialogueStatus.CLOSED:
            return case
        self._move(case, DialogueStatus.CLOSED, now())
        self.saved(case, "closed", by=by, http=http)
        return case

    @transaction.atomic
    def rate(self, case: D, *, by: Agent, satisfaction: int, comment: str = "", http: HttpRequest | None = None) -> D:
        """Keeps what the agent thinks of the answer: one tap, then maybe a word. Raises Refusal before there is one."""
        case = self.locked(case)
        self.refuse_opinion(case)
        case.satisfaction = satisfaction
        case.satisfaction_comment = comment or case.satisfaction_comment
        self.saved(case, "rated", by=by, http=http)
        return case

    @transaction.atomic
    def recall(self, case: D, *, by: Agent, http: HttpRequest | None = None) -> D:
        """The agent reminds who should have answered. Raises Refusal when it is too early, or just done."""
        case = self.locked(case)
        recalling.refuse(self.kind, case.pk, late=self.is_late(case))
        timeline.note(self.kind, case.pk, recalling.RECALLED, actor=by)
        self._record(case, recalling.RECALLED, by=by, http=http)
        self.tell_desk(case, recalling.RECALLED, _("Rappel : %(reference)s attend votre réponse"))
        return case

    # --- What time does -----------------------------------------------------------------------------------------------

    def chase(
        self,
        *,
        late: QuerySet[D],
        soon: Iterable[QuerySet[D]],
        remind_after: timedelta,
        close_after: timedelta,
        moment: datetime,
    ) -> Chased:
        """Tells all of what is late, the desk of what is due soon, the agent who is awaited; closes. Safe to run twice.

        `late` and `soon` are cases that wait for the desk: what is late, and what soon will be, is each service's own.
        """
        done = Chased()
        done.escalated = each_locked(late.filter(escalated_at__isnull=True), self._escalate, moment)
        for near in soon:
            done.reminded += each_locked(near.filter(reminded_at__isnull=True), self._remind_desk, moment)
        silent = self.rows.filter(status=DialogueStatus.PENDING)
        unheard = silent.filter(paused_at__lt=moment - remind_after, reminded_at__isnull=True)
        done.reminded += each_locked(unheard, self._remind_agent, moment)
        ending = moment - close_after
        done.closed = each_locked(silent.filter(paused_at__lt=ending), self._close_silent, moment)
        answered = self.rows.filter(status=DialogueStatus.SOLVED, solved_at__lt=ending)
        done.closed += each_locked(answered, self._close_silent, moment)
        return done

    def _escalate(self, case: D, moment: datetime) -> None:
        case.escalated_at = moment
        case.save(update_fields=["escalated_at"])
        timeline.note(self.kind, case.pk, "escalated", actor=None)
        told = {one.pk: one for one in (*self.told_of(case), *self.warned(case)) if one.pk != case.owner_id}
        if case.assignee:
            told[case.assignee.pk] = case.assignee
        self._notify_desk(case, told.values(), "late", _("%(reference)s est en retard"))

    def _remind_desk(self, case: D, moment: datetime) -> None:
        case.reminded_at = moment
        case.save(update_fields=["reminded_at"])
        self.tell_desk(case, "soon_due", _("%(reference)s attend une réponse très bientôt"))

    def _remind_agent(self, case: D, moment: datetime) -> None:
        case.reminded_at = moment
        case.save(update_fields=["reminded_at"])
        timeline.note(self.kind, case.pk, "reminded", actor=None)
        self._tell_agent(case, "reminder", _("%(desk)s attend toujours votre réponse (%(reference)s)"))

    def _close_silent(self, case: D, _moment: datetime) -> None:
        self.close(case, by=None)

    # --- Parts of an act ----------------------------------------------------------------------------------------------

    def locked(self, case: D, version: int | None = None) -> D:
        """The row, held until the end of the transaction. Raises Changed when it is no longer the one that was read."""
        found: D = self.rows.select_for_update(of=("self",)).select_related(*self.joined).get(pk=case.pk)
        if version is not None and version != found.version:
            said = _("Cette %(thing)s a changé pendant que vous écriviez : relisez-la, votre texte est gardé.")
            raise Changed(said % {"thing": self.thing})
        return found

    def saved(self, case: D, event: str, *, by: Agent | None, http: HttpRequest | None, detail: str = "") -> None:
        """Saves a locked case, with the step that its timeline and the journal tell."""
        case.version += 1
        case.save(update_fields=[*COLUMNS, *self.columns])
        timeline.note(self.kind, case.pk, event, actor=by, detail=detail)
        self._record(case, event, by=by, http=http)

    def tell_desk(self, case: D, event: str, title: str) -> None:
        """Tells who handles it, or the whole desk while nobody does."""
        told = [case.assignee] if case.assignee else self.told_of(case)
        self._notify_desk(case, told, event, title)

    def _notify_desk(self, case: D, told: Iterable[Agent], event: str, title: str) -> None:
        said = {
            "reference": case.reference,
            "name": case.owner.full_name,
            "thing": self.thing,
            "about": self.about(case),
        }
        kind, url = f"{self.kind}.{event}", case.get_absolute_url()
        # What time brings is told by e-mail too, as of every request; what is said is read at the desk.
        notify_many(told, kind=kind, title=title % said, url=url, email=event in PRESSING)

    def _tell_agent(self, case: D, event: str, title: str) -> None:
        said = title % {"desk": self.named(case), "reference": case.reference}
        notify(case.owner, kind=f"{self.kind}.{event}", title=said, url=case.get_absolute_url())

    def _move(self, case: D, status: DialogueStatus, moment: datetime) -> None:
        self.moved(case, move(case, status, moment), moment)

    def _record(self, case: D, event: str, *, by: Agent | None, http: HttpRequest | None, **facts: Any) -> None:
        actor = by.pk if by else None
        audit.record(
            f"{self.kind}.{event}", actor=actor, subject=case.owner_id, request=http, reference=case.reference, **facts
        )
