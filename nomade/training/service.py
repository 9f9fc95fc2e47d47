"""What the portal needs to know of training."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from nomade.cases.messages import copies_of
from nomade.cases.searching import written
from nomade.kernel.clock import PARIS, now, today
from nomade.kernel.prepared import prepared_cursor
from nomade.kernel.registry import HomeCard, MenuEntry, RetentionRule, SearchResult, Service, TodoItem
from nomade.people.http import AgentRequest
from nomade.people.models import Agent
from nomade.people.teams import team_of
from nomade.training.access import courses_found, enrolments_of, outside_of, owners_to_answer
from nomade.training.actions import purging
from nomade.training.actions.outside import CASE as OUTSIDE_CASE
from nomade.training.actions.seats import CASE, in_words
from nomade.training.agenda import mail_files
from nomade.training.models import Enrolment, Exposure, Habilitation, Skill

KEPT = "_training_home"


# One statement for whoever opens the home page: the next half-day, seats to accept, opinions to give, requests of the
# team that wait.
_WAITING = """
SELECT 'offer', enrolment.id, course.title, '', offered_until, NULL::date
FROM training_enrolment enrolment
JOIN training_trainingsession session ON session.id = session_id JOIN training_course course ON course.id = course_id
WHERE owner_id = %(me)s AND seat = 'offered' AND offered_until > %(now)s
UNION ALL (SELECT 'coming', enrolment.id, course.title, coalesce(room.label, ''),
    (slot.day + slot.starts) AT TIME ZONE %(zone)s, slot.day
    FROM training_slot slot JOIN training_trainingsession session ON session.id = slot.session_id
    JOIN training_course course ON course.id = course_id
    JOIN training_enrolment enrolment ON enrolment.session_id = session.id
    LEFT JOIN training_room room ON room.id = room_id
    WHERE owner_id = %(me)s AND enrolment.state = 'approved' AND seat = 'held' AND session.state = 'open'
        AND day >= %(day)s
    ORDER BY day, half LIMIT 1)
UNION ALL (SELECT 'opinion', enrolment.id, course.title, '', credited_at, NULL
    FROM training_credit credit JOIN training_enrolment enrolment ON enrolment.id = enrolment_id
    JOIN training_trainingsession session ON session.id = session_id
    JOIN training_course course ON course.id = course_id
    WHERE owner_id = %(me)s AND minutes > 0
        AND NOT EXISTS (SELECT FROM training_evaluation WHERE enrolment_id = enrolment.id)
    ORDER BY credited_at DESC LIMIT 3)
"""
# For who decides for somebody: half of the time that PostgreSQL takes to plan them.
_TO_DECIDE = """
UNION ALL (SELECT 'later', enrolment.id, course.title, '', later_asked_on::timestamptz, NULL
    FROM training_credit credit JOIN training_enrolment enrolment ON enrolment.id = enrolment_id
    JOIN training_trainingsession session ON session.id = session_id
    JOIN training_course course ON course.id = course_id
    WHERE owner_id = %(me)s AND later_asked_on > %(day)s::date - 90
        AND NOT EXISTS (SELECT FROM training_laterevaluation WHERE enrolment_id = enrolment.id AND side = 'agent')
    ORDER BY later_asked_on DESC LIMIT 1)
UNION ALL SELECT 'decision', enrolment.id, '', agent.first_name || ' ' || coalesce(nullif(usage_name, ''), last_name),
    submitted_at, promised_on
FROM training_enrolment enrolment JOIN people_agent agent ON agent.id = owner_id
WHERE owner_id <> %(me)s AND (state = 'submitted' AND owner_id = ANY(%(team)s)
    OR state = 'endorsed' AND owner_id = ANY(%(mine)s))
UNION ALL SELECT 'decision', asked.id, '', agent.first_name || ' ' || coalesce(nullif(usage_name, ''), last_name),
    submitted_at, promised_on
FROM training_outsiderequest asked JOIN people_agent agent ON agent.id = owner_id
WHERE owner_id <> %(me)s AND (state = 'submitted' AND owner_id = ANY(%(team)s)
    OR state = 'endorsed' AND owner_id = ANY(%(mine)s))
