"""What the portal needs to know of leave."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.conf import settings
from django.db.models import Count, Window
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from nomade.kernel.clock import today
from nomade.kernel.compiled import Compiled
from nomade.kernel.registry import HomeCard, MenuEntry, RetentionRule, Service, TodoItem
from nomade.leave.access import requests_to_decide
from nomade.leave.actions import purging
from nomade.leave.balances import balances
from nomade.leave.extra_hours import count_to_answer
from nomade.leave.models import LeaveRequest
from nomade.leave.office_todo import office_todo, own_choice
from nomade.leave.own_data import export, search
from nomade.leave.rules.validity import ANNUAL
from nomade.leave.wording import period_phrase
from nomade.people.http import AgentRequest
from nomade.people.roles import Role
from nomade.people.teams import standing_of
from nomade.ui.filters import days

# More than that, and the home page shows their number instead of each one.
SHOWN_ONE_BY_ONE = 3
# Months in which the days left are a matter for « À faire ».
LAST_MONTHS = (10, 11, 12)
KEPT = "_leave_home"
_coming: Compiled[LeaveRequest] = Compiled(
    lambda agent, day: (
        LeaveRequest.objects.filter(owner_id=agent, last_day__gte=day)
        .living()
        .with_type()
        .order_by("first_day", "pk")[:1]
    )
)


def _home(request: AgentRequest) -> dict[str, Any]:
    """What the headline, the card and the list « À faire » share, read once a request."""
    known: dict[str, Any] | None = getattr(request, KEPT, None)
    if known is None:
        day = today()
        shown = balances(request.agent, day.year)
        coming = _coming.first(agent=request.agent.pk, day=day)
        leads = standing_of(request.agent, day).leads
        known = {"balances": shown, "coming": coming, "leads": leads}
        setattr(request, KEPT, known)
    return known


def headline(request: AgentRequest) -> str | None:
    """« Prochains congés : du 21 au 31 décembre, c’est validé. »"""
    coming: LeaveRequest | None = _home(request)["coming"]
    if coming is None:
        return None
    when = period_phrase(coming.period)
    if coming.state == "approved":
        return _("Prochaine absence : %(when)s, c’est validé.") % {"when": when}
    return _("Prochaine absence : %(when)s, en attente de réponse.") % {"when": when}


def todo(request: AgentRequest) -> list[TodoItem]:
    """Requests to decide, what waits for an HR officer, then days that the year's end would lose."""
    officer = Role.HR_OFFICER in standing_of(request.agent, today()).roles
    return [
        *_to_decide(request),
        *_hours_to_answer(request),
        *(office_todo(request.agent) if officer else ()),
        *own_choice(request.agent, _home(request)["balances"]),
        *_to_take(request),
    ]


def _to_decide(request: AgentRequest) -> list[TodoItem]:
    # The first ones and how many there are, in one query.
    counted = requests_to_decide(request.agent).annotate(waiting=Window(Count("pk")))
    waiting = list(counted[: SHOWN_ONE_BY_ONE + 1])
    address = reverse("leave:to-decide")
    if len(waiting) > SHOWN_ONE_BY_ONE:
        count = waiting[0].waiting  # type: ignore[attr-defined]  # annotated above
        return [
            TodoItem(
                title=ngettext("%(count)s demande d’absence à valider", "%(count)s demandes d’absence à valider", count)
                % {"count": count},
                detail=_("La plus ancienne : %(name)s") % {"name": waiting[0].owner.full_name},
                url=address,
                action_label=_("Répondre"),
                icon="calendar-check",
                due=waiting[0].promised_on,
                urgent=_is_late(waiting[0]),
            )
        ]
    return [
        TodoItem(
            title=(_("%(name)s demande un changement") if leave.change_asked else _("%(name)s demande une absence"))
            % {"name": leave.owner.full_name},
            detail=f"{period_phrase(leave.period)}, {days(leave.half_days)}",
            url=f"{address}#{leave.reference}",
            action_label=_("Répondre"),
            icon="calendar-check",
            due=leave.promised_on,
            urgent=_is_late(leave),
        )
        for leave in waiting
    ]


def _hours_to_answer(request: AgentRequest) -> list[TodoItem]:
    """Extra hours that a team declares, for who leads one."""
    if not _home(request)["leads"]:
        return []
    count = count_to_answer(request.agent)
    if not count:
        return []
    title = ngettext("%(count)s déclaration d’heures en plus", "%(count)s déclarations d’heures en plus", count)
    return [
        TodoItem(
            title=title % {"count": count},
            detail=_("De votre équipe"),
            url=reverse("leave:extra-to-answer"),
            action_label=_("Répondre"),
            icon="clock",
        )
    ]


def _is_late(leave: LeaveRequest) -> bool:
    return leave.promised_on is not None and leave.promised_on < today()


def _to_take(request: AgentRequest) -> list[TodoItem]:
    """Annual leave is not carried over without an exceptional authorisation (décret 85-1250 art. 5)."""
    day = today()
    left = sum(balance.left for balance in _home(request)["balances"] if balance.code == ANNUAL)
    if day.month not in LAST_MONTHS or left <= 0:
        return []
    return [
        TodoItem(
            title=_("%(days)s de congés annuels à poser") % {"days": days(left)},
            detail=_("Ils ne se reportent pas, sauf autorisation"),
            url=reverse("leave:new"),
            action_label=_("Poser"),
            icon="calendar-days",
            due=date(day.year, 12, 31),
        )
    ]


def home_card(request: AgentRequest) -> Mapping[str, Any] | None:
    """Balances, and the leave to come; no card for who has no right at all."""
    home = _home(request)
    if not home["balances"] and home["coming"] is None and not home["leads"]:
        return None
    coming: LeaveRequest | None = home["coming"]
    return home | {"when": period_phrase(coming.period) if coming else ""}


SERVICE = Service(
    key="leave",
    label=gettext_lazy("Mes congés"),
    prefix="conges/",
    urls="nomade.leave.urls",
    summary=gettext_lazy("Demander une absence, suivre ses soldes."),
    keywords=gettext_lazy("congé vacances absence rtt cet épargne maladie repos solde télétravail"),
    topics={"leave": gettext_lazy("Mes absences et celles que je valide")},
    help="leave/_help.html",
    menu=MenuEntry(icon="calendar-days", order=30, short_label=gettext_lazy("Congés"), on_phone_bar=True),
    todo=todo,
    headline=headline,
    home_card=HomeCard(template="leave/_home_card.html", order=20, context=home_card),
    search=search,
    export=export,
    retention=(
        RetentionRule(
            data="Demandes d’absence et leurs motifs",
            duration=(
                f"{settings.NOMADE.leave_kept_years} années civiles après celle de l’absence ; congés de santé, de "
                "famille et non rémunérés : leurs seules dates ensuite, jusqu’au départ"
            ),
            source="CNIL, référentiel de gestion du personnel 2019-160",
            purge=purging.purge,
            due=purging.due,
            visa=True,
        ),
    ),
)
