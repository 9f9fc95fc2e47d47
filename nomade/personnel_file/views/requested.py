"""The page of a request, for its owner and for its desk, with what they write to each other."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse

from nomade.cases.exchange_views import Room, Talk
from nomade.cases.models import CaseState
from nomade.kernel import audit
from nomade.kernel.clock import today
from nomade.kernel.pages import render
from nomade.people.http import AgentRequest
from nomade.personnel_file.actions import changes
from nomade.personnel_file.actions.talking import EXCHANGE
from nomade.personnel_file.forms.changes import DecisionForm
from nomade.personnel_file.models import ChangeRequest, Subject
from nomade.personnel_file.reading import inscribe
from nomade.personnel_file.rules.matrix import Section
from nomade.personnel_file.rules.pay import cutoff_of, pay_month
from nomade.personnel_file.secrets import wanted_by
from nomade.personnel_file.subjects import DESK_NAMES, SPECS, in_words


def request_shown(
    request: AgentRequest,
    asked: ChangeRequest,
    *,
    handles: bool,
    talk: Talk | None = None,
    form: DecisionForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Old and new side by side, what was written, its steps; for the desk, the form that answers it."""
    context = _context(asked) | {"talk": talk or ROOM.talk(request, asked, handles=handles)}
    if not handles:
        return render(request, "personnel_file/request.html", context, status=status)
    form = form or DecisionForm(initial={"effective_on": asked.effective_on})
    context |= {"form": form} | _pay(asked)
    return render(request, "personnel_file/decide.html", context, status=status)


def _context(asked: ChangeRequest) -> dict[str, Any]:
    subject, wanted = Subject(asked.subject), wanted_by(asked)
    return {
        "asked": asked,
        "spec": SPECS[subject],
        "desk": DESK_NAMES[SPECS[subject].desk],
        "before": in_words(subject, wanted.before),
        "adds": subject != Subject.RECTIFICATION,
        "after": in_words(subject, wanted.after),
        "comment": wanted.comment,
        "waiting": asked.state == CaseState.SUBMITTED,
        "today_is": today(),
    }


def _pay(asked: ChangeRequest) -> dict[str, Any]:
    """Which pay a decision of today enters, and until when."""
    cutoff = settings.NOMADE.file_pay_cutoff_day
    month = pay_month(today(), asked.effective_on, cutoff)
    return {"month": month, "cutoff": cutoff_of(month, cutoff)}


def capacity(asked: ChangeRequest) -> str:
    """The desk in whose name a request is read."""
    return str(SPECS[Subject(asked.subject)].desk)


def _piece_opened(request: AgentRequest, asked: ChangeRequest, file_id: UUID) -> None:
    """The journal tells it; and, to the agent, who else read it."""
    audit.record(
        "file.piece_opened",
        actor=request.agent.pk,
        subject=asked.owner_id,
        request=request,
        reference=asked.reference,
        document=str(file_id),
    )
    if asked.owner_id != request.agent.pk:
        inscribe(request.agent, asked.owner, role=capacity(asked), sections=[Section.PIECE], http=request)


ROOM = Room(
    EXCHANGE,
    space="personnel_file",
    name="request",
    titles=lambda: changes.STEPS,
    page=request_shown,
    opened=_piece_opened,
)
