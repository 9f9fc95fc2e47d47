"""What waits for an HR officer on the home page: corrections to read, days to save, choices that nobody made yet.

And what waits for an agent whose own CET is above the threshold.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db.models import Count, IntegerField, Value
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nomade.cases.models import CaseState
from nomade.kernel.clock import today
from nomade.kernel.registry import TodoItem
from nomade.leave.balances import Balance
from nomade.leave.facts import law_for_a_hint
from nomade.leave.hr_access import agents_managed
from nomade.leave.models import AccountChoice, Correction, CorrectionState, Counter, SavingRequest
from nomade.leave.rules.cet import HALVES_IN_DAY, choice_year
from nomade.leave.rules.parameters import Law
from nomade.leave.rules.validity import CET, month_day
from nomade.leave.wording import day_phrase
from nomade.people.models import Agent
from nomade.ui.filters import days

# From how many days before the limit the choices still to be made are a matter for « À faire ».
SHOWN_BEFORE = timedelta(days=90)
READ, SAVE, CHOOSE = 1, 2, 3


def choice_limit(law: Law, day: date) -> tuple[int, date] | None:
    """The year one chooses for and the last day to do so, when it is near; None where nothing is to choose."""
    if law.text("cet.options", day) != "yes":
        return None
    year = choice_year(day, law)
    until = month_day(law.row("cet.choose_before", date(year, 12, 31)).value, year + 1)
    return (year, until) if until - day <= SHOWN_BEFORE else None


def own_choice(agent: Agent, balances: list[Balance]) -> list[TodoItem]:
    """The agent's own choice for the days above the threshold, while none is made; no query below the threshold."""
    day = today()
    held = sum(balance.left for balance in balances if balance.code == CET)
    if not held:
        return []
    law = law_for_a_hint()
    limit = choice_limit(law, day)
    above = held - law.number("cet.threshold", day) * HALVES_IN_DAY
    if limit is None or above <= 0 or AccountChoice.objects.filter(agent=agent, year=limit[0]).exists():
        return []
    return [
        TodoItem(
            title=_("%(days)s de CET au-dessus du seuil : à vous de choisir") % {"days": days(above)},
            detail=_("Les garder, les faire payer ou les verser à la retraite"),
            url=reverse("leave:account"),
            action_label=_("Choisir"),
            icon="wallet",
            due=limit[1],
        )
    ]


def office_todo(officer: Agent) -> list[TodoItem]:
    """What waits in the perimeter of an HR officer, counted in one statement."""
    law, day = law_for_a_hint(), today()
    limit = choice_limit(law, day)
    waiting = _counts(officer, law, day, limit[0] if limit else None)
    items = []
    if number := waiting.get(READ):
        title = ngettext(
            "%(count)s correction de compteur à relire", "%(count)s corrections de compteur à relire", number
        )
        items.append(_item(title, number, _("Demandées par un collègue"), "leave:hr", _("Relire")))
    if number := waiting.get(SAVE):
        title = ngettext("%(count)s versement au CET à traiter", "%(count)s versements au CET à traiter", number)
        items.append(_item(title, number, _("Demandés par des agents"), "leave:hr-accounts", _("Traiter")))
    if limit and (number := waiting.get(CHOOSE)):
        title = ngettext("%(count)s agent sans choix pour son CET", "%(count)s agents sans choix pour leur CET", number)
        detail = _("Au-dessus du seuil : sans choix le %(day)s, la règle par défaut s’applique")
        told = detail % {"day": day_phrase(limit[1])}
        items.append(_item(title, number, told, "leave:hr-accounts", _("Voir"), due=limit[1]))
    return items


def _item(title: str, number: int, detail: str, address: str, action: str, *, due: date | None = None) -> TodoItem:
    return TodoItem(
        title=title % {"count": number},
        detail=detail,
        url=reverse(address),
        action_label=action,
        icon="calendar-check",
        due=due,
    )


def _counts(officer: Agent, law: Law, day: date, year: int | None) -> dict[int, int]:
    people = agents_managed(officer).values("pk")
    parts = [
        (READ, Correction.objects.filter(agent__in=people, state=CorrectionState.WAITING).exclude(author=officer)),
        (SAVE, SavingRequest.objects.filter(owner__in=people, state=CaseState.SUBMITTED)),
    ]
    if year is not None:
        threshold = law.number("cet.threshold", day) * HALVES_IN_DAY
        chosen = AccountChoice.objects.filter(year=year).values("agent")
        above = Counter.objects.filter(code=CET, half_days__gt=threshold, agent__in=people).exclude(agent__in=chosen)
        parts.append((CHOOSE, above))
    counted = [
        found.order_by()
        .annotate(what=Value(what, output_field=IntegerField()))
        .values("what")
        .annotate(number=Count("pk"))
        .values_list("what", "number")
        for what, found in parts
    ]
    return dict(counted[0].union(*counted[1:], all=True))
