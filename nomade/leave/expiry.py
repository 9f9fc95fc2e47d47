"""Days about to be lost: who is told, when, and the proof of it."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, timedelta

from django.db import connection, transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from nomade.kernel import audit
from nomade.kernel.clock import today
from nomade.leave.facts import current_law
from nomade.leave.models import Counter, CounterKind, ExpiryNotice
from nomade.leave.rules.validity import ANNUAL, CARRIED, CARRIED_FAMILY, CARRIED_HEALTH, RTT, SPLIT
from nomade.leave.wording import day_phrase
from nomade.notifications.actions import notify_many
from nomade.ui.filters import days

# Rights of which losing days matters; days for a sick child are no reserve.
WARNED = (ANNUAL, RTT, SPLIT, CARRIED, CARRIED_HEALTH, CARRIED_FAMILY)
BATCH = 2000


def warn_of_expiry() -> int:
    """Tells each agent, once a threshold (90 and 30 days before), what they are about to lose; returns how many.

    CE 17-10-2025 n° 495899: rights lapse only if the employer informed the agent precisely and in time. The words sent
    are kept. May run at any time: a notice already sent is not sent again, a missed night is caught up.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext('leave.warn_of_expiry'))")
        thresholds = sorted(int(number) for number in current_law().table("notice.days_before", today()))
        labels = dict(CounterKind.objects.values_list("code", "label"))
        sent = 0
        for threshold, above in zip(thresholds, [-1, *thresholds], strict=False):
            sent += _warn(threshold, above, labels)
        if sent:
            audit.record("leave.expiry_notices", actor=None, subject=None, notices=sent)
        return sent


def _warn(threshold: int, above: int, labels: dict[str, str]) -> int:
    """The counters that expire in more than `above` days and within `threshold`, without their notice yet."""
    day = today()
    told = ExpiryNotice.objects.filter(counter=OuterRef("pk"), expires_on=OuterRef("expires_on"), days_before=threshold)
    waiting = (
        Counter.objects.filter(
            ~Exists(told),
            code__in=WARNED,
            half_days__gt=0,
            expires_on__gt=day + timedelta(days=above),
            expires_on__lte=day + timedelta(days=threshold),
        )
        .select_related("agent")
        .order_by("pk")
    )
    groups: dict[tuple[str, int, date], list[Counter]] = defaultdict(list)
    count = 0
    for counter in waiting.iterator(chunk_size=BATCH):
        assert counter.expires_on is not None
        groups[counter.code, counter.half_days, counter.expires_on].append(counter)
        count += 1
    for (code, half_days, expires_on), counters in groups.items():
        title = _("%(days)s à prendre jusqu’au %(day)s") % {"days": days(half_days), "day": day_phrase(expires_on)}
        body = _("%(label)s : il vous reste %(days)s, perdus s’ils ne sont pas pris le %(day)s au plus tard.") % {
            "label": labels.get(code, code),
            "days": days(half_days),
            "day": day_phrase(expires_on),
        }
        address = reverse("leave:index", urlconf="nomade.config.urls.portal")
        notify_many([c.agent for c in counters], kind="leave.expiring", title=title, body=body, url=address)
        ExpiryNotice.objects.bulk_create(
            [
                ExpiryNotice(
                    counter=counter, days_before=threshold, expires_on=expires_on, half_days=half_days, text=body
                )
                for counter in counters
            ],
            batch_size=BATCH,
        )
    return count
