"""Newcomers whom an HR officer may see: those of the perimeter who have never opened the portal."""

from __future__ import annotations

from enum import StrEnum

from django.contrib.auth.hashers import UNUSABLE_PASSWORD_PREFIX
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.http import Http404

from nomade.accounts.models import FormerPassword, ProvisionalPassword
from nomade.kernel.clock import now, today
from nomade.kernel.models import AuditEvent
from nomade.people.access import agents_in_perimeter, roles_of
from nomade.people.models import Agent, Assignment, OrgUnit, RoleGrant
from nomade.people.roles import Role


class Waiting(StrEnum):
    """What a newcomer's letter waits for."""

    NO_LETTER = "sans-lettre"
    PRINTED = "imprimee"
    HANDED_OVER = "remise"
    SPENT = "a-refaire"


def came_in_by_the_directory(agent: OuterRef) -> Exists:
    """Whether somebody without a password here has signed in all the same: their directory knows them."""
    return Exists(AuditEvent.objects.filter(event="sign_in.accepted", subject_id=agent))


def newcomers_of(officer: Agent) -> QuerySet[Agent]:
    """Agents of the officer's perimeter, here or expected, who have never chosen a password; with their unit."""
    day = today()
    never = (
        Q(account__isnull=True)
        | Q(account__password__startswith=UNUSABLE_PASSWORD_PREFIX)
        | Q(account__password_is_provisional=True)
    )
    own_before = FormerPassword.objects.filter(account__agent=OuterRef("pk"), was_provisional=False)
    reset = Q(account__provisional__kind=ProvisionalPassword.Kind.RESET)
    place = Assignment.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=day), agent=OuterRef("pk"), is_main=True
    )
    return (
        agents_in_perimeter(officer, Role.HR_OFFICER)
        .filter(Q(exit_date__isnull=True) | Q(exit_date__gte=day), never)
        .exclude(Exists(own_before))
        .exclude(reset)
        .exclude(Q(account__identity__isnull=False))
        .exclude(Q(account__password__startswith=UNUSABLE_PASSWORD_PREFIX) & came_in_by_the_directory(OuterRef("pk")))
        .exclude(pk=officer.pk)
        .annotate(
            unit_path=Subquery(place.order_by("valid_from").values("unit__path")[:1]),
            unit_label=Subquery(place.order_by("valid_from").values("unit__label")[:1]),
            holds_role=Exists(RoleGrant.objects.on(day).filter(agent=OuterRef("pk"))),
        )
        .select_related("account", "account__provisional", "account__provisional__handed_over_by")
    )


def waiting(newcomers: QuerySet[Agent], state: Waiting | None, text: str, unit: OrgUnit | None) -> QuerySet[Agent]:
    """Those of one state, one name or matricule, one unit and below."""
    alive = Q(
        account__provisional__voided_at__isnull=True,
        account__provisional__replaced_at__isnull=True,
        account__provisional__uses_left__gt=0,
        account__provisional__expires_at__gt=now(),
    )
    given = Q(account__password_is_provisional=True)
    handed = Q(account__provisional__handed_over_at__isnull=False)
    conditions = {
        Waiting.NO_LETTER: ~given | Q(account__isnull=True),
        Waiting.PRINTED: given & alive & ~handed,
        Waiting.HANDED_OVER: given & alive & handed,
        Waiting.SPENT: given & ~alive,
    }
    found = newcomers.filter(conditions[state]) if state else newcomers
    if text:
        found = found.named_like(text)  # type: ignore[attr-defined]  # our own queryset, which annotate() hides
    if unit:
        below = Q(unit__path=unit.path) | Q(unit__path__startswith=f"{unit.path}/")
        found = found.filter(Exists(Assignment.objects.filter(below, agent=OuterRef("pk"), is_main=True)))
    return found.order_by("unit_path", "sort_name", "pk")


def newcomer_for(officer: Agent, matricule: str) -> Agent:
    """One newcomer, whose letter this officer may make. Raises Http404 for any other as for none."""
    found = newcomers_of(officer).filter(matricule=matricule).first()
    if found is None or roles_of(found):
        raise Http404
    return found


def units_to_choose(officer: Agent) -> QuerySet[OrgUnit]:
    """The units of the officer's perimeters and those just below; the top ones for the whole organisation."""
    grants = RoleGrant.objects.on(today()).filter(agent=officer, role=Role.HR_OFFICER)
    tops = [grant.perimeter_id for grant in grants]
    near = Q(parent__isnull=True) if None in tops else Q(pk__in=tops) | Q(parent__in=tops)
    return OrgUnit.objects.existing(today()).filter(near).order_by("path")
