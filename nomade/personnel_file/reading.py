"""Opening somebody else's file: in which capacity, which parts; each reading is inscribed for its owner."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest

from nomade.kernel import audit
from nomade.kernel.clock import now
from nomade.kernel.readonly import allow_writes
from nomade.people.access import agents_in_perimeter, has_role, roles_of, standing_in, supervised_by
from nomade.people.models import Agent
from nomade.people.roles import Role
from nomade.personnel_file.models import Consultation, EmergencyAccess
from nomade.personnel_file.rules.matrix import Reader, Section, seen_by

_BY_ROLE = {
    Role.HR_OFFICER: Reader.HR_OFFICER,
    Role.PAY_OFFICER: Reader.PAY_OFFICER,
    Role.DISABILITY_REFERENT: Reader.DISABILITY_REFERENT,
}


@dataclass(frozen=True)
class OpenedFile:
    """A file as one reader may see it."""

    agent: Agent
    readers: frozenset[Reader]
    emergency: EmergencyAccess | None = None
    sections: frozenset[Section] = field(default_factory=frozenset)


def open_file(reader: Agent, matricule: str) -> OpenedFile:
    """The file of a matricule. Raises Http404 when nothing of it is for this reader: absent and closed are the same."""
    agent = Agent.objects.select_related("civil_status", "photo").filter(matricule=matricule).exclude(pk=reader.pk)
    found = agent.first()
    if found is None:
        raise Http404
    readers = _capacities(reader, found)
    emergency = None
    if not readers:
        emergency = _emergency(reader, found)
        readers = frozenset({Reader.HR_OFFICER}) if emergency else frozenset()
    sections = seen_by(readers)
    if not sections:
        raise Http404
    return OpenedFile(found, readers, emergency, sections)


def _capacities(reader: Agent, agent: Agent) -> frozenset[Reader]:
    found = set()
    for person in standing_in(reader):
        for role in roles_of(person) & set(_BY_ROLE):
            if agents_in_perimeter(person, Role(role)).filter(pk=agent.pk).exclude(pk=person.pk).exists():
                found.add(_BY_ROLE[Role(role)])
    # What a supervisor reads, an HR officer reads already: the question is not asked again.
    if Reader.HR_OFFICER not in found and supervised_by(reader).filter(pk=agent.pk).exists():
        found.add(Reader.SUPERVISOR)
    return frozenset(found)


def _emergency(reader: Agent, agent: Agent) -> EmergencyAccess | None:
    if not has_role(reader, Role.HR_OFFICER):
        return None
    return EmergencyAccess.objects.filter(officer=reader, agent=agent, ends_at__gt=now()).order_by("-ends_at").first()


def files_of(reader: Agent, query: str = "") -> QuerySet[Agent]:
    """The agents of whose file this reader may see something, by name; those that a search finds; never oneself."""
    inside = Q(pk__in=supervised_by(reader).values("pk"))
    for person in standing_in(reader):
        for role in roles_of(person) & set(_BY_ROLE):
            inside |= Q(pk__in=agents_in_perimeter(person, Role(role)).exclude(pk=person.pk).values("pk"))
    return Agent.objects.named_like(query).filter(inside).exclude(pk=reader.pk).order_by("sort_name")


def inscribe(
    reader: Agent,
    agent: Agent,
    *,
    role: str,
    sections: Iterable[Section],
    http: HttpRequest,
    emergency: EmergencyAccess | None = None,
) -> None:
    """One line of « Journal des consultations », and one of the journal."""
    kept = sorted(str(section) for section in sections)
    with allow_writes("audit"):
        Consultation.objects.create(agent=agent, reader=reader, role=role, sections=kept, emergency=emergency)
    audit.record(
        "file.opened",
        actor=reader.pk,
        subject=agent.pk,
        request=http,
        sections=",".join(kept),
        emergency=emergency is not None,
    )


def consultations_of(agent: Agent) -> QuerySet[Consultation]:
    """Who opened an agent's file, latest first."""
    return Consultation.objects.filter(agent=agent).select_related("reader", "emergency").order_by("-at")
