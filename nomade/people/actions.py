"""What changes roles: granted from a day to a day, over a unit and all below it, by somebody who is named."""

from __future__ import annotations

from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest
from django.utils.translation import gettext as _

from nomade.kernel import audit
from nomade.kernel.clock import today
from nomade.kernel.errors import Refusal
from nomade.people.models import Agent, OrgUnit, RoleGrant
from nomade.people.roles import Role


@transaction.atomic
def grant_role(
    agent: Agent,
    role: Role,
    *,
    by: Agent | None,
    perimeter: OrgUnit | None = None,
    since: date | None = None,
    until: date | None = None,
    http: HttpRequest | None = None,
) -> RoleGrant:
    """Gives a role over a unit and all below it (None: the whole organisation). `by` is None for a command line.

    Raises Refusal when the days are in disorder, when somebody grants to themselves, or when the agent holds the same
    role over the same perimeter on one of those days.
    """
    # Two grants at once for one agent would both find nothing: they wait for each other here.
    Agent.objects.select_for_update().get(pk=agent.pk)
    first = since or today()
    if until is not None and until < first:
        raise Refusal(_("Le dernier jour ne peut pas être avant le premier."), field="until")
    if by is not None and by.pk == agent.pk:
        raise Refusal(_("Personne ne se donne un rôle à soi-même : demandez à un autre administrateur."))
    touching = RoleGrant.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=first))
    if until is not None:
        touching = touching.filter(valid_from__lte=until)
    if touching.filter(agent=agent, role=role, perimeter=perimeter).exists():
        raise Refusal(_("%(name)s a déjà ce rôle à cette période.") % {"name": agent.full_name})
    grant = RoleGrant.objects.create(
        agent=agent, role=role, perimeter=perimeter, valid_from=first, valid_to=until, granted_by=by
    )
    audit.record(
        "role.granted",
        actor=by.pk if by else None,
        subject=agent.pk,
        request=http,
        role=str(role),
        perimeter=perimeter.path if perimeter else "",
        since=first.isoformat(),
        until=until.isoformat() if until else "",
    )
    return grant


@transaction.atomic
def revoke_role(grant: RoleGrant, *, by: Agent | None, http: HttpRequest | None = None) -> None:
    """Ends a role at once: yesterday was its last day; one that had not begun, or begins today, is removed.

    Raises Refusal for the last administrator, without whom nobody could give the role back.
    """
    # Two administrators who revoke each other at once would leave none: they wait for each other here.
    held = RoleGrant.objects.select_for_update().filter(role=grant.role).on(today())
    others = [other for other in held if other.agent_id != grant.agent_id]
    if grant.role == Role.ADMINISTRATOR and not others and by is not None:
        raise Refusal(_("C’est le dernier administrateur : donnez d’abord ce rôle à quelqu’un d’autre."))
    if grant.valid_to is not None and grant.valid_to < today():
        raise Refusal(_("Ce rôle est déjà terminé."))
    facts = {"role": grant.role, "perimeter": grant.perimeter.path if grant.perimeter else ""}
    if grant.valid_from >= today():
        grant.delete()
    else:
        grant.valid_to = today() - timedelta(days=1)
        grant.save(update_fields=["valid_to"])
    audit.record("role.revoked", actor=by.pk if by else None, subject=grant.agent_id, request=http, **facts)
