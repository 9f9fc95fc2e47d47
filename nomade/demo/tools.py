"""The other applications of the demo city: addresses that lead nowhere, by RFC 2606."""

from __future__ import annotations

from nomade.people.models import OrgUnit
from nomade.people.roles import Role
from nomade.tools.models import Icon, Tool

TOOLS = (
    ("Temps et plannings", "Pointer, voir son planning et ses heures.", "temps", Icon.CALENDAR, "", "", False),
    ("Interventions dans les parcs", "Signaler et suivre les travaux.", "interventions", Icon.WRENCH, "DEVE", "", True),
    ("Patrimoine arboré", "La carte et la fiche de chaque arbre.", "arbres", Icon.MAP, "DEVE", "", False),
    ("Tournées de collecte", "Les circuits du jour et les incidents.", "collecte", Icon.MAP, "DPE", "", True),
    ("Achats et commandes", "Commander le petit matériel.", "achats", Icon.MONEY, "", "", True),
    ("Santé et sécurité", "Registre, consignes, déclaration d’accident.", "sante", Icon.HEALTH, "", "", False),
    ("Système RH", "Dossiers et paie, pour les gestionnaires.", "sirh", Icon.PEOPLE, "", Role.HR_OFFICER, True),
)


def fill_tools() -> int:
    """Writes them; how many."""
    for rank, (name, description, host, icon, path, role, on_site) in enumerate(TOOLS, 1):
        unit = OrgUnit.objects.filter(path=path).first() if path else None
        if path and unit is None:
            continue
        address = f"https://{host}.ville.example/"
        Tool.objects.create(
            name=name,
            description=description,
            url=address,
            icon=icon,
            unit=unit,
            role=role,
            on_site_only=on_site,
            order=rank,
        )
    return Tool.objects.count()
