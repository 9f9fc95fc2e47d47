"""What the portal needs to know of training."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from nomade.cases.searching import query as words_of
from nomade.kernel.clock import now, today
from nomade.kernel.registry import HomeCard, MenuEntry, RetentionRule, SearchResult, Service, TodoItem
from nomade.people.http import AgentRequest
from nomade.people.models import Agent
from nomade.training.access import courses_for, enrolments_of, enrolments_to_decide, outside_of, outside_to_decide
from nomade.training.actions.seats import in_words
from nomade.training.models import Credit, Enrolment, Habilitation, Seat

FOUND = 5


def todo(request: AgentRequest) -> list[TodoItem]:
    """A seat to accept, an opinion to give, what waits for this supervisor or officer."""
    return [*_offers(request.agent), *_opinions(request.agent), *_decisions(request.agent)]


def _offers(agent: Agent) -> list[TodoItem]:
    offered = Enrolment.objects.alive().filter(owner=agent, seat=Seat.OFFERED, offered_until__gt=now())
    return [
        TodoItem(
            title=_("Une place se libère : %(title)s") % {"title": one.session.course.title},
            detail=_("À accepter avant le %(until)s") % {"until": in_words(one.offered_until)},
            url=reverse("training:enrolment", args=[one.pk]),
            action_label=_("Répondre"),
            icon="graduation-cap",
            urgent=True,
        )
        for one in offered.select_related("session__course")
        if one.offered_until
    ]


def _opinions(agent: Agent) -> list[TodoItem]:
    waiting = Credit.objects.filter(enrolment__owner=agent, minutes__gt=0, enrolment__evaluation__isnull=True)
    return [
        TodoItem(
            title=_("Votre avis sur « %(title)s »") % {"title": one.enrolment.session.course.title},
            detail=_("Quatre questions, une minute"),
            url=reverse("training:evaluate", args=[one.enrolment_id]),
            action_label=_("Donner mon avis"),
            icon="star",
        )
        for one in waiting.select_related("enrolment__session__course").order_by("-credited_at")[:3]
    ]


def _decisions(agent: Agent) -> list[TodoItem]:
    waiting = list(enrolments_to_decide(agent)[:50])
    outside = list(outside_to_decide(agent)[:50])
    count = len(waiting) + len(outside)
    if not count:
        return []
    nearest = min([one.promised_on for one in waiting] + [one.promised_on for one in outside])
    said = ngettext("%(count)s demande de formation à traiter", "%(count)s demandes de formation à traiter", count)
    return [
        TodoItem(
            title=said % {"count": count},
            detail=", ".join(dict.fromkeys(one.owner.full_name for one in [*waiting, *outside][:3])),
            url=reverse("training:to-decide"),
            action_label=_("Traiter"),
            icon="graduation-cap",
            due=nearest,
            urgent=nearest < today(),
        )
    ]


def home_card(request: AgentRequest) -> Mapping[str, Any] | None:
    """The next training; no card without any."""
    coming = (
        Enrolment.objects.on_the_list()
        .filter(owner=request.agent, session__slots__day__gte=today(), session__state="open")
        .select_related("session__course")
        .order_by("session__slots__day")
        .first()
    )
    if coming is None:
        return None
    slot = coming.session.slots.select_related("room").first()
    return {"enrolment": coming, "slot": slot}


def search(request: AgentRequest, text: str) -> list[SearchResult]:
    """The courses of the catalogue, and one's own requests by reference."""
    asked = words_of(text)
    if asked is None:
        return []
    found = [
        SearchResult(
            course.title,
            f"{course.get_kind_display()}".capitalize(),
            reverse("training:course", args=[course.pk]),
            "graduation-cap",
        )
        for course in courses_for(request.agent).filter(words=asked)[:FOUND]
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
    return {
        "enrolments": [
            {
                "reference": one.reference,
                "course": one.session.course.title,
                "state": one.state,
                "asked_at": one.submitted_at.isoformat(),
                "reason": one.reason,
                "refusal": one.refusal,
                "minutes": one.credit.minutes if hasattr(one, "credit") else None,
                "evaluation": _evaluation(one),
            }
            for one in enrolments_of(agent).select_related("credit", "evaluation")
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
            }
            for one in outside_of(agent)
        ],
        "habilitations": [
            {
                "course": one.course.title,
                "obtained_on": one.obtained_on.isoformat(),
                "expires_on": one.expires_on.isoformat() if one.expires_on else None,
            }
            for one in Habilitation.objects.filter(agent=agent).select_related("course")
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
        " AND NOT EXISTS (SELECT FROM training_evaluation WHERE enrolment_id = mine.id))"
        " OR (EXISTS (SELECT FROM training_enrolment WHERE state IN ('submitted', 'endorsed'))"
        " OR EXISTS (SELECT FROM training_outsiderequest WHERE state IN ('submitted', 'endorsed')))"
        " AND (EXISTS (SELECT FROM people_orgunit WHERE head_id = %(agent)s)"
        " OR EXISTS (SELECT FROM people_assignment WHERE supervisor_id = %(agent)s)"
        " OR EXISTS (SELECT FROM people_delegation WHERE receiver_id = %(agent)s)"
        " OR EXISTS (SELECT FROM people_rolegrant WHERE agent_id = %(agent)s AND role = 'training_officer')))"
    ),
    home_card=HomeCard("training/_home_card.html", 45, home_card),
    search=search,
    export=export,
    retention=(
        RetentionRule(
            data="Demandes de formation, présences, heures suivies, habilitations",
            duration="la carrière, puis 5 ans après le départ",
            source="fonction publique, usage ; à confirmer par la DRH",
        ),
        RetentionRule(
            data="Avis des participants",
            duration="lus sans nom ; gardés avec la session",
            source="décret 2007-1845, évaluation des formations",
        ),
    ),
)
