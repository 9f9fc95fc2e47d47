"""What the portal needs to know of the personal file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from nomade.kernel.clock import now
from nomade.kernel.registry import MenuEntry, RetentionRule, SearchResult, Service, TodoItem
from nomade.people.folding import fold
from nomade.people.http import AgentRequest, roles_of_request
from nomade.people.models import Agent
from nomade.people.roles import Role
from nomade.personnel_file.access_requests import (
    DESKS,
    Waiting,
    desk_requests,
    still_waiting,
    waiting_for,
)
from nomade.personnel_file.bank_facts import desk_changes
from nomade.personnel_file.retention import purge_leavers
from nomade.personnel_file.subjects import SPECS
from nomade.personnel_file.telling import everything_about
from nomade.ui.filters import date_time


def export(agent: Agent) -> Mapping[str, Any]:
    """What the file holds of an agent."""
    return everything_about(agent)


def todo(request: AgentRequest) -> list[TodoItem]:
    """What the agent is asked for, then what waits for the desks that they hold."""
    return [*_own_todo(request), *_desk_todo(request), *_pay_todo(request)]


def _own_todo(request: AgentRequest) -> list[TodoItem]:
    return [_cooling(one, one.until) if one.until else _missing(one) for one in waiting_for(request.agent)]


def _missing(one: Waiting) -> TodoItem:
    return TodoItem(
        title=_("Une pièce vous est demandée"),
        detail=one.missing,
        url=reverse("personnel_file:request", args=[one.id]),
        action_label=_("Joindre"),
        icon="paperclip",
        urgent=True,
    )


def _cooling(one: Waiting, until: datetime) -> TodoItem:
    return TodoItem(
        title=_("Nouveau compte bancaire demandé"),
        detail=_("Ce n’est pas vous ? Annulez avant le %(until)s.") % {"until": date_time(until)},
        url=reverse("personnel_file:bank-change", args=[one.id]),
        action_label=_("Vérifier"),
        icon="shield-alert",
        urgent=True,
    )


def _desk_todo(request: AgentRequest) -> list[TodoItem]:
    if not DESKS & roles_of_request(request):
        return []
    items: list[TodoItem] = []
    waiting = list(still_waiting(desk_requests(request.agent)).filter(missing="")[:20])
    if waiting:
        count = len(waiting)
        title = ngettext(
            "%(count)s changement de dossier à traiter", "%(count)s changements de dossier à traiter", count
        )
        items.append(
            TodoItem(
                title=title % {"count": count},
                detail=_("Le plus ancien : %(name)s") % {"name": waiting[0].owner.full_name},
                url=reverse("personnel_file:desk"),
                action_label=_("Traiter"),
                icon="id-card",
                due=waiting[0].promised_on,
            )
        )
    return items


def _pay_todo(request: AgentRequest) -> list[TodoItem]:
    if Role.PAY_OFFICER not in roles_of_request(request):
        return []
    ready = desk_changes(request.agent).filter(state="submitted", cooling_until__lte=now())
    count = ready.exclude(first_officer=request.agent).count()
    if not count:
        return []
    title = ngettext("%(count)s compte bancaire à vérifier", "%(count)s comptes bancaires à vérifier", count)
    return [
        TodoItem(
            title=title % {"count": count},
            detail=_("Délai de l’agent écoulé"),
            url=reverse("personnel_file:bank-desk"),
            action_label=_("Vérifier"),
            icon="wallet",
        )
    ]


# The agent's own requests that wait for a document, or any that waits for a desk.
MAY_WAIT = """
EXISTS (SELECT 1 FROM personnel_file_changerequest r WHERE r.state = 'submitted' AND
  (r.owner_id = %(agent)s OR EXISTS (SELECT 1 FROM people_rolegrant g WHERE g.agent_id = %(agent)s)
   OR EXISTS (SELECT 1 FROM people_delegation d WHERE d.receiver_id = %(agent)s)))
OR EXISTS (SELECT 1 FROM personnel_file_bankchange b WHERE b.state = 'submitted' AND
  (b.owner_id = %(agent)s OR EXISTS (SELECT 1 FROM people_rolegrant g WHERE g.agent_id = %(agent)s)))
"""


def search(_request: AgentRequest, query: str) -> list[SearchResult]:
    """What can be asked, by name."""
    words = fold(query).split()
    bank = _("Changer de compte bancaire (IBAN, RIB)")
    found = [SearchResult(bank, _("Mon dossier"), reverse("personnel_file:bank"), "wallet")]
    return [one for one in found if words and all(word in fold(bank) for word in words)] + [
        SearchResult(str(spec.title), _("Mon dossier"), reverse("personnel_file:new", args=[subject.value]), spec.icon)
        for subject, spec in SPECS.items()
        if words and all(word in fold(f"{spec.title} {spec.pieces}") for word in words)
    ]


def _leavers(_day: date) -> int:
    return purge_leavers()


SERVICE = Service(
    key="personnel_file",
    label=gettext_lazy("Mon dossier"),
    prefix="dossier/",
    urls="nomade.personnel_file.urls",
    needs_factor_outside=True,
    summary=gettext_lazy("Voir et corriger vos informations, votre carrière, votre compte bancaire."),
    keywords=gettext_lazy("dossier adresse téléphone iban rib banque enfant famille photo urgence carrière grade nom"),
    topics={"file": gettext_lazy("Mon dossier")},
    help="personnel_file/_help.html",
    menu=MenuEntry(icon="id-card", order=45),
    todo=todo,
    may_wait=MAY_WAIT,
    search=search,
    export=export,
    retention=(
        RetentionRule(
            data="Photo et personnes à prévenir",
            duration="jusqu’au changement ou au départ",
            source="usage, à confirmer par la DRH",
            purge=_leavers,
        ),
        RetentionRule(
            data="Changements de compte bancaire et RIB",
            duration="10 ans après le dernier virement",
            source="durée des ordres de virement, à confirmer par la DRH",
        ),
        RetentionRule(
            data="Demandes de changement et leurs pièces, situation familiale, enfants, titres",
            duration="80 ans après la naissance de l’agent",
            source="arrêté du 21 décembre 2012",
        ),
        RetentionRule(
            data="Journal des consultations du dossier", duration="3 ans", source="arrêté du 21 décembre 2012"
        ),
        RetentionRule(
            data="Historique des changements du dossier",
            duration="80 ans après la naissance de l’agent",
            source="arrêté du 21 décembre 2012",
        ),
    ),
)
