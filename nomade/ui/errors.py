"""Pages that say what went wrong, in words, with the reference that the support finds in the log.

They ask nothing of the database: they are also what one sees when it does not answer.
"""

from __future__ import annotations

import errno
import logging
import sys
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.template.backends.utils import csrf_input_lazy, csrf_token_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nomade.kernel.http import is_fragment
from nomade.ui.shell import shell_of

log = logging.getLogger("nomade.request")
DATABASE_DOWN = gettext_lazy(
    "Le portail ne joint pas sa base de données pour le moment. Rien n’est perdu. Réessayez dans un instant."
)
DISK_FULL = gettext_lazy(
    "Le portail n’a plus de place pour écrire : ce que vous venez d’envoyer n’est pas enregistré. Revenez à la page "
    "précédente, gardez-y votre saisie et prévenez le support. Vous pouvez continuer à lire."
)
_DISK_FULL_STATE = "53100"  # of PostgreSQL


@dataclass(frozen=True)
class _Words:
    title: Any
    advice: Any
    retry: bool = False


_WORDS = {
    400: _Words(
        gettext_lazy("Cette demande n’est pas complète"),
        gettext_lazy("Revenez à la page précédente et recommencez."),
    ),
    403: _Words(
        gettext_lazy("Cette action n’est pas possible"),
        gettext_lazy("Si vous pensez que c’est une erreur, parlez-en à votre responsable ou au support."),
    ),
    404: _Words(
        gettext_lazy("Cette page n’existe pas"),
        gettext_lazy("L’adresse est peut-être incomplète, ou la page ne vous est pas ouverte."),
    ),
    405: _Words(gettext_lazy("Cette adresse ne s’ouvre pas ainsi"), gettext_lazy("Passez par le menu du portail.")),
    422: _Words(
        gettext_lazy("Cela n’est pas possible"),
        gettext_lazy("Rien n’a été enregistré. Revenez à la page précédente pour changer votre demande."),
    ),
    500: _Words(
        gettext_lazy("Une erreur s’est produite"),
        gettext_lazy(
            "L’équipe informatique en est avertie par le journal du portail. Réessayez dans quelques minutes."
        ),
        retry=True,
    ),
    503: _Words(gettext_lazy("Ce service ne répond pas"), "", retry=True),
}


def outage(error: BaseException | None) -> str:
    """What to say when database or disk fail the portal; nothing for any other error."""
    if isinstance(error, OSError):
        return str(DISK_FULL) if error.errno in (errno.ENOSPC, errno.EDQUOT) else ""
    if not isinstance(error, OperationalError | InterfaceError):
        return ""
    full = getattr(error.__cause__, "sqlstate", "") == _DISK_FULL_STATE
    return str(DISK_FULL if full else DATABASE_DOWN)


def error_page(
    request: HttpRequest,
    status: int,
    message: str,
    *,
    retry: bool | None = None,
    in_shell: bool = False,
    why: str = "",
) -> HttpResponse:
    """The page of an error; for htmx, only its sentence, which takes the place of the block that was asked for.

    `in_shell` keeps the menu around it, for somebody who is signed in: only where the database is known to answer.
    `why` is for the log alone.
    """
    words = _WORDS.get(status, _WORDS[500])
    _tell_log(request, status, why)
    context: dict[str, Any] = {
        "status": status,
        "title": words.title,
        "message": message,
        "advice": words.advice,
        "retry": (words.retry if retry is None else retry) and request.method in ("GET", "HEAD"),
        "reference": getattr(request, "reference", ""),
        "report": shell_of(request).report_of(getattr(request, "reference", "")),
    }
    name = "ui/error.html"
    if is_fragment(request):
        name = "ui/error_fragment.html"
    elif in_shell and shell_of(request).agent is not None:
        name = "ui/error_in_shell.html"
        # Only here: asking for the token sets a cookie, and the content host has none.
        context |= {"csrf_input": csrf_input_lazy(request), "csrf_token": csrf_token_lazy(request)}
    # The environment itself, not Django's backend: context processors could touch session or database.
    template = engines["jinja2"].env.get_template(name)  # type: ignore[attr-defined]
    response = HttpResponse(template.render(request=request, **context), status=status)
    if status == 503:
        response["Retry-After"] = "10"
    return response


def _tell_log(request: HttpRequest, status: int, why: str) -> None:
    """The line that a reference leads to. Failures of our own (5xx) have told theirs, with what failed.

    The view and not the address: an address may hold a secret, or anything that a stranger types.
    """
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return
    match = getattr(request, "resolver_match", None)
    view, reference = match.view_name if match else "-", getattr(request, "reference", "")
    host = getattr(request, "host_role", "-")
    log.info("refused status=%s reference=%s host=%s view=%s %s", status, reference, host, view, why)


def _can_know(request: HttpRequest) -> bool:
    """Whether the request went far enough for its account to be known (never on the content host)."""
    return getattr(request, "host_role", "content") != "content" and hasattr(request, "user")


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """400; with more bytes than the portal takes, a sentence that says so."""
    if isinstance(exception, RequestDataTooBig):
        return error_page(request, 400, _("Ce que vous envoyez est trop lourd. Joignez moins de fichiers à la fois."))
    return error_page(request, 400, _("Le portail n’a pas compris ce qui lui a été envoyé."))


def forbidden(request: HttpRequest, exception: Exception) -> HttpResponse:
    """403."""
    return error_page(request, 403, _("Vous n’avez pas le droit de faire cela."), in_shell=_can_know(request))


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404: absent and forbidden look the same."""
    return error_page(request, 404, _("Nous ne trouvons pas la page demandée."), in_shell=_can_know(request))


def not_this_way(request: HttpRequest) -> HttpResponse:
    """405: most often a page asked again after a form was sent to its address."""
    words = _("Elle reçoit un formulaire : il n’y a rien à y lire. Revenez à la page d’où il s’envoie.")
    return error_page(request, 405, words, in_shell=_can_know(request))


def server_error(request: HttpRequest) -> HttpResponse:
    """500, or 503 when database or disk failed (before any view ran, in a middleware)."""
    error = sys.exc_info()[1]
    if words := outage(error):
        log.error("outage reference=%s: %s", getattr(request, "reference", ""), error)
        return error_page(request, 503, words)
    log.error("unexpected reference=%s path=%s", getattr(request, "reference", ""), request.path, exc_info=error)
    return error_page(
        request, 500, _("Le portail a rencontré une erreur. Votre dernière action n’a peut-être pas abouti.")
    )


def csrf_failure(request: HttpRequest, reason: str = "", **_others: Any) -> HttpResponse:
    """403 of a form without its token: nearly always a page left open too long, or cookies refused."""
    return error_page(
        request,
        403,
        _("Le formulaire a expiré. Revenez à la page précédente, rechargez-la et recommencez."),
        why=f"csrf: {reason}",
    )
