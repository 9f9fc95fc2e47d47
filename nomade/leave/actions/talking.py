"""Messages about an absence: the agent, who answers, who stands in for them, human resources."""

from __future__ import annotations

import uuid

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from nomade.cases.exchanges import Exchange
from nomade.cases.models import CaseState
from nomade.kernel.clock import now
from nomade.leave.access import KIND, deciders_at_step, request_for
from nomade.leave.actions.telling import tell_deciders
from nomade.leave.models import LeaveRequest
from nomade.leave.rules.circuits import HR, SECOND, SUPERVISOR
from nomade.people.access import holders_over
from nomade.people.models import Agent
from nomade.people.roles import Role

REMINDER = gettext_lazy("Rappel : %(name)s attend votre réponse pour une absence %(period)s")
STEP_NAMES = {
    SUPERVISOR: gettext_lazy("Responsable hiérarchique"),
    SECOND: gettext_lazy("Responsable du responsable"),
    HR: gettext_lazy("Service RH"),
}


class LeaveExchange(Exchange[LeaveRequest]):
    """Nobody keeps a note here: what a supervisor thinks of an absence is written in the answer."""

    kind = KIND
    topic = "leave"
    notes = False
    rows = LeaveRequest.objects.select_related("leave_type")

    def load(self, agent: Agent, case_id: uuid.UUID) -> tuple[LeaveRequest, bool]:
        found = request_for(agent, case_id)
        return found, found.owner_id != agent.pk

    def named(self, case: LeaveRequest) -> str:
        if case.decided_by is not None:
            return case.decided_by.full_name
        return str(STEP_NAMES.get(case.waits_for, STEP_NAMES[SUPERVISOR]))

    def told_of(self, case: LeaveRequest) -> list[Agent]:
        named = [] if case.waits_for == HR else deciders_at_step(case)
        return named or holders_over(case.owner, Role.HR_OFFICER, nearest=True)

    def waits(self, case: LeaveRequest) -> bool:
        return case.state == CaseState.SUBMITTED

    def address(self, case: LeaveRequest, *, handles: bool) -> str:
        return case.get_absolute_url()

    def readers(self, case: LeaveRequest) -> str:
        return _("Lu par votre responsable et par le service RH : n’y joignez aucun document médical.")

    def recalled(self, case: LeaveRequest) -> None:
        """The morning's reminder is not sent on top of it."""
        case.reminded_at = now()
        case.save(update_fields=["reminded_at"])
        tell_deciders(case, "leave.reminder", str(REMINDER))


EXCHANGE = LeaveExchange()
