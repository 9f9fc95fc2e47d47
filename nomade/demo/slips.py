"""Pay slips of the personas: two years made by the demo payroll and brought in by the real import."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from nomade.kernel.clock import today
from nomade.payslips.actions import ImportOrder, import_payslips
from nomade.payslips.paper.agents import PaidAgent
from nomade.payslips.paper.combined import write_combined
from nomade.payslips.paper.payroll import employer, paid_agents
from nomade.payslips.payroll.rates import UnknownMonth, rates_on
from nomade.people.models import Agent

MONTHS = 24


def past_months(count: int = MONTHS) -> list[date]:
    """The last months already paid, the oldest first."""
    month = today().replace(day=1)
    months = []
    for _step in range(count):
        month = (month - timedelta(days=1)).replace(day=1)
        months.append(month)
    return months[::-1]


def fill_payslips(agents: list[Agent]) -> int:
    """Makes one file of every month and imports it as a pay officer would; returns the number of slips."""
    ids = [agent.pk for agent in agents]

    def wanted() -> Iterator[tuple[PaidAgent, date]]:
        for month in past_months():
            try:
                rates_on(month)
            except UnknownMonth:
                continue
            for agent in paid_agents(month, only=ids):
                yield agent, month

    with tempfile.TemporaryDirectory(prefix="nomade-demo-") as folder:
        path = Path(folder) / "bulletins-demo.pdf"
        written = write_combined(path, wanted(), employer(), processes=1)
        if not written:
            return 0
        report = import_payslips(
            ImportOrder(path=path, period=None, run="reprise", set_aside=True, processes=1, notify=False)
        )
    return report.stored
