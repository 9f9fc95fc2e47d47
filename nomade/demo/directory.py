"""How the demo city's units are reached: those of the gardeners, as their HR office would write it."""

from __future__ import annotations

from nomade.directory.actions.choices import write_unit_card
from nomade.directory.models import UnitCard
from nomade.people.models import Agent, OrgUnit

CARDS = {
    "DEVE": {
        "mailbox": "deve.accueil",
        "phone": "01 99 00 40 00",
        "address": "103 avenue de France, 75013 Paris",
        "hours": "du lundi au vendredi, de 8 h 30 à 17 h 30",
        "missions": "Jardins, bois, arbres d’alignement et cimetières : les créer et les entretenir.",
    },
    "team": {
        "mailbox": "parc.georges-brassens",
        "phone": "01 99 00 41 15",
        "address": "2 place Jacques-Marette, 75015 Paris",
        "hours": "tous les jours, de 7 h 30 à 18 h",
        "missions": "Entretien du parc, accueil du public et conseils aux jardiniers amateurs.",
    },
}


def fill_units(member: Agent, keeper: Agent, domain: str) -> int:
    """Writes the cards of the top unit of an agent and of their own; how many."""
    own = OrgUnit.objects.filter(assignments__agent=member, assignments__is_main=True).first()
    units = {"DEVE": OrgUnit.objects.filter(path="DEVE").first(), "team": own}
    found = [(unit, CARDS[name]) for name, unit in units.items() if unit is not None]
    for unit, told in found:
        card = UnitCard(unit=unit, **{**told, "mailbox": f"{told['mailbox']}@{domain}"})
        write_unit_card(unit, card, by=keeper, request=None)
    return len(found)
