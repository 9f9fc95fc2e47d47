"""Writing what a line of a slip means: a new version from a month on, the former stays for the slips before."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Max
from django.http import HttpRequest

from nomade.kernel import audit
from nomade.kernel.clock import now
from nomade.payslips.explanations import start_of
from nomade.payslips.models import LineText, month_of
from nomade.people.models import Agent


@transaction.atomic
def explain_line(label: str, text: str, *, valid_from: date, by: Agent, request: HttpRequest | None = None) -> LineText:
    """Explains every line whose label begins so; an empty text explains it no longer."""
    start = start_of(label)
    last = LineText.objects.filter(start=start).aggregate(last=Max("version"))["last"] or 0
    made = LineText.objects.create(
        start=start,
        label=label.strip(),
        text=text.strip(),
        valid_from=month_of(valid_from),
        version=last + 1,
        created_by=by,
        created_at=now(),
    )
    audit.record(
        "payslips.line_explained",
        actor=by.pk,
        subject=None,
        request=request,
        line=made.label,
        version=made.version,
        valid_from=f"{made.valid_from:%Y-%m}",
    )
    return made
