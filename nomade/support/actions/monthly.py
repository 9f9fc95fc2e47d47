"""The monthly list of what technicians did alone."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from nomade.kernel.clock import PARIS, today
from nomade.notifications.actions import notify
from nomade.support.actions.acts import authority
from nomade.support.queries import acts_done_alone


def last_month(day: date) -> tuple[datetime, datetime]:
    """From the first instant of the month before a day to the first instant of its month."""
    first = day.replace(day=1)
    before = (first - timedelta(days=1)).replace(day=1)
    return datetime.combine(before, time(), PARIS), datetime.combine(first, time(), PARIS)


@transaction.atomic
def tell_authority() -> int:
    """Tells the authority how many acts were done without a second technician last month; returns how many."""
    start, end = last_month(today())
    count = acts_done_alone(start, end).count()
    named = authority()
    if named is not None and count:
        notify(
            named,
            kind="support.monthly",
            title=_("Support : %(count)s actions sans second technicien le mois dernier") % {"count": count},
            url=reverse("support:delayed-list", urlconf="nomade.config.urls.portal"),
        )
    return count
