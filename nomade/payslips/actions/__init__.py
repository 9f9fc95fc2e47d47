"""The only writers of pay slips: importing a file, releasing or recalling it, an agent's choice of paper."""

from __future__ import annotations

from nomade.payslips.actions.importing import ImportBusy, ImportOrder, import_payslips
from nomade.payslips.actions.releasing import (
    announce_batch,
    publish_batch,
    recall_batch,
    recall_payslip,
    release_batch,
)

__all__ = [
    "ImportBusy",
    "ImportOrder",
    "announce_batch",
    "import_payslips",
    "publish_batch",
    "recall_batch",
    "recall_payslip",
    "release_batch",
]
