"""Questions: asked by an agent, answered by an office, handed over, closed, opened again. Each is one transaction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from nomade.cases import timeline
from nomade.cases.dialogues import Changed, DialogueStatus, move
from nomade.cases.messages import say
from nomade.cases.references import new_reference
from nomade.cases.searching import vector
from nomade.files.uploads import CheckedFile
from nomade.kernel import audit
from nomade.kernel.clock import PARIS, now, today
from nomade.kernel.errors import Refusal
from nomade.notifications.actions import notify, notify_many
from nomade.people.models import Agent
from nomade.questions.access import officers_for, offices_for
from nomade.questions.calendars import calendar_around
from nomade.questions.models import Office, Question, Topic
from nomade.questions.rules.promises import after_hand_over, after_pause

KIND = "question"


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
    say(KIND, question.pk, author=agent, text=text, files=files)
    index(question, agent, text)
    timeline.note(KIND, question.pk, "opened", actor=agent, detail=office.label)
    audit.record(
        "question.asked",
        actor=agent.pk,
        subject=agent.pk,
        request=http,
        reference=question.reference,
        office=office.code,
    )
    _tell_office(question, kind="question.asked", title=_("Nouvelle question %(reference)s : %(topic)s"))
    return question


def index(question: Question, owner: Agent, text: str) -> None:
    """What a search finds a question by: number, subject, agent, first message."""
    heading = f"{question.reference} {question.subject}"
    who = f"{owner.full_name} {owner.matricule} {question.about}"
    searched = vector((heading, "A"), (who, "B"), (text[:4000], "C"))
    Question.objects.filter(pk=question.pk).update(search=searched)


def told_of(question: Question) -> list[Agent]:
    """Who is told of a question that nobody has taken: the members of its office, or all who may answer the agent."""
    able = {officer.pk: officer for officer in officers_for(question.office, question.owner)}
    members = [member for member in question.office.members.all() if member.pk in able]
    return members or list(able.values())


def _tell_office(question: Question, *, kind: str, title: str) -> None:
    told = [question.assignee] if question.assignee else told_of(question)
    said = {"reference": question.reference, "topic": question.topic.label, "name": question.owner.full_name}
    notify_many(told, kind=kind, title=title % said, url=question.get_absolute_url(), email=False)


@transaction.atomic
def answer(
    question: Question,
    *,
    by: Agent,
    text: str,
    then: DialogueStatus = DialogueStatus.SOLVED,
    files: Iterable[CheckedFile] = (),
    version: int | None = None,
    http: HttpRequest | None = None,
) -> Question:
    """Writes to the agent, and says what follows. Raises Changed when it is no longer the question that was read."""
    question = _locked(question, version)
    if question.status == DialogueStatus.CLOSED:
        raise Changed(_("Cette question est close : l’agent peut la rouvrir."))
    moment = now()
    if question.assignee is None:
        question.assignee = by
    question.answered_at = question.answered_at or moment
    say(KIND, question.pk, author=by, text=text, files=files)
    _move(question, then, moment)
    _saved(question, "solved" if then == DialogueStatus.SOLVED else "answered", by=by, http=http)
    waits = then == DialogueStatus.PENDING
    title = (
        _("%(office)s attend votre réponse (%(reference)s)")
        if waits
        else _("%(office)s vous a répondu (%(reference)s)")
    )
    notify(
        question.owner,
        kind="question.answered",
        title=title % {"office": question.office.label, "reference": question.reference},
        url=question.get_absolute_url(),
    )
    return question


@transaction.atomic
def write_note(
    question: Question, *, by: Agent, text: str, files: Iterable[CheckedFile] = (), http: HttpRequest | None = None
) -> Question:
    """Keeps something that only those who handle the question read."""
    question = _locked(question)
    say(KIND, question.pk, author=by, text=text, files=files, internal=True)
    audit.record("question.noted", actor=by.pk, subject=question.owner_id, request=http, reference=question.reference)
    return question


@transaction.atomic
def reply(
    question: Question, *, by: Agent, text: str, files: Iterable[CheckedFile] = (), http: HttpRequest | None = None
) -> Question:
    """The agent writes: the clock goes on, what was answered or closed is open again. Raises Changed once it is old."""
    question = _locked(question)
    moment = now()
    if question.status == DialogueStatus.CLOSED and not may_reopen(question, moment):
        raise Changed(_("Cette question est close depuis longtemps : posez-en une autre, elle sera lue plus vite."))
    over = question.is_over
    say(KIND, question.pk, author=by, text=text, files=files)
    if question.status != DialogueStatus.NEW:
        _move(question, DialogueStatus.OPEN, moment)
    _saved(question, "reopened" if over else "replied", by=by, http=http)
    title = _("%(name)s rouvre %(reference)s") if over else _("%(name)s a répondu (%(reference)s)")
    _tell_office(question, kind="question.replied", title=title)
    return question


def may_reopen(question: Question, moment: datetime) -> bool:
    """Whether a question that is closed may be opened again."""
    if question.closed_at is None:
        return True
    return moment <= question.closed_at + timedelta(days=settings.NOMADE.questions_reopen_days)


@transaction.atomic
def assign(question: Question, *, to: Agent, by: Agent, http: HttpRequest | None = None) -> Question:
    """Gives a question to a colleague, often oneself. Raises Refusal for who may not answer this agent."""
    question = _locked(question)
    if not officers_for(question.office, question.owner).filter(pk=to.pk).exists():
        raise Refusal(_("Cette personne ne peut pas traiter cette question."), field="assignee")
    if question.assignee_id == to.pk:
        return question
    question.assignee = to
    if question.status == DialogueStatus.NEW:
        _move(question, DialogueStatus.OPEN, now())
    _saved(question, "assigned", by=by, http=http, detail=to.full_name)
    if to.pk != by.pk:
        notify(
            to,
            kind="question.assigned",
            title=_("%(reference)s vous est confiée") % {"reference": question.reference},
            url=question.get_absolute_url(),
            email=False,
        )
    return question


@transaction.atomic
def hand_over(
    question: Question, *, to: Office, by: Agent, note: str = "", http: HttpRequest | None = None
) -> Question:
    """Gives a question to another office with all that was written: the agent asks nothing again, and is told.

    Raises Refusal for the same office, for one where nobody may answer this agent, for a question that is over.
    """
    question = _locked(question)
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
    _saved(question, "handed", by=by, http=http, detail=to.label)
    _tell_office(question, kind="question.handed", title=_("Question transmise %(reference)s : %(topic)s"))
    notify(
        question.owner,
        kind="question.handed",
        title=_("Votre question est maintenant suivie par : %(office)s") % {"office": to.label},
        body=_("Vous n’avez rien à refaire."),
        url=question.get_absolute_url(),
        email=False,
    )
    return question


@transaction.atomic
def close(question: Question, *, by: Agent | None, http: HttpRequest | None = None) -> Question:
    """Ends a question: the agent says so, or time went by. Twice is once."""
    question = _locked(question)
    if question.status == DialogueStatus.CLOSED:
        return question
    _move(question, DialogueStatus.CLOSED, now())
    _saved(question, "closed", by=by, http=http)
    return question


@transaction.atomic
def rate(
    question: Question, *, by: Agent, satisfaction: int, comment: str = "", http: HttpRequest | None = None
) -> Question:
    """Keeps what the agent thinks of the answer: one tap, then maybe a word. Raises Refusal before there is one."""
    question = _locked(question)
    if question.answered_at is None:
        raise Refusal(_("Votre avis se donne une fois la réponse reçue."))
    question.satisfaction = satisfaction
    question.satisfaction_comment = comment or question.satisfaction_comment
    _saved(question, "rated", by=by, http=http)
    return question


def _locked(question: Question, version: int | None = None) -> Question:
    # The assignee is not joined: after a wait for the lock, the join would be the one from before the wait.
    found = Question.objects.select_for_update(of=("self",)).select_related("owner", "topic").get(pk=question.pk)
    if version is not None and version != found.version:
        raise Changed(_("Cette question a changé pendant que vous écriviez : relisez-la, votre texte est gardé."))
    return found


def _move(question: Question, status: DialogueStatus, moment: datetime) -> None:
    """Changes the status; the clock stops while the office waits for the agent; what is open again is promised anew."""
    done = move(question, status, moment)
    day = moment.astimezone(PARIS).date()
    if done.paused_since is not None:
        paused_on = done.paused_since.astimezone(PARIS).date()
        days = calendar_around(question.office, day)
        question.promised_on = after_pause(question.promised_on, paused_on, day, days)
    if done.reopened:
        days = calendar_around(question.office, day)
        question.promised_on = days.after(day, question.topic.promised_days)


def _saved(question: Question, event: str, *, by: Agent | None, http: HttpRequest | None, detail: str = "") -> None:
    question.version += 1
    question.save(update_fields=SAVED)
    timeline.note(KIND, question.pk, event, actor=by, detail=detail)
    audit.record(
        f"question.{event}",
        actor=by.pk if by else None,
        subject=question.owner_id,
        request=http,
        reference=question.reference,
    )


# Not the search column: it is read as text, and `index` alone writes it.
SAVED: Sequence[str] = (
    "status", "office", "assignee", "promised_on", "paused_at", "answered_at", "solved_at", "closed_at", "reminded_at",
    "escalated_at", "satisfaction", "satisfaction_comment", "version",
)  # fmt: skip
