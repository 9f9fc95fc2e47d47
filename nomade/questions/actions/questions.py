"""Questions: asked by an agent, answered by an office, handed over, closed, opened again. Each is one transaction."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from nomade.cases.conversing import Desk
from nomade.cases.dialogues import DialogueStatus, Moved
from nomade.cases.messages import say
from nomade.cases.references import new_reference
from nomade.files.uploads import CheckedFile
from nomade.kernel.clock import PARIS, today
from nomade.kernel.errors import Refusal
from nomade.notifications.actions import notify
from nomade.people.models import Agent
from nomade.questions.access import officers_for, offices_for
from nomade.questions.calendars import calendar_around
from nomade.questions.models import Office, Question, Topic
from nomade.questions.rules.promises import after_hand_over, after_pause


class QuestionDesk(Desk[Question]):
    """The offices of human resources."""

    kind = "question"
    first_event = "asked"
    rows = Question.objects
    joined = ("owner", "topic")
    columns = ("office", "promised_on")

    @property
    def thing(self) -> str:
        return _("question")

    def named(self, case: Question) -> str:
        return case.office.label

    def told_of(self, case: Question) -> list[Agent]:
        """The members of its office, or all who may answer the agent."""
        able = {officer.pk: officer for officer in officers_for(case.office, case.owner)}
        members = [member for member in case.office.members.all() if member.pk in able]
        return members or list(able.values())

    def may_handle(self, agent: Agent, case: Question) -> bool:
        return officers_for(case.office, case.owner).filter(pk=agent.pk).exists()

    def about(self, case: Question) -> str:
        return case.topic.label

    def is_late(self, case: Question) -> bool:
        return case.is_waiting and case.promised_on <= today()

    def moved(self, case: Question, done: Moved, moment: datetime) -> None:
        """The clock stops while the office waits for the agent; what is open again is promised anew."""
        day = moment.astimezone(PARIS).date()
        if done.paused_since is not None:
            paused_on = done.paused_since.astimezone(PARIS).date()
            case.promised_on = after_pause(case.promised_on, paused_on, day, calendar_around(case.office, day))
        if done.reopened:
            case.promised_on = calendar_around(case.office, day).after(day, case.topic.promised_days)

    def may_reopen(self, case: Question, moment: datetime) -> bool:
        if case.closed_at is None:
            return True
        return moment <= case.closed_at + timedelta(days=settings.NOMADE.questions_reopen_days)

    def also_searched(self, case: Question) -> str:
        return case.about

    def warned(self, case: Question) -> list[Agent]:
        return [case.office.lead] if case.office.lead else []


DESK = QuestionDesk()
KIND = DESK.kind
index = DESK.index
answer = DESK.answer
write_note = DESK.write_note
reply = DESK.reply
assign = DESK.assign
close = DESK.close
rate = DESK.rate
may_reopen = DESK.may_reopen


@transaction.atomic
def ask(
    agent: Agent,
    *,
    topic: Topic,
    subject: str,
    text: str,
    files: Iterable[CheckedFile] = (),
    page: str = "",
    about: str = "",
    http: HttpRequest | None = None,
) -> Question:
    """Sends a question to the office that answers this agent on this topic, with a promised day; the office is told."""
    day = today()
    office = offices_for(agent, [topic], day)[topic.pk]
    question = Question.objects.create(
        reference=new_reference(),
        owner=agent,
        topic=topic,
        office=office,
        subject=subject,
        page=page[:300],
        about=about[:200],
        promised_on=calendar_around(office, day).after(day, topic.promised_days),
    )
    return DESK.opened(question, text=text, files=files, http=http, detail=office.label, office=office.code)


@transaction.atomic
def hand_over(
    question: Question, *, to: Office, by: Agent, note: str = "", http: HttpRequest | None = None
) -> Question:
    """Gives a question to another office with all that was written: the agent asks nothing again, and is told.

    Raises Refusal for the same office, for one where nobody may answer this agent, for a question that is over.
    """
    question = DESK.locked(question)
    if question.is_over:
        raise Refusal(_("Cette question est terminée : il n’y a plus rien à transmettre."))
    if to.pk == question.office_id:
        raise Refusal(_("Cette question est déjà dans ce bureau."), field="office")
    if not to.active or not officers_for(to, question.owner).exists():
        raise Refusal(_("Personne, dans ce bureau, ne peut répondre à cet agent."), field="office")
    day = today()
    if note:
        say(KIND, question.pk, author=by, text=note, internal=True)
    least = settings.NOMADE.questions_handover_days
    question.promised_on = after_hand_over(question.promised_on, day, least, calendar_around(to, day))
    question.office, question.assignee, question.reminded_at, question.escalated_at = to, None, None, None
    if question.status == DialogueStatus.OPEN:
        question.status = DialogueStatus.NEW
    DESK.saved(question, "handed", by=by, http=http, detail=to.label)
    DESK.tell_desk(question, "handed", _("Question transmise %(reference)s : %(about)s"))
    notify(
        question.owner,
        kind="question.handed",
        title=_("Votre question est maintenant suivie par : %(office)s") % {"office": to.label},
        body=_("Vous n’avez rien à refaire."),
        url=question.get_absolute_url(),
        email=False,
    )
    return question
