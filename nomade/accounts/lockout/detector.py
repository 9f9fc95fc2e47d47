"""Seeing an attack that tries a little on many accounts, and raising one alert for it."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Sum

from nomade.accounts import notices
from nomade.accounts.lockout.models import Attack, Bucket, Source, Watch
from nomade.accounts.lockout.numbers import Numbers
from nomade.accounts.lockout.rules import Kind
from nomade.kernel import audit
from nomade.kernel.clock import now

log = logging.getLogger("nomade.lockout")
MEMORY = timedelta(hours=24)


@dataclass(frozen=True)
class Sight:
    """How many identifiers had failures in the last window, and from how many it is an attack."""

    identifiers: int
    threshold: float
    # Of addresses, tries that a brake refused among them: an attack that is held back is not over.
    failures: int = 0

    @property
    def is_attack(self) -> bool:
        return self.identifiers >= self.threshold

    @property
    def is_over(self) -> bool:
        """Well under the threshold: an attack does not end and start again at each minute."""
        return self.identifiers * 2 < self.threshold and self.failures < self.threshold


def sight(identifiers: int, usual: list[int], numbers: Numbers, failures: int = 0) -> Sight:
    """Pure: so many times the usual of a day, and never for a handful."""
    habit = median(usual) if usual else 0
    return Sight(identifiers, max(numbers.spray_floor, numbers.spray_factor * habit), failures)


def watch() -> None:
    """Looks at the last window; opens or closes the attack. Run each minute, safe to run twice at once."""
    at, numbers = now(), settings.NOMADE.lockout
    window = timedelta(minutes=numbers.source_minutes)
    failing = Bucket.objects.filter(last_try_at__gt=at - window, failures__gt=0).exclude(kind=Kind.CODE)
    usual = list(Watch.objects.filter(at__gt=at - MEMORY, at__lte=at - window).values_list("identifiers", flat=True))
    tried = Source.objects.filter(started_at__gt=at - window).aggregate(failures=Sum("failures"))["failures"]
    seen = sight(failing.count(), usual, numbers, tried or 0)
    open_attack = Attack.objects.filter(is_open=True).first()
    if open_attack is None and seen.is_attack:
        _open(seen)
    elif open_attack is not None and seen.is_over:
        _close(open_attack)
    elif open_attack is None:  # an attack is never part of what is usual
        _remember(at, window, seen.identifiers)


def _remember(at: datetime, window: timedelta, identifiers: int) -> None:
    seconds = int(window.total_seconds())
    start = datetime.fromtimestamp(int(at.timestamp()) // seconds * seconds, tz=at.tzinfo)
    Watch.objects.update_or_create(at=start, defaults={"identifiers": identifiers})


def _open(seen: Sight) -> None:
    """One row, one line in the log, one notice to each of those who answer for the portal."""
    try:
        with transaction.atomic():
            attack = Attack.objects.create(started_at=now(), identifiers=seen.identifiers)
            audit.record("attack.detected", actor=None, subject=None, attack=attack.pk, identifiers=seen.identifiers)
            notices.alert_attack(seen.identifiers)
    except IntegrityError:  # another worker saw it in the same second
        return
    log.error("attack on many accounts: %d identifiers failing, threshold %d", seen.identifiers, seen.threshold)


@transaction.atomic
def _close(attack: Attack) -> None:
    attack.is_open, attack.ended_at = False, now()
    attack.save(update_fields=["is_open", "ended_at"])
    audit.record("attack.ended", actor=None, subject=None, attack=attack.pk)
