"""What the portal needs to know of the support."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from nomade.cases.messages import copies_of
from nomade.kernel.clock import PARIS
from nomade.kernel.hosts import origin
from nomade.kernel.http import Zone
from nomade.kernel.registry import MenuEntry, RetentionRule, SearchResult, Service, TodoItem
from nomade.people.http import AgentRequest, roles_of_request
from nomade.people.models import Agent
from nomade.people.roles import Role
from nomade.support import access
from nomade.support.actions.tickets import KIND
from nomade.support.guides import guides_like
from nomade.support.queries import tab_counts


def todo(request: AgentRequest) -> list[TodoItem]:
    """A confirmation asked by the support, an answer that it waits for, and for a technician what waits at the desk."""
    waits = access.what_waits(request.agent)
    items = _to_confirm(request) if any(one.ticket is None for one in waits) else []
    if not settings.NOMADE.support_tool_url:
        items += [_to_answer(one) for one in waits if one.ticket]
    if Role.SUPPORT_TECHNICIAN in roles_of_request(request):
        items += _to_handle(request)
    return items


def _to_confirm(request: AgentRequest) -> list[TodoItem]:
    return [
        TodoItem(
            title=_("%(name)s demande de l’aide au support") % {"name": check.agent.full_name},
            detail=_("Confirmez que c’est bien %(name)s, ou dites non") % {"name": check.agent.full_name},
            url=check.confirmation_url(),
            action_label=_("Répondre"),
            icon="shield-check",
            urgent=True,
        )
        for check in access.confirmations_waiting_for(request.agent)
    ]


def _to_answer(waiting: access.Waiting) -> TodoItem:
    return TodoItem(
        title=_("Le support attend votre réponse"),
        detail=waiting.subject,
        url=reverse("support:ticket", urlconf="nomade.config.urls.portal", args=[waiting.ticket]),
        action_label=_("Répondre"),
        icon="life-buoy",
    )


def _to_handle(request: AgentRequest) -> list[TodoItem]:
    if request.zone is not Zone.PROFESSIONAL or settings.NOMADE.support_tool_url:
        return []
    counts = tab_counts(access.tickets_handled_by(request.agent), request.agent)
    waiting, late = counts["a-prendre"] + counts["a-moi"], counts["retard"]
    if not waiting:
        return []
    title = ngettext("%(count)s demande au support", "%(count)s demandes au support", waiting)
    return [
        TodoItem(
            title=title % {"count": waiting},
            detail=_("dont %(late)s en retard") % {"late": late} if late else _("aucune en retard"),
            url=origin("support") + reverse("desk:queue", urlconf="nomade.config.urls.support"),
            action_label=_("Ouvrir le bureau"),
            icon="life-buoy",
            urgent=late > 0,
        )
    ]


def search(request: AgentRequest, typed: str) -> list[SearchResult]:
    """Help pages and one's own tickets."""
    found = [
        SearchResult(
            title=str(guide.title),
            detail=_("Page d’aide"),
            url=reverse("support:guide", urlconf="nomade.config.urls.portal", args=[guide.slug]),
            icon="life-buoy",
        )
        for guide in guides_like(typed)
    ]
    if settings.NOMADE.support_tool_url:
        return found
    return found + [
        SearchResult(
            title=ticket.subject,
            detail=_("Demande au support %(reference)s") % {"reference": ticket.reference},
            url=ticket.get_absolute_url(),
            icon="life-buoy",
        )
        for ticket in access.FOUND.of(request.agent.pk, typed)
    ]


def export(agent: Agent) -> Mapping[str, Any]:
    """An agent's own tickets and messages, for their copy of their data; notes of the desk are not theirs."""
    mine = list(access.tickets_of(agent).newest_first())
    written = copies_of(KIND, [ticket.pk for ticket in mine])
    return {
        "tickets": [
            {
                "reference": ticket.reference,
                "subject": ticket.subject,
                "status": ticket.status,
                "submitted_at": ticket.submitted_at.astimezone(PARIS).isoformat(),
                "messages": written[ticket.pk],
            }
            for ticket in mine
        ]
    }


SERVICE = Service(
    key="support",
    label=gettext_lazy("Assistance"),
    prefix="assistance/",
    urls="nomade.support.urls",
    summary=gettext_lazy("Être aidé, suivre ses demandes."),
    keywords=gettext_lazy("aide problème panne dépannage ticket informatique bloqué"),
    topics={"ticket": gettext_lazy("Mes demandes au support")},
    help="support/_help.html",
    menu=MenuEntry(icon="life-buoy", order=90, group="help"),
    todo=todo,
    may_wait=(
        "(EXISTS (SELECT FROM support_ticket WHERE owner_id = %(agent)s AND status = 'pending')"
        " OR EXISTS (SELECT FROM support_identitycheck WHERE asked_supervisor_at IS NOT NULL AND refused_at IS NULL"
        " AND expires_at > %(now)s)"
        " OR EXISTS (SELECT FROM people_rolegrant WHERE agent_id = %(agent)s AND role = 'support_technician'))"
    ),
    search=search,
    export=export,
    retention=(
        RetentionRule(
            data="Demandes au support et leurs messages",
            duration=f"{settings.NOMADE.support_ticket_months} mois après la clôture, puis effacées",
            source="CNIL, référentiel de gestion du personnel 2019-160",
        ),
        RetentionRule(
            data="Vérifications d’identité et actions du support sur les comptes",
            duration=f"{settings.NOMADE.support_proof_months} mois, puis effacées",
            source="CNIL, recommandation sur la journalisation 2021-122",
        ),
        RetentionRule(
            data="Signalements de personnes non connectées",
            duration=f"{settings.NOMADE.support_report_months} mois, puis effacés",
            source="CNIL, recommandation sur la journalisation 2021-122",
        ),
    ),
)