"""


@dataclass(frozen=True)
class Line:
    """A line of the home page: `name` is of a person or a room, `day` the promised one or the one of the half-day."""

    kind: str
    key: UUID
    title: str
    name: str
    at: datetime
    day: date | None


def _home(request: AgentRequest) -> list[Line]:
    """All that the home page says of training, read once a request."""
    known: list[Line] | None = getattr(request, KEPT, None)
    if known is None:
        me, day = request.agent, today()
        facts: dict[str, Any] = {"me": me.pk, "now": now(), "day": day, "zone": str(PARIS)}
        with prepared_cursor() as cursor:
            team, mine = team_of(me, day), owners_to_answer(me)
            asked = _WAITING + (_TO_DECIDE if team or mine else "")
            cursor.execute(f"{asked} ORDER BY 6, 5", {**facts, "team": team, "mine": mine})
            known = [Line(*row) for row in cursor.fetchall()]
        setattr(request, KEPT, known)
    return known


def todo(request: AgentRequest) -> list[TodoItem]:
    """A seat to accept, an opinion to give, what waits for this supervisor or officer."""
    lines = _home(request)
    items = [_offer(line.key, line.title, line.at) for line in lines if line.kind == "offer"]
    items += [_opinion(line.key, line.title) for line in lines if line.kind == "opinion"]
    items += [_later(line.key, line.title) for line in lines if line.kind == "later"]
    waiting = [(line.name, line.day) for line in lines if line.kind == "decision" and line.day]
    return [*items, *([_decisions(waiting)] if waiting else [])]


def _offer(key: UUID, title: str, until: datetime) -> TodoItem:
    return TodoItem(
        title=_("Une place se libère : %(title)s") % {"title": title},
        detail=_("À accepter avant le %(until)s") % {"until": in_words(until)},
        url=reverse("training:enrolment", args=[key]),
        action_label=_("Répondre"),
        icon="graduation-cap",
        urgent=True,
    )


def _opinion(key: UUID, title: str) -> TodoItem:
    return TodoItem(
        title=_("Votre avis sur « %(title)s »") % {"title": title},
        detail=_("Quatre questions, une minute"),
        url=reverse("training:evaluate", args=[key]),
        action_label=_("Donner mon avis"),
        icon="star",
    )


def _later(key: UUID, title: str) -> TodoItem:
    return TodoItem(
        title=_("Que vous reste-t-il de « %(title)s » ?") % {"title": title},
        detail=_("Deux questions, une minute"),
        url=reverse("training:later", args=[key]),
        action_label=_("Répondre"),
        icon="star",
    )


def _decisions(waiting: list[tuple[str, date]]) -> TodoItem:
    said = ngettext(
        "%(count)s demande de formation à traiter", "%(count)s demandes de formation à traiter", len(waiting)
    )
    nearest = waiting[0][1]
    return TodoItem(
        title=said % {"count": len(waiting)},
        detail=", ".join(list(dict.fromkeys(name for name, _due in waiting))[:3]),
        url=reverse("training:to-decide"),
        action_label=_("Traiter"),
        icon="graduation-cap",
        due=nearest,
        urgent=nearest < today(),
    )


def home_card(request: AgentRequest) -> Mapping[str, Any] | None:
    """The next training; no card without any."""
    coming = next((line for line in _home(request) if line.kind == "coming"), None)
    return {"coming": coming, "starts": f"{coming.at.astimezone(PARIS):%H:%M}"} if coming else None


def search(request: AgentRequest, text: str) -> list[SearchResult]:
    """The courses of the catalogue, and one's own requests by reference."""
    asked = written(text)
    if not asked:
        return []
    found = [
        SearchResult(
            course.title,
            f"{course.get_kind_display()}".capitalize(),
            reverse("training:course", args=[course.pk]),
            "graduation-cap",
        )
        for course in courses_found(asked)
    ]
    # Only what looks like a reference is looked up among one's own requests.
    mine = enrolments_of(request.agent).filter(reference__iexact=text.strip())[:1] if "-" in text else []
    return [
        *(
            SearchResult(
                one.session.course.title, one.reference, reverse("training:enrolment", args=[one.pk]), "graduation-cap"
            )
            for one in mine
        ),
        *found,
    ]


