"""The only writers of leave: requests here, what a team decides for itself in `teams`."""

from nomade.leave.actions.agenda import close_feed, open_feed
from nomade.leave.actions.changes import accept_change, ask_change, decline_change, move_request, wanted_period
from nomade.leave.actions.days import move_day
from nomade.leave.actions.delegations import delegate, end_delegation
from nomade.leave.actions.requests import (
    AlreadyHandled,
    Batch,
    Hours,
    add_documents,
    approve_leave,
    approve_many,
    cancel_leave,
    may_cancel,
    refuse_leave,
    submit_leave,
)
from nomade.leave.actions.teams import free_days, reserve_days, set_minimum
from nomade.leave.actions.today import announce_absence, specify_leave

__all__ = [
    "AlreadyHandled",
    "Batch",
    "Hours",
    "accept_change",
    "add_documents",
    "announce_absence",
    "approve_leave",
    "approve_many",
    "ask_change",
    "cancel_leave",
    "close_feed",
    "decline_change",
    "delegate",
    "end_delegation",
    "free_days",
    "may_cancel",
    "move_day",
    "move_request",
    "open_feed",
    "refuse_leave",
    "reserve_days",
    "set_minimum",
    "specify_leave",
    "submit_leave",
    "wanted_period",
]
