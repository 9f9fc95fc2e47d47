"""The end of what services keep: counted first, deleted then, and told to the journal."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction

from nomade.kernel import audit
from nomade.kernel.registry import RetentionRule, Service, services


@dataclass(frozen=True)
class Over:
    """A class of rows of a service, and how many are at the end of their time."""

    service: Service
    rule: RetentionRule
    rows: int


def over(day: date, *, archives: bool, only: str = "") -> list[Over]:
    """What is at its end on a day, class by class: the public archives, or everything else."""
    found = []
    for service in services():
        if only and service.key != only:
            continue
        for rule in service.retention:
            if rule.due is None or rule.purge is None or rule.visa != archives:
                continue
            found.append(Over(service, rule, rule.due(day)))
    return found


def purge(found: Iterable[Over], day: date, *, visa: str = "") -> list[Over]:
    """Deletes what was counted; the journal keeps how many of each, and the visa. Safe to run twice."""
    return [_purge(one, day, visa) for one in found]


@transaction.atomic
def _purge(one: Over, day: date, visa: str) -> Over:
    assert one.rule.purge is not None
    rows = one.rule.purge(day)
    if rows:
        key, data = one.service.key, str(one.rule.data)
        audit.record("retention.purged", actor=None, subject=None, service=key, data=data, rows=rows, visa=visa)
    return Over(one.service, one.rule, rows)
