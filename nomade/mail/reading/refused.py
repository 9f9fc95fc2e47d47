"""What cannot be done is said over the panes, which stay as they are: ticks, the list, the open message."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Concatenate, ParamSpec

from django.http import Http404, HttpResponse
from django.utils.translation import gettext as _

from nomade.kernel.errors import Refusal, Unavailable
from nomade.kernel.http import is_fragment
from nomade.mail.gateway import KeyNeeded
from nomade.people.http import AgentRequest
from nomade.ui.errors import error_page

P = ParamSpec("P")
AgentView = Callable[Concatenate[AgentRequest, P], HttpResponse]
#: The place that every page of panes keeps for it.
PLACE = "#mail-refus"


def said_in_place(view: AgentView[P]) -> AgentView[P]:
    """For what htmx asks, an error takes nobody's place; a whole page is worded as everywhere."""

    @wraps(view)
    def checked(request: AgentRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not is_fragment(request):
            return view(request, *args, **kwargs)
        try:
            return view(request, *args, **kwargs)
        except Refusal as error:
            status, words = HTTPStatus.UNPROCESSABLE_ENTITY, error.message
        except Unavailable as error:
            if isinstance(error, KeyNeeded) and request.method in ("GET", "HEAD"):
                raise
            status, words = HTTPStatus.SERVICE_UNAVAILABLE, error.message
        except Http404:
            status = HTTPStatus.NOT_FOUND
            words = _(
                "Ce message ou ce dossier n’est plus là : il a été déplacé ou supprimé ailleurs. Actualisez la page."
            )
        answer = error_page(request, status, words)
        answer["HX-Retarget"], answer["HX-Reswap"], answer["HX-Push-Url"] = PLACE, "innerHTML", "false"
        return answer

    return checked
