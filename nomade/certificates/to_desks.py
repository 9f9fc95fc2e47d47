"""What certificates tell a desk that spans services."""

from __future__ import annotations

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nomade.cases.desk import Agents, WaitingSource, of
from nomade.cases.models import CaseState
from nomade.certificates.models import CertificateRequest


def _rows(agents: Agents | None) -> QuerySet[CertificateRequest]:
    return CertificateRequest.objects.filter(of(agents), state=CaseState.SUBMITTED)


WAITING = WaitingSource(
    service="certificates",
    key="certificate",
    label=_("Attestation"),
    icon="badge-check",
    rows=_rows,
    address=lambda pk: reverse("certificates:answer", args=[pk]),
)
