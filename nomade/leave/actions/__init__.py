"""The only writers of leave: requests here, what a team decides for itself in `teams`."""

from nomade.leave.actions.requests import (
    KIND,
    AlreadyHandled,
    Batch,
    approve_leave,
    approve_many,
    cancel_leave,
    may_cancel,
    refuse_leave,
    submit_leave,
)
from nomade.leave.actions.today import announce_absence, specify_leave

__all__ = [
    "KIND",
    "AlreadyHandled",
    "Batch",
    "announce_absence",
    "approve_leave",
    "approve_many",
    "cancel_leave",
    "may_cancel",
    "refuse_leave",
    "specify_leave",
    "submit_leave",
]