def export(agent: Agent) -> Mapping[str, Any]:
    """What is held of an agent's trainings."""
    mine = list(enrolments_of(agent).select_related("credit", "evaluation"))
    beyond = list(outside_of(agent))
    said = copies_of(CASE, [one.pk for one in mine]) | copies_of(OUTSIDE_CASE, [one.pk for one in beyond])
    return {
        "enrolments": [
            {
                "reference": one.reference,
                "course": one.session.course.title,
                "state": one.state,
                "asked_at": one.submitted_at.isoformat(),
                "reason": one.reason,
                "needs": one.needs,
                "refusal": one.refusal,
                "minutes": one.credit.minutes if hasattr(one, "credit") else None,
                "evaluation": _evaluation(one),
                "messages": said[one.pk],
            }
            for one in mine
        ],
        "outside": [
            {
                "reference": one.reference,
                "title": one.title,
                "organism": one.organism,
                "state": one.state,
                "project": one.project,
                "refusal": one.refusal,
                "cpf_hours": str(one.cpf_hours) if one.cpf_hours is not None else None,
                "messages": said[one.pk],
            }
            for one in beyond
        ],
        "habilitations": [
            {
                "course": one.course.title,
                "obtained_on": one.obtained_on.isoformat(),
                "expires_on": one.expires_on.isoformat() if one.expires_on else None,
            }
            for one in Habilitation.objects.filter(agent=agent).select_related("course")
        ],
        "skills": [
            {
                "label": one.label,
                "level": one.level,
                "state": one.state,
                "obtained_on": one.obtained_on.isoformat() if one.obtained_on else None,
                "remark": one.remark,
            }
            for one in Skill.objects.filter(agent=agent)
        ],
        "risks": [
            {"risk": one.risk.label, "since": one.since.isoformat(), "until": one.until and one.until.isoformat()}
            for one in Exposure.objects.filter(agent=agent).select_related("risk")
        ],
    }


def _evaluation(one: Enrolment) -> Mapping[str, Any] | None:
    if not hasattr(one, "evaluation"):
        return None
    return {"comment": one.evaluation.comment, "usefulness": one.evaluation.usefulness}


SERVICE = Service(
    key="training",
    label=gettext_lazy("Formations"),
    prefix="formations/",
    urls="nomade.training.urls",
    summary=gettext_lazy("Choisir une formation, s’y inscrire, retrouver ses attestations."),
    keywords=gettext_lazy("stage cours formation apprendre concours cpf habilitation catalogue cnfpt"),
    topics={"training": gettext_lazy("Mes formations")},
    help="training/_help.html",
    menu=MenuEntry(icon="graduation-cap", order=45),
    todo=todo,
    may_wait=(
        "(EXISTS (SELECT FROM training_enrolment WHERE owner_id = %(agent)s AND seat = 'offered')"
        " OR EXISTS (SELECT FROM training_credit credit JOIN training_enrolment mine ON mine.id = enrolment_id"
        " WHERE mine.owner_id = %(agent)s AND minutes > 0"
        " AND (NOT EXISTS (SELECT FROM training_evaluation WHERE enrolment_id = mine.id)"
        " OR later_asked_on > now() - interval '90 days' AND NOT EXISTS (SELECT FROM training_laterevaluation"
        " WHERE enrolment_id = mine.id AND side = 'agent')))"
        " OR (EXISTS (SELECT FROM training_enrolment WHERE state IN ('submitted', 'endorsed'))"
        " OR EXISTS (SELECT FROM training_outsiderequest WHERE state IN ('submitted', 'endorsed')))"
        " AND (EXISTS (SELECT FROM people_orgunit WHERE head_id = %(agent)s)"
        " OR EXISTS (SELECT FROM people_assignment WHERE supervisor_id = %(agent)s)"
        " OR EXISTS (SELECT FROM people_delegation WHERE receiver_id = %(agent)s)"
        " OR EXISTS (SELECT FROM people_rolegrant WHERE agent_id = %(agent)s AND role = 'training_officer')))"
    ),
    home_card=HomeCard("training/_home_card.html", 45, home_card),
    search=search,
    mail_files=mail_files,
    export=export,
    retention=(
        RetentionRule(
            data="Demandes de formation, présences, heures suivies, habilitations, compétences",
            duration=f"la carrière, puis {settings.NOMADE.training_kept_years} ans après le départ",
            source="fonction publique, usage ; à confirmer par la DRH",
            purge=purging.purge,
            due=purging.due,
            visa=True,
        ),
        RetentionRule(
            data="Avis des participants",
            duration="lus sans nom ; gardés avec la session",
            source="décret 2007-1845, évaluation des formations",
        ),
    ),
)
