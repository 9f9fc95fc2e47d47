"""The only ways to a personal file: one's own; those that a role opens, section by section; each leaves a trace."""

from __future__ import annotations

from dataclasses import dataclass

from nomade.kernel.clock import today
from nomade.people.access import main_assignment, situation_on
from nomade.people.models import Agent, AgentPhoto, Assignment, Situation
from nomade.personnel_file.access_requests import requests_of
from nomade.personnel_file.bank_facts import KnownAccount, bank_of
from nomade.personnel_file.models import (
    BankChange,
    ChangeRequest,
    Child,
    CivilStatus,
    Custody,
    DisabilityRecognition,
    EmergencyContact,
    Title,
)
from nomade.personnel_file.rules.children import Opening, openings
from nomade.personnel_file.secrets import fact_of


@dataclass(frozen=True)
class KnownChild:
    """A child and what they open today."""

    child: Child
    opens: list[Opening]


@dataclass(frozen=True)
class OwnFile:
    """What the page « Mon dossier » shows to its owner."""

    agent: Agent
    situation: Situation | None
    assignment: Assignment | None
    contacts: list[EmergencyContact]
    photo: AgentPhoto | None
    civil: CivilStatus | None
    children: list[KnownChild]
    titles: list[Title]
    requests: list[ChangeRequest]
    bank: KnownAccount | None
    bank_open: BankChange | None


def own_file(agent: Agent) -> OwnFile:
    """Everything of the page in a few queries, whatever the length of a career."""
    whole = Agent.objects.select_related("photo", "civil_status").get(pk=agent.pk)
    accounts = bank_of(agent)
    return OwnFile(
        agent=whole,
        situation=situation_on(agent),
        assignment=main_assignment(agent),
        contacts=contacts_of(agent),
        photo=getattr(whole, "photo", None),
        civil=getattr(whole, "civil_status", None),
        children=children_of(agent),
        titles=titles_of(agent),
        requests=list(requests_of(agent)[:5]),
        bank=accounts.known,
        bank_open=accounts.under_way,
    )


def contacts_of(agent: Agent) -> list[EmergencyContact]:
    """The people to call, first one first."""
    return list(EmergencyContact.objects.filter(agent=agent))


def children_of(agent: Agent) -> list[KnownChild]:
    """The children of an agent, the eldest first, with what each opens."""
    day = today()
    return [
        KnownChild(
            child,
            openings(
                child.birth_date,
                charged=child.custody != Custody.OTHER and (child.until is None or child.until >= day),
                shared=child.custody == Custody.SHARED,
                day=day,
            ),
        )
        for child in Child.objects.filter(agent=agent)
    ]


def titles_of(agent: Agent) -> list[Title]:
    """Diplomas, licences and certifications, the latest first."""
    return list(Title.objects.filter(agent=agent))


def recognition_of(agent: Agent) -> dict[str, str] | None:
    """What an agent told of a recognition: for them and for the disability desk."""
    found = DisabilityRecognition.objects.filter(pk=agent.pk).first()
    return fact_of("disability", agent.pk, bytes(found.sealed)) if found else None
