"""What agents and offices choose: favourites, what is shown of oneself, how to reach a unit."""

from __future__ import annotations

from django.db import transaction
from django.http import HttpRequest

from nomade.directory.models import Favourite, UnitCard, Visibility
from nomade.kernel import audit
from nomade.people.models import Agent, OrgUnit


@transaction.atomic
def keep_favourite(owner: Agent, colleague: Agent, *, kept: bool) -> None:
    """Puts a colleague among one's favourites, or takes them off; doing it twice changes nothing more."""
    if not kept:
        Favourite.objects.filter(owner=owner, colleague=colleague).delete()
    elif owner.pk != colleague.pk:
        Favourite.objects.get_or_create(owner=owner, colleague=colleague)


@transaction.atomic
def choose_visibility(agent: Agent, *, shows_mobile: bool, request: HttpRequest) -> None:
    """Shows or hides one's mobile number to colleagues."""
    Visibility.objects.update_or_create(agent=agent, defaults={"shows_mobile": shows_mobile})
    audit.record("directory.visibility", actor=agent.pk, subject=agent.pk, request=request, shows_mobile=shows_mobile)


@transaction.atomic
def write_unit_card(unit: OrgUnit, card: UnitCard, *, by: Agent, request: HttpRequest | None) -> None:
    """Keeps how to reach a unit."""
    card.unit = unit
    card.save()
    audit.record("directory.unit_card", actor=by.pk, subject=None, request=request, unit=unit.path)
