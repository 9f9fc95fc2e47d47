"""What the portal needs to know of the questions."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from nomade.cases.messages import copies_of
from nomade.kernel.clock import PARIS, today
from nomade.kernel.registry import MenuEntry, RetentionRule, SearchResult, Service, TodoItem
from nomade.people.http import AgentRequest, roles_of_request
from nomade.people.models import Agent
from nomade.questions import access
from nomade.questions.actions.purging import purge
from nomade.questions.actions.questions import KIND
from nomade.questions.models import OFFICE_ROLES
from nomade.questions.queries import tab_counts


def todo(request: AgentRequest) -> list[TodoItem]:
    """Answers that an office waits for; for an officer, what waits at the desk."""
    if roles_of_request(request).isdisjoint(OFFICE_ROLES):
        return _own_todo(request)
    handled = access.questions_handled_by(request.agent) | access.questions_of(request.agent)
    counts = tab_counts(handled, request.agent, today())
    return (_own_todo(request) if counts["les-miennes"] else []) + _desk_todo(counts)


def _own_todo(request: AgentRequest) -> list[TodoItem]:
    return [
        TodoItem(
            title=_("%(office)s attend votre réponse") % {"office": question.office.label},
            detail=question.subject,
            url=question.get_absolute_url(),
            action_label=_("Répondre"),
            icon="message-circle-question-mark",
        )
        for question in access.waiting_for(request.agent)
    ]


def _desk_todo(counts: dict[str, int]) -> list[TodoItem]:
    waiting, late = counts["a-prendre"] + counts["a-moi"], counts["retard"]
    if not waiting:
        return []
    title = ngettext("%(count)s question d’agent à traiter", "%(count)s questions d’agents à traiter", waiting)
    return [
        TodoItem(
            title=title % {"count": waiting},
            detail=_("dont %(late)s en retard") % {"late": late} if late else _("aucune en retard"),
            url=reverse("questions:desk") + ("?vue=retard" if late else ""),
            action_label=_("Traiter"),
            icon="message-circle-question-mark",
            urgent=late > 0,
        )
    ]


def search(request: AgentRequest, typed: str) -> list[SearchResult]:
    """One's own questions, by number or by the words of the subject and of what was asked; never anybody else's."""
    return [
        SearchResult(
            title=question.subject,
            detail=_("Question %(reference)s") % {"reference": question.reference},
            url=question.get_absolute_url(),
            icon="message-circle-question-mark",
        )
        for question in access.FOUND.of(request.agent.pk, typed)
    ]


def export(agent: Agent) -> Mapping[str, Any]:
    """An agent's own questions and messages; notes of the offices are not theirs."""
    mine = list(access.questions_of(agent).with_people().newest_first())
    written = copies_of(KIND, [question.pk for question in mine])
    return {
        "questions": [
            {
                "reference": question.reference,
                "topic": question.topic.label,
                "subject": question.subject,
                "about": question.about,
                "status": question.status,
                "submitted_at": question.submitted_at.astimezone(PARIS).isoformat(),
                "satisfaction": question.satisfaction,
                "messages": written[question.pk],
            }
            for question in mine
        ]
    }


SERVICE = Service(
    key="questions",
    label=gettext_lazy("Poser une question"),
    prefix="questions/",
    urls="nomade.questions.urls",
    summary=gettext_lazy("Demander aux ressources humaines, à la paie, à la formation ; suivre la réponse."),
    keywords=gettext_lazy("question rh drh demander réponse gestionnaire bureau paie contact écrire renseignement"),
    topics={"question": gettext_lazy("Mes questions aux RH")},
    help="questions/_help.html",
    menu=MenuEntry(icon="message-circle-question-mark", order=48),
    todo=todo,
    may_wait=(
        "(EXISTS (SELECT FROM questions_question WHERE owner_id = %(agent)s AND status = 'pending')"
        " OR EXISTS (SELECT FROM people_rolegrant WHERE agent_id = %(agent)s AND role IN"
        " ('hr_officer', 'pay_officer', 'training_officer', 'disability_referent')))"
    ),
    search=search,
    export=export,
    retention=(
        RetentionRule(
            data="Questions aux ressources humaines, messages et pièces",
            duration=f"{settings.NOMADE.questions_kept_months} mois après la clôture, puis effacées",
            source="CNIL, référentiel de gestion du personnel 2019-160",
            purge=purge,
        ),
    ),
)
