"""What the portal needs to know of pay slips."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nomade.kernel.registry import HomeCard, MenuEntry, RetentionRule, SearchResult, Service, TodoItem
from nomade.payslips.access import batches_to_release, every_payslip_of, is_pay_officer, latest_payslip_of, payslips_of
from nomade.payslips.words import matches, month_label
from nomade.people.http import AgentRequest
from nomade.people.models import Agent

MOST_RESULTS = 5


def home_card(request: AgentRequest) -> Mapping[str, Any] | None:
    """The latest slip; no card before the first one."""
    latest = latest_payslip_of(request.agent)
    return {"slip": latest} if latest else None


def todo(request: AgentRequest) -> list[TodoItem]:
    """Batches that wait for this pay officer: those that somebody else imported."""
    if not is_pay_officer(request.agent):
        return []
    waiting = batches_to_release(request.agent)[:MOST_RESULTS]
    return [
        TodoItem(
            title=_("Bulletins à publier : %(month)s")
            % {"month": month_label(batch.period) if batch.period else batch.source_name},
            detail=_("%(count)s bulletins, importés par %(name)s")
            % {"count": batch.expected, "name": batch.imported_by.full_name if batch.imported_by else "-"},
            url=reverse("payslips:batch", args=[batch.pk]),
            action_label=_("Relire"),
            icon="receipt-euro",
        )
        for batch in waiting
    ]


def search(request: AgentRequest, query: str) -> list[SearchResult]:
    """One's own slips, by month, year or the words « bulletin de paie »."""
    if not query.strip():
        return []
    found = []
    for slip in every_payslip_of(request.agent):
        if matches(slip, query):
            title = _("Bulletin de paie %(month)s") % {"month": month_label(slip.period, of=True)}
            found.append(
                SearchResult(title, slip.get_type_display(), reverse("payslips:page", args=[slip.pk]), "receipt-euro")
            )
        if len(found) == MOST_RESULTS:
            break
    return found


def export(agent: Agent) -> Mapping[str, Any]:
    """What is held of an agent's slips; the files themselves are downloaded one by one."""
    return {
        "payslips": [
            {
                "period": f"{slip.period:%Y-%m}",
                "type": slip.type,
                "run": slip.run,
                "version": slip.version,
                "paid_on": slip.paid_on.isoformat() if slip.paid_on else None,
                "sha256": slip.file.sha256,
            }
            for slip in payslips_of(agent).select_related("file")
        ]
    }


SERVICE = Service(
    key="payslips",
    label=gettext_lazy("Ma paie"),
    prefix="paie/",
    urls="nomade.payslips.urls",
    summary=gettext_lazy("Lire et télécharger ses bulletins."),
    keywords=gettext_lazy("bulletin bulletins fiche salaire paye paie net traitement prime"),
    needs_factor_outside=True,
    open_to_leavers=True,
    topics={"payslip": gettext_lazy("Mes bulletins de paie")},
    help="payslips/_help.html",
    menu=MenuEntry(icon="receipt-euro", order=10, short_label=gettext_lazy("Paie"), on_phone_bar=True),
    home_card=HomeCard(template="payslips/_home_card.html", order=10, context=home_card),
    todo=todo,
    search=search,
    export=export,
    retention=(
        RetentionRule(
            data="Bulletins de paie, espace de l’agent",
            duration="50 ans, ou jusqu’aux 75 ans de l’agent",
            source="code du travail L.3243-2 et D.3243-7 s., pris pour règle",
        ),
        RetentionRule(
            data="Bulletins de paie, côté employeur",
            duration="5 ans en archive intermédiaire",
            source="code du travail L.3243-4, CNIL 2019-160",
        ),
    ),
)
