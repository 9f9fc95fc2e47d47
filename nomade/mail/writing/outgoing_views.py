"""Letters on their way: what waits, what was refused, what was kept."""

from __future__ import annotations

import uuid

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from nomade.kernel.pages import render
from nomade.mail.access import mailbox_required, outgoing_of
from nomade.mail.models import OutgoingMessage, OutgoingState
from nomade.mail.writing import actions, outgoing
from nomade.people.http import AgentRequest


@require_safe
@mailbox_required
def index(request: AgentRequest) -> HttpResponse:
    """The agent's letters: those that have not all left, then those of the last days."""
    letters = OutgoingMessage.objects.of(request.agent).unfinished().order_by("-changed_at")[:200]
    gone = OutgoingMessage.objects.of(request.agent).filter(state=OutgoingState.SENT).order_by("-changed_at")[:20]
    context = {
        "lines": [(letter, letter.written()) for letter in letters],
        "gone": [(letter, letter.written()) for letter in gone],
        "states": OutgoingState,
        "advice": outgoing.advice,
    }
    return render(request, "mail/outgoing.html", context)


@require_POST
@mailbox_required
def discard(request: AgentRequest, identifier: uuid.UUID) -> HttpResponse:
    """Gives a letter up."""
    actions.discard(outgoing_of(request.agent, identifier))
    messages.success(request, _("Le message est supprimé."))
    return HttpResponseRedirect(reverse("mail:outgoing"), status=303)


@require_POST
@mailbox_required
def take_back(request: AgentRequest, identifier: uuid.UUID) -> HttpResponse:
    """« Annuler l’envoi »: the letter comes back on the sheet, whole."""
    letter = actions.take_back(outgoing_of(request.agent, identifier))
    messages.success(request, _("L’envoi est annulé. Votre message est gardé en brouillon."))
    return HttpResponseRedirect(reverse("mail:resume", args=[letter.pk]), status=303)


@require_POST
@mailbox_required
def send_now(request: AgentRequest, identifier: uuid.UUID) -> HttpResponse:
    """« Envoyer tout de suite »."""
    actions.send_now(outgoing_of(request.agent, identifier))
    messages.success(request, _("Le message part."))
    return HttpResponseRedirect(reverse("mail:outgoing"), status=303)


@require_POST
@mailbox_required
def reopen(request: AgentRequest, identifier: uuid.UUID) -> HttpResponse:
    """« Corriger et renvoyer »: a refused letter becomes a draft again."""
    letter = actions.reopen(outgoing_of(request.agent, identifier))
    return HttpResponseRedirect(reverse("mail:resume", args=[letter.pk]), status=303)


@require_POST
@mailbox_required
def it_left(request: AgentRequest, identifier: uuid.UUID) -> HttpResponse:
    """« Il est bien parti »: only the copy in « Envoyés » is still to be made."""
    actions.it_left(outgoing_of(request.agent, identifier))
    messages.success(request, _("C’est noté. La copie arrive dans « Envoyés »."))
    return HttpResponseRedirect(reverse("mail:outgoing"), status=303)


@require_POST
@mailbox_required
def send_again(request: AgentRequest, identifier: uuid.UUID) -> HttpResponse:
    """« L’envoyer de nouveau »."""
    actions.send_again(outgoing_of(request.agent, identifier))
    messages.success(request, _("Le message repart."))
    return HttpResponseRedirect(reverse("mail:outgoing"), status=303)
