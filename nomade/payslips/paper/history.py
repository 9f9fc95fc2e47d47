"""Pay slips of several months for some agents of the demo city, through the same import as real ones."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from nomade.payslips.actions import ImportOrder, import_payslips
from nomade.payslips.paper.combined import write_combined
from nomade.payslips.paper.payroll import employer, paid_agents


def give_history(agents: Iterable[int], *, last: date, months: int, notify: bool = False) -> int:
    """Makes and publishes the slips of `months` months up to `last`, for agents given by id; returns how many.

    Raises `Refusal` when one of them already has a slip of one of these months.
    """
    ids = list(agents)
    wanted = [(agent, month) for month in _months_up_to(last, months) for agent in paid_agents(month, only=ids)]
    with TemporaryDirectory(prefix="nomade-paie-") as folder:
        path = Path(folder) / "historique-de-paie.pdf"
        if not write_combined(path, wanted, employer(), processes=1):
            return 0
        return import_payslips(ImportOrder(path, period=None, processes=1, notify=notify)).stored


def _months_up_to(last: date, months: int) -> list[date]:
    number = last.year * 12 + last.month - 1
    return [date(index // 12, index % 12 + 1, 1) for index in range(number - months + 1, number + 1)]
