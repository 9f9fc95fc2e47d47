"""The only ways to a personal file: one's own; those that a role opens, section by section; each leaves a trace."""

from __future__ import annotations

from dataclasses import dataclass

from nomade.people.access import main_assignment, situation_on
from nomade.people.models import Agent, AgentPhoto, Assignment, Situation
from nomade.people.photos import photo_of
from nomade.personnel_file.models import EmergencyContact


@dataclass(frozen=True)
class OwnFile:
    """What the page « Mon dossier » shows to its owner."""

    agent: Agent
    situation: Situation | None
    assignment: Assignment | None
    contacts: list[EmergencyContact]
    photo: AgentPhoto | None


def own_file(agent: Agent) -> OwnFile:
    """Everything of the page in a few queries, whatever the length of a career."""
    return OwnFile(
        agent=agent,
        situation=situation_on(agent),
        assignment=main_assignment(agent),
        contacts=contacts_of(agent),
        photo=photo_of(agent),
    )


def contacts_of(agent: Agent) -> list[EmergencyContact]:
    """The people to call, first one first."""
    return list(EmergencyContact.objects.filter(agent=agent))
