"""What somebody decides for the units they lead: the minimum presence, the days reserved."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from nomade.kernel import audit
from nomade.kernel.clock import today
from nomade.kernel.errors import Refusal
from nomade.leave.models import ForbiddenPeriod, MinimumPresence
from nomade.notifications.actions import notify_many
from nomade.people.models import Agent, Assignment, OrgUnit


@transaction.atomic
def set_minimum(unit: OrgUnit, people: int, *, by: Agent, http: HttpRequest | None = None) -> None:
    """The minimum presence of a unit from today on; zero for none. What it was is kept with its dates."""
    OrgUnit.objects.select_for_update().get(pk=unit.pk)
    team = Assignment.objects.on(today()).filter(unit=unit, is_main=True).count()
    if people > team:
        message = _("L’équipe compte %(team)s personnes : le minimum ne peut pas dépasser ce nombre.")
        raise Refusal(message % {"team": team}, field="people")
    MinimumPresence.objects.filter(unit=unit, valid_to__isnull=True, valid_from__gte=today()).delete()
    MinimumPresence.objects.filter(unit=unit, valid_to__isnull=True).update(valid_to=today() - timedelta(days=1))
    if people:
        MinimumPresence.objects.create(unit=unit, people=people, valid_from=today(), set_by=by)
    audit.record("leave.minimum_set", actor=by.pk, subject=None, request=http, unit=unit.path, people=people)


@transaction.atomic
def reserve_days(
    unit: OrgUnit, first: date, last: date, *, reason: str, by: Agent, http: HttpRequest | None = None
) -> ForbiddenPeriod:
    """Days on which the agents of a unit ask for no leave of their choice; they are told. Raises Refusal."""
    if last < first or last < today():
        raise Refusal(_("Les dates doivent être à venir, et dans l’ordre."), field="last_day")
    if not reason.strip():
        message = _("Dites la raison de service : elle est lue par les agents et fonde les refus.")
        raise Refusal(message, rule="CE 20-12-2013 n° 362940", field="reason")
    period = ForbiddenPeriod.objects.create(unit=unit, first_day=first, last_day=last, reason=reason.strip(), set_by=by)
    audit.record("leave.days_reserved", actor=by.pk, subject=None, request=http, unit=unit.path, period=period.pk)
    _tell_unit(unit, _("Votre unité réserve des jours : pas de congé à poser du %(first)s au %(last)s"), period, by)
    return period


@transaction.atomic
def free_days(period: ForbiddenPeriod, *, by: Agent, http: HttpRequest | None = None) -> None:
    """Gives back the days of a reserved period; the row is kept in the history of its table."""
    unit = period.unit
    audit.record("leave.days_freed", actor=by.pk, subject=None, request=http, unit=unit.path, period=period.pk)
    _tell_unit(unit, _("Les jours réservés du %(first)s au %(last)s sont libres de nouveau"), period, by)
    period.delete()


def _tell_unit(unit: OrgUnit, title: str, period: ForbiddenPeriod, by: Agent) -> None:
    below = Assignment.objects.on(today()).filter(is_main=True, unit__path__startswith=f"{unit.path}/")
    inside = Assignment.objects.on(today()).filter(is_main=True, unit=unit)
    told = Agent.objects.present(today()).filter(assignments__in=inside.union(below).values("pk")).exclude(pk=by.pk)
    notify_many(
        list(told.distinct()),
        kind="leave.days_reserved",
        title=title % {"first": f"{period.first_day:%d/%m/%Y}", "last": f"{period.last_day:%d/%m/%Y}"},
        body=period.reason,
        url="/conges/nouvelle/",
        email=False,
    )
