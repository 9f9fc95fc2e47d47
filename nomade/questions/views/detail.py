"""The page of a question, for its agent or for the office."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from nomade.cases.desk_views import Window
from nomade.cases.dialogue_forms import AnswerForm, AssignForm, ReplyForm
from nomade.kernel.clock import now, today
from nomade.kernel.pages import render
from nomade.people.access import main_assignment
from nomade.people.http import AgentRequest
from nomade.questions import access
from nomade.questions.actions.questions import DESK, may_reopen
from nomade.questions.models import Question
from nomade.questions.wording import filled, step_titles


def detail_page(
    request: AgentRequest,
    question: Question,
    *,
    handles: bool,
    form: ReplyForm | None = None,
    status: int = 200,
    notice: str = "",
) -> HttpResponse:
    """Messages, timeline, and what this person may do; a draft of the answer comes back."""
    key = WINDOW.draft_key(question)
    written = WINDOW.written(request, question, handles=handles)
    typed = written.typed if form is None else {}
    context: dict[str, Any] = {
        "question": question,
        "handles": handles,
        "conversation": written.messages,
        "followed": WINDOW.followed(
            question,
            _followed_by(question),
            step_titles(),
            written,
            handles=handles,
            recall=reverse("questions:recall", args=[question.pk]),
        ),
        "notice": notice,
        "draft_key": key,
        "late": question.is_waiting and question.promised_on < today(),
        "view": request.GET.get("vue", ""),
    }
    if handles:
        context |= _for_the_office(request, question, typed)
    else:
        context["may_write"] = may_reopen(question, now())
    context["form"] = form or (AnswerForm(initial=context["typed"]) if handles else ReplyForm(initial=typed))
    return render(request, "questions/page.html", context, status=status)


def _followed_by(question: Question) -> str:
    if question.assignee is None:
        return question.office.label
    return _("%(name)s, %(office)s") % {"name": question.assignee.full_name, "office": question.office.label}


def _for_the_office(request: AgentRequest, question: Question, typed: dict[str, str]) -> dict[str, Any]:
    ready = [
        answer
        for answer in access.ready_answers_for(request.agent).filter(active=True)
        if answer.office_id in (None, question.office_id)
    ]
    chosen = next((one for one in ready if str(one.pk) == request.GET.get("reponse", "")), None)
    if chosen is not None:
        typed = typed | {"text": filled(chosen.text, question)}
    placed = main_assignment(question.owner)
    return {
        "typed": typed,
        "ready": ready,
        "chosen": chosen,
        "placed": placed,
        "assign_form": AssignForm(
            able=access.officers_for(question.office, question.owner, placed),
            initial={"assignee": question.assignee_id},
        ),
    }


WINDOW = Window(
    DESK,
    "questions",
    page=detail_page,
    address=lambda question: reverse("questions:page", args=[question.pk]),
    reload=access.handled_question,
)
