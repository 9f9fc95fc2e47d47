"""Days on which a unit is closed without costing anybody any leave."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest

from nomade.kernel import audit
from nomade.leave.models import Closure
from nomade.leave.rules.periods import Period
from nomade.people.models import Agent, OrgUnit


@transaction.atomic
def close_unit(unit: OrgUnit, period: Period, label: str, *, by: Agent, http: HttpRequest | None = None) -> Closure:
    """Closes a unit and all below it for some days; absences asked later do not count them."""
    closure = Closure.objects.create(
        unit=unit, label=label, first_day=period.first_day, last_day=period.last_day, author=by
    )
    audit.record("leave.unit_closed", actor=by.pk, subject=None, request=http, unit=unit.path, closure=closure.pk)
    return closure
