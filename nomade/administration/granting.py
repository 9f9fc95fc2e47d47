"""Roles given and ended from a screen: in the journal by `people.actions`, and told to who holds a privileged one."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from nomade.kernel.clock import today
from nomade.notifications.actions import notify
from nomade.people.actions import grant_role, revoke_role
from nomade.people.models import Agent, OrgUnit, RoleGrant
from nomade.people.roles import PRIVILEGED, Role
from nomade.ui.filters import medium_date

TOLD = "security.role"


def grants_like(text: str) -> QuerySet[RoleGrant]:
    """The roles held today or to come, by name, of the agents whose name or matricule holds each word."""
    living = RoleGrant.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=today()))
    if text.strip():
        living = living.filter(agent__in=Agent.objects.named_like(text).values("pk"))
    return living.select_related("agent", "perimeter", "granted_by").order_by("agent__sort_name", "role", "pk")


def grant_to_end(grant_id: int) -> RoleGrant:
    """A role held today or to come. Raises Http404 for one that is over as for none."""
    found = grants_like("").filter(pk=grant_id).first()
    if found is None:
        raise Http404
    return found


@transaction.atomic
def give(
    agent: Agent,
    role: Role,
    *,
    by: Agent,
    perimeter: OrgUnit | None,
    since: date,
    until: date | None,
    http: HttpRequest,
) -> RoleGrant:
    """Gives a role; somebody who gets a privileged one is told by whom. Raises Refusal as `grant_role` does."""
    grant = grant_role(agent, role, by=by, perimeter=perimeter, since=since, until=until, http=http)
    where = perimeter.label if perimeter else _("toute la collectivité")
    _tell(
        grant,
        _("Vous avez un nouveau rôle : %(role)s") % {"role": role.label},
        _("Donné par %(name)s à partir du %(day)s, pour : %(where)s.")
        % {"name": by.full_name, "day": medium_date(since), "where": where},
    )
    return grant


@transaction.atomic
def end(grant: RoleGrant, *, by: Agent, http: HttpRequest) -> None:
    """Ends a role at once, and says so to who held it. Raises Refusal for the last administrator."""
    told = _("Retiré par %(name)s.") % {"name": by.full_name}
    _tell(grant, _("Votre rôle est terminé : %(role)s") % {"role": Role(grant.role).label}, told)
    revoke_role(grant, by=by, http=http)


def _tell(grant: RoleGrant, title: str, body: str) -> None:
    if grant.role in PRIVILEGED:
        notify(grant.agent, kind=TOLD, title=title, url="/compte/", body=body)
