"""The only writers of leave: requests here, what a team decides for itself in `teams`."""

from nomade.leave.actions.requests import (
    KIND,
    AlreadyHandled,
    approve_leave,
    cancel_leave,
    may_cancel,
    refuse_leave,
    submit_leave,
)

__all__ = [
    "KIND",
    "AlreadyHandled",
    "approve_leave",
    "cancel_leave",
    "may_cancel",
    "refuse_leave",
    "submit_leave",
]
