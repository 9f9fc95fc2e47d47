"""What the portal needs to know of the personal file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy

from nomade.kernel.registry import MenuEntry, RetentionRule, Service
from nomade.people.models import Agent
from nomade.personnel_file.retention import purge_leavers
from nomade.personnel_file.telling import everything_about


def export(agent: Agent) -> Mapping[str, Any]:
    """What the file holds of an agent."""
    return everything_about(agent)


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
    export=export,
    retention=(
        RetentionRule(
            data="Photo et personnes à prévenir",
            duration="jusqu’au changement ou au départ",
            source="usage, à confirmer par la DRH",
            purge=_leavers,
        ),
        RetentionRule(
            data="Historique des changements du dossier",
            duration="80 ans après la naissance de l’agent",
            source="arrêté du 21 décembre 2012",
        ),
    ),
)
