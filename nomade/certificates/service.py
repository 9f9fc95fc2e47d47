"""What the portal needs to know of certificates."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from nomade.cases.messages import copies_of
from nomade.certificates import purging
from nomade.certificates.access import certificates_of, is_hr_officer, requests_of, requests_to_answer
from nomade.certificates.models import AT_ONCE
from nomade.certificates.requests import CASE
from nomade.kernel.registry import MenuEntry, RetentionRule, SearchResult, Service, TodoItem
from nomade.people.folding import fold
from nomade.people.http import AgentRequest
from nomade.people.models import Agent


def search(request: AgentRequest, query: str) -> list[SearchResult]:
    """The kinds by name, and one's own certificates by number."""
    words = fold(query).split()
    if not words:
        return []
    found = [
        SearchResult(
            str(kind.label).capitalize(), _("À établir en deux touches"), reverse("certificates:index"), "file-badge"
        )
        for kind in AT_ONCE
        if all(word in fold(str(kind.label)) for word in words)
    ]
    # A number has digits: other words are not looked for among them.
    numbered = any(sign.isdigit() for sign in query)
    mine = certificates_of(request.agent).filter(number__icontains=query.strip())[:5] if numbered else []
    return [
        *found,
        *(
            SearchResult(
                f"{one.get_kind_display()}".capitalize(),
                one.number,
                reverse("certificates:page", args=[one.pk]),
                "file-badge",
            )
            for one in mine
        ),
    ]


def todo(request: AgentRequest) -> list[TodoItem]:
    """Requests that wait for this officer."""
    if not is_hr_officer(request.agent):
        return []
    waiting = list(requests_to_answer(request.agent)[:20])
    if not waiting:
        return []
    count = len(waiting)
    return [
        TodoItem(
            title=ngettext("%(count)s document à préparer", "%(count)s documents à préparer", count) % {"count": count},
            detail=_("Le plus ancien : %(name)s") % {"name": waiting[0].owner.full_name},
            url=reverse("certificates:office"),
            action_label=_("Répondre"),
            icon="file-badge",
            due=waiting[0].promised_on,
        )
    ]


def export(agent: Agent) -> Mapping[str, Any]:
    """What is held of an agent's certificates."""
    asked = list(requests_of(agent))
    written = copies_of(CASE, [one.pk for one in asked])
    return {
        "certificates": [
            {
                "number": one.number,
                "kind": one.kind,
                "issued_at": one.issued_at.isoformat(),
                "valid_until": one.valid_until.isoformat(),
                "revoked_at": one.revoked_at.isoformat() if one.revoked_at else None,
                "checks": one.checks,
            }
            for one in certificates_of(agent)
        ],
        "requests": [
            {
                "reference": one.reference,
                "kind": one.kind,
                "state": one.state,
                "submitted_at": one.submitted_at.isoformat(),
                "messages": written[one.pk],
            }
            for one in asked
        ],
    }


# A request that waits, seen by who holds a role or the delegation of somebody.
MAY_WAIT = """
EXISTS (SELECT 1 FROM certificates_certificaterequest r WHERE r.state = 'submitted'
  AND (EXISTS (SELECT 1 FROM people_rolegrant g WHERE g.agent_id = %(agent)s)
    OR EXISTS (SELECT 1 FROM people_delegation d WHERE d.receiver_id = %(agent)s)))
"""


SERVICE = Service(
    key="certificates",
    label=gettext_lazy("Attestations"),
    prefix="attestations/",
    urls="nomade.certificates.urls",
    needs_factor_outside=True,
    open_to_leavers=True,
    summary=gettext_lazy("Obtenir une attestation, la faire vérifier."),
    keywords=gettext_lazy("attestation certificat justificatif employeur salaire banque logement"),
    topics={"certificate": gettext_lazy("Mes attestations")},
    help="certificates/_help.html",
    menu=MenuEntry(icon="file-badge", order=20),
    todo=todo,
    may_wait=MAY_WAIT,
    search=search,
    export=export,
    retention=(
        RetentionRule(
            data="Attestations établies et nombre de leurs vérifications, documents demandés aux RH",
            duration=f"{settings.NOMADE.certificates_kept_months} mois après leur fin de validité, ou après la réponse",
            source="fonction publique, usage ; à confirmer par la DRH",
            purge=purging.purge,
            due=purging.due,
        ),
        RetentionRule(
            data="Attestations de formation",
            duration="80 ans après la naissance de l’agent, avec son dossier",
            source="arrêté du 21 décembre 2012",
        ),
    ),
)
