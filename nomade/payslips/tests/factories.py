"""Payroll files for tests, made by the demo payroll for agents of the test base."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pikepdf

from nomade.payslips.actions import ImportOrder
from nomade.payslips.paper.combined import write_combined
from nomade.payslips.paper.payroll import employer, paid_agents
from nomade.people.models import Agent

OCTOBER = date(2026, 10, 1)


def payroll_file(folder: Path, agents: Iterable[Agent], *months: date, name: str = "paie.pdf") -> Path:
    """A combined PDF of the months (October 2026 by default) of some agents."""
    out = folder / name
    ids = [agent.pk for agent in agents]
    wanted = [(agent, month) for month in months or (OCTOBER,) for agent in paid_agents(month, only=ids)]
    write_combined(out, wanted, employer(), processes=1)
    return out


def order(path: Path, **fields: object) -> ImportOrder:
    """An import of October in this process, as a test wants it."""
    return ImportOrder(**{"path": path, "period": OCTOBER, "processes": 1, **fields})  # type: ignore[arg-type]


def edited(source: Path, *, keep: Iterable[int], name: str) -> Path:
    """A copy of a payroll file with only some pages (from 0), in that order, without bookmarks."""
    out = source.with_name(name)
    with pikepdf.open(source) as pdf, pikepdf.new() as copy:
        pages = list(pdf.pages)
        copy.pages.extend(pages[number] for number in keep)
        copy.save(out)
    return out
