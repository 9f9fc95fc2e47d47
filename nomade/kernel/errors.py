"""What the portal says when it cannot do what was asked."""

from __future__ import annotations


class Refusal(Exception):
    """A rule says no. Shown to the person as it is, with status 422.

    `message` is a French sentence; `rule` names the text or the local rule; `field` is the form field it concerns.
    """

    def __init__(self, message: str, *, rule: str = "", field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.rule = rule
        self.field = field


class Unavailable(Exception):
    """An outside system (mail, storage, directory) does not answer. Shown with status 503.

    `system` is its short English name for the log; `retry` says whether trying later can help.
    """

    def __init__(self, system: str, message: str, *, retry: bool = True) -> None:
        super().__init__(message)
        self.system = system
        self.message = message
        self.retry = retry
