"""Messages about a document that a person prepares."""

from __future__ import annotations

import uuid

from django.urls import reverse
from django.utils.translation import gettext as _

from nomade.cases.exchanges import Exchange, still
from nomade.cases.models import CaseState
from nomade.certificates.access import request_for, request_to_answer, requests_of
from nomade.certificates.models import CertificateRequest
from nomade.certificates.requests import CASE, desk_url, nearest_officers, officers_of
from nomade.people.models import Agent


class CertificateExchange(Exchange[CertificateRequest]):
    """The agent and the HR officers over them."""

    kind = CASE
    topic = "certificate"
    rows = CertificateRequest.objects

    def load(self, agent: Agent, case_id: uuid.UUID) -> tuple[CertificateRequest, bool]:
        if requests_of(agent).filter(pk=case_id).exists():
            return request_for(agent, case_id), False
        return request_to_answer(agent, case_id), True

    def named(self, case: CertificateRequest) -> str:
        return case.answered_by.full_name if case.answered_by else _("Service RH")

    def told_of(self, case: CertificateRequest) -> list[Agent]:
        return still(case.answered_by, officers_of(case), nearest_officers(case))

    def waits(self, case: CertificateRequest) -> bool:
        return case.state == CaseState.SUBMITTED

    def address(self, case: CertificateRequest, *, handles: bool) -> str:
        if handles:
            return desk_url(case)
        return reverse("certificates:request", args=[case.pk], urlconf="nomade.config.urls.portal")

    def readers(self, case: CertificateRequest) -> str:
        return _("Lu par le service RH.")


EXCHANGE = CertificateExchange()
