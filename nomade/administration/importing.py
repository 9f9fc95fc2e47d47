"""Bringing agents in: the people, then their accounts, in one transaction, written in the journal once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.db import connection, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from nomade.accounts.actions import follow_logins, open_accounts
from nomade.administration.models import KEPT, PendingImport
from nomade.kernel import audit
from nomade.kernel.clock import now, today
from nomade.kernel.errors import Refusal
from nomade.people import ports
from nomade.people.importing.agents import Options
from nomade.people.importing.plan import Plan, Source, apply_plan, plan_import
from nomade.people.models import Agent

# Beyond, the answer would take longer than a browser waits; the command has no such limit.
MOST_CHANGES = 5000


@transaction.atomic
def import_people(agents: Source | None, units: Source | None, options: Options, *, actor: int | None) -> Plan:
    """Imports the files whole, or raises `Faulty` and changes nothing. New agents get a closed account."""
    # Two imports at once would each plan against a base that the other changes: the second waits, then plans.
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('nomade.import-agents'))")
    plan = plan_import(agents, units, options)
    applied = apply_plan(plan)
    open_accounts(applied.created)
    if applied.renamed:
        follow_logins(applied.renamed)
    files = {source.name: source.sha256 for source in (agents, units) if source}
    facts: dict[str, Any] = {"files": files, "since": options.on.isoformat(), **plan.counts()}
    audit.record("agents.imported", actor=actor, subject=None, **facts)
    ports.people_changed()
    return plan


@transaction.atomic
def rehearse(
    agents: Source | None, units: Source | None, *, create_units: bool, owner: Agent, report: Callable[[Plan], Any]
) -> PendingImport:
    """Checks files and keeps them until they are confirmed. Raises `Faulty`; nothing is kept then."""
    plan = plan_import(agents, units, Options(today(), create_units=create_units))
    if len(plan.changes()) > MOST_CHANGES:
        raise Refusal(
            _("%(count)s changements sont trop pour cette page : utilisez la commande « nomade import-agents ».")
            % {"count": len(plan.changes())}
        )
    PendingImport.objects.filter(Q(owner=owner) | Q(created_at__lt=now() - KEPT)).delete()
    pending = PendingImport(owner=owner, create_units=create_units, report=report(plan))
    pending.keep("agents", agents)
    pending.keep("units", units)
    pending.save(force_insert=True)
    return pending


@transaction.atomic
def confirm(pending: PendingImport) -> Plan:
    """Imports what was rehearsed, against the base as it is now. Raises `Faulty` when it no longer fits.

    Raises Refusal for the second of two confirmations: the first took the files away.
    """
    taken = PendingImport.objects.select_for_update().filter(pk=pending.pk).first()
    if taken is None:
        raise Refusal(_("Cet import est déjà fait, ou d’autres fichiers l’ont remplacé."))
    options = Options(today(), create_units=pending.create_units)
    plan = import_people(pending.source("agents"), pending.source("units"), options, actor=pending.owner_id)
    pending.delete()
    return plan
