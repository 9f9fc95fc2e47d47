"""Tables of leave: the law that HR keeps, counters and ledger, requests, work, what was told to pay."""

from nomade.leave.models.choices import Document, Group, Mode, Secrecy, Unit
from nomade.leave.models.extra import ExtraHours, ExtraPeriod
from nomade.leave.models.law import CounterKind, LeaveType, LegalFigure
from nomade.leave.models.ledger import (
    AccountChoice,
    AccountOption,
    Correction,
    CorrectionState,
    Counter,
    EntryKind,
    ExpiryNotice,
    LedgerEntry,
    Operation,
    OperationKind,
)
from nomade.leave.models.pay import PayrollExport, PayrollLine
from nomade.leave.models.requests import (
    LIVING_STATES,
    ChangeAsked,
    HealthLeave,
    LeaveRequest,
    LeaveRequestQuerySet,
    Slot,
)
from nomade.leave.models.saving import SavingRequest
from nomade.leave.models.time_system import TimeAction, TimeAnswer, TimeExport, TimeLine
from nomade.leave.models.work import Closure, DayException
from nomade.leave.team_models import CalendarFeed, ForbiddenPeriod, LeaveDocument, MinimumPresence, RefusalReason

__all__ = [
    "LIVING_STATES",
    "AccountChoice",
    "AccountOption",
    "CalendarFeed",
    "ChangeAsked",
    "Closure",
    "Correction",
    "CorrectionState",
    "Counter",
    "CounterKind",
    "DayException",
    "Document",
    "EntryKind",
    "ExpiryNotice",
    "ExtraHours",
    "ExtraPeriod",
    "ForbiddenPeriod",
    "Group",
    "HealthLeave",
    "LeaveDocument",
    "LeaveRequest",
    "LeaveRequestQuerySet",
    "LeaveType",
    "LedgerEntry",
    "LegalFigure",
    "MinimumPresence",
    "Mode",
    "Operation",
    "OperationKind",
    "PayrollExport",
    "PayrollLine",
    "RefusalReason",
    "SavingRequest",
    "Secrecy",
    "Slot",
    "TimeAction",
    "TimeAnswer",
    "TimeExport",
    "TimeLine",
    "Unit",
]
