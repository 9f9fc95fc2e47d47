"""A stolen session must not guess the password of the mailbox at leisure: tries are counted, as those of codes are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from nomade.accounts.lockout import counters
from nomade.accounts.lockout.door import key_of
from nomade.accounts.lockout.rules import Kind, rule_of
from nomade.accounts.models import Account
from nomade.kernel.clock import now


@dataclass(frozen=True)
class Attempt:
    """One try, counted before the password is looked at."""

    made: counters.Try

    @classmethod
    def of(cls, account: Account) -> Attempt:
        """Counts a try of this account."""
        rule = rule_of(Kind.CODE, settings.NOMADE.lockout)
        return cls(counters.take(key_of(Kind.CODE, f"mail:{account.pk}"), Kind.CODE, account.pk, now(), rule))

    @property
    def goes_on(self) -> bool:
        """Whether the password may be tried now."""
        return self.made.goes_on

    @property
    def until(self) -> datetime | None:
        """The end of the wait."""
        return self.made.until

    def give_back(self) -> None:
        """It was right, or nobody could say."""
        counters.give_back(self.made)
