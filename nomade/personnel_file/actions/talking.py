"""Messages about a change: the agent and the desk of its subject."""

from __future__ import annotations

import uuid

from django.urls import reverse
from django.utils.translation import gettext as _

from nomade.cases.exchanges import Exchange, still
from nomade.cases.models import CaseState
from nomade.people.models import Agent
from nomade.personnel_file.access_requests import desk_request, request_of, requests_of
from nomade.personnel_file.actions.changes import CASE
from nomade.personnel_file.actions.deciding import desk_url, nearest_officers, officers_of
from nomade.personnel_file.models import ChangeRequest, Subject
from nomade.personnel_file.subjects import DESK_NAMES, SPECS


class ChangeExchange(Exchange[ChangeRequest]):
    """What an agent writes is also what a desk waits for: its clock goes on."""

    kind = CASE
    topic = "file"
    step = "replied"
    rows = ChangeRequest.objects

    def load(self, agent: Agent, case_id: uuid.UUID) -> tuple[ChangeRequest, bool]:
        if requests_of(agent).filter(pk=case_id).exists():
            return request_of(agent, case_id), False
        return desk_request(agent, case_id), True

    def named(self, case: ChangeRequest) -> str:
        return case.answered_by.full_name if case.answered_by else self._desk(case)

    def told_of(self, case: ChangeRequest) -> list[Agent]:
        return still(case.answered_by, officers_of(case), nearest_officers(case))

    def waits(self, case: ChangeRequest) -> bool:
        return case.state == CaseState.SUBMITTED and not case.missing

    def address(self, case: ChangeRequest, *, handles: bool) -> str:
        if handles:
            return desk_url(case)
        return reverse("personnel_file:request", args=[case.pk], urlconf="nomade.config.urls.portal")

    def closed(self, case: ChangeRequest) -> str:
        return _("Cette demande est annulée : plus rien ne s’y écrit.") if case.state == CaseState.CANCELLED else ""

    def asks_agent(self, case: ChangeRequest) -> bool:
        return case.state == CaseState.SUBMITTED and case.missing != ""

    def readers(self, case: ChangeRequest) -> str:
        return _("Lu par : %(desk)s.") % {"desk": self._desk(case)}

    def replied(self, case: ChangeRequest) -> None:
        """What was asked for has come; a page of the desk that shows less decides nothing."""
        if case.state == CaseState.SUBMITTED:
            case.missing = ""
            case.version += 1
            case.save(update_fields=["missing", "version"])

    def _desk(self, case: ChangeRequest) -> str:
        return str(DESK_NAMES[SPECS[Subject(case.subject)].desk])


EXCHANGE = ChangeExchange()
