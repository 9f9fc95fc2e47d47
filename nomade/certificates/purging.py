"""The end of certificates: some months after they stopped saying something true. Writers, as `actions`.

Those of training prove a career: they stay as long as the personal file, whose end is elsewhere (80 years from birth).
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from nomade.cases.models import CaseState
from nomade.cases.purging import forget
from nomade.certificates.models import AT_ONCE as KINDS
from nomade.certificates.models import Certificate, CertificateRequest
from nomade.certificates.requests import CASE
from nomade.files import store
from nomade.kernel.months import add_months

# A statement of a reasonable size.
AT_ONCE = 200


def _old_papers(day: date) -> QuerySet[Certificate]:
    last = add_months(day, -settings.NOMADE.certificates_kept_months)
    return Certificate.objects.filter(kind__in=KINDS, valid_until__lt=last).order_by("pk")


def _old_requests(day: date) -> QuerySet[CertificateRequest]:
    """Answered or given up long ago; one that waits is never too old."""
    last = add_months(day, -settings.NOMADE.certificates_kept_months)
    return CertificateRequest.objects.exclude(state=CaseState.SUBMITTED).filter(answered_at__date__lt=last)


def due(day: date) -> int:
    """How many papers and requests would go."""
    return _old_papers(day).count() + _old_requests(day).count()


@transaction.atomic
def purge(day: date) -> int:
    """Deletes what is over, with its files; returns how many papers and requests. Safe to run twice."""
    count = 0
    while papers := list(_old_papers(day).select_related("file")[:AT_ONCE]):
        count += _remove(papers)
    while requests := list(_old_requests(day).select_related("file")[:AT_ONCE]):
        forget(CASE, [row.pk for row in requests])
        count += _remove(requests)
    return count


def _remove(rows: Sequence[Certificate | CertificateRequest]) -> int:
    for row in rows:
        row.delete()
        if row.file is not None:
            store.delete(row.file)
    return len(rows)
