"""Bringing agents in: the people, then their accounts, in one transaction, written in the journal once."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from nomade.accounts.actions import follow_logins, open_accounts
from nomade.kernel import audit
from nomade.people.importing.agents import Options
from nomade.people.importing.plan import Plan, Source, apply_plan, plan_import


@transaction.atomic
def import_people(agents: Source | None, units: Source | None, options: Options, *, actor: int | None) -> Plan:
    """Imports the files whole, or raises `Faulty` and changes nothing. New agents get a closed account."""
    plan = plan_import(agents, units, options)
    applied = apply_plan(plan)
    open_accounts(applied.created)
    if applied.renamed:
        follow_logins(applied.renamed)
    files = {source.name: source.sha256 for source in (agents, units) if source}
    facts: dict[str, Any] = {"files": files, "since": options.on.isoformat(), **plan.counts()}
    audit.record("agents.imported", actor=actor, subject=None, **facts)
    return plan
