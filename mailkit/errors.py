"""The one error of mailkit: what went wrong, as a key that the application turns into a sentence."""

from __future__ import annotations

from typing import Literal

ErrorKey = Literal[
    "unreachable",  # no connection, or it was lost
    "timeout",  # connected, but no answer in time
    "busy",  # too many of our own requests are waiting already
    "secret_needed",  # nothing to sign in with: the person must give it
    "login_refused",  # the server does not let us in
    "bad_argument",  # what we were asked to send is not allowed in the protocol
    "no_such_folder",
    "no_such_message",
    "refused",  # the server said no to this command
    "protocol",  # the server's answer makes no sense
    "too_large",
    "over_quota",  # the mailbox is full
    "long_search",  # too many headers are still to be read for one answer
    "not_composable",  # what was composed does not read back as what was written
    "recipients_refused",  # submission: every recipient was refused
    "foreign_script",  # filters: another script is active and the server cannot run two
    "uncertain",  # submission: the connection fell after the whole message was handed over
]


class MailError(Exception):
    """A mail server, or a message, let us down.

    `key` names the case; `retry` says whether the same request may succeed later; `detail` is for the log only (it may
    quote the server, never a password); `broken` says that the connection must not be used again.
    """

    def __init__(self, key: ErrorKey, detail: str = "", *, retry: bool = False, broken: bool = False) -> None:
        super().__init__(f"{key}: {detail}" if detail else key)
        self.key: ErrorKey = key
        self.detail = detail
        self.retry = retry
        self.broken = broken
