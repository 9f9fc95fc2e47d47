"""The page of a request, for its owner and for the office, with what they write to each other."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from nomade.cases.exchange_views import Room, Talk
from nomade.cases.models import CaseState
from nomade.certificates import requests
from nomade.certificates.forms import AnswerForm
from nomade.certificates.models import CertificateRequest
from nomade.certificates.talking import EXCHANGE
from nomade.kernel.pages import render
from nomade.people.http import AgentRequest


def request_shown(
    request: AgentRequest,
    asked: CertificateRequest,
    *,
    handles: bool,
    talk: Talk | None = None,
    form: AnswerForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """Where it stands; for the office, the form that answers it."""
    context: dict[str, Any] = {
        "asked": asked,
        "talk": talk or ROOM.talk(request, asked, handles=handles),
        "waiting": asked.state == CaseState.SUBMITTED,
    }
    if not handles:
        return render(request, "certificates/request.html", context, status=status)
    return render(request, "certificates/answer.html", context | {"form": form or AnswerForm()}, status=status)


ROOM = Room(EXCHANGE, space="certificates", name="asked", titles=lambda: requests.STEPS, page=request_shown)
