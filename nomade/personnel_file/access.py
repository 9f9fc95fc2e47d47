"""The only ways to a personal file: one's own; those that a role opens, section by section; each leaves a trace."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db.models import Model

from nomade.kernel.clock import today
from nomade.kernel.together import together
from nomade.people import ports
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

CONTACTS, CHILDREN, TITLES = EmergencyContact, Child, Title
SHOWN_DOCUMENTS = 4


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
    # The latest documents of the folder; None where no service keeps any.
    documents: list[ports.KeptDocument] | None


def own_file(agent: Agent) -> OwnFile:
    """Everything of the page in a few queries, whatever the length of a career."""
    whole = Agent.objects.select_related("photo", "civil_status").get(pk=agent.pk)
    accounts = bank_of(agent)
    lists = lists_of(agent, CONTACTS, CHILDREN, TITLES)
    return OwnFile(
        agent=whole,
        situation=situation_on(agent),
        assignment=main_assignment(agent),
        contacts=lists[CONTACTS],
        photo=getattr(whole, "photo", None),
        civil=getattr(whole, "civil_status", None),
        children=[known_child(one) for one in lists[CHILDREN]],
        titles=lists[TITLES],
        requests=list(requests_of(agent)[:5]),
        bank=accounts.known,
        bank_open=accounts.under_way,
        documents=ports.folder(agent.pk, SHOWN_DOCUMENTS) if "documents" in settings.NOMADE.services else None,
    )


def lists_of(agent: Agent, *models: type[Model]) -> dict[type[Model], list[Any]]:
    """The short lists of a file, each by its table, in one statement; those not asked for are empty."""
    found = together(*(model._default_manager.filter(agent=agent) for model in models))  # noqa: SLF001
    return {CONTACTS: [], CHILDREN: [], TITLES: []} | dict(zip(models, found, strict=True))


def contacts_of(agent: Agent) -> list[EmergencyContact]:
    """The people to call, first one first."""
    return list(EmergencyContact.objects.filter(agent=agent))


def known_child(child: Child) -> KnownChild:
    """A child, with what they open today."""
    day = today()
    charged = child.custody != Custody.OTHER and (child.until is None or child.until >= day)
    shared = child.custody == Custody.SHARED
    return KnownChild(child, openings(child.birth_date, charged=charged, shared=shared, day=day))


def recognition_of(agent: Agent) -> dict[str, str] | None:
    """What an agent told of a recognition: for them and for the disability desk."""
    found = DisabilityRecognition.objects.filter(pk=agent.pk).first()
    return fact_of("disability", agent.pk, bytes(found.sealed)) if found else None
