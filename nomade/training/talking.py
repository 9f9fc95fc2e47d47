"""Messages about a request of training: the agent, the supervisor or who stands in, the training office."""

from __future__ import annotations

import uuid
from typing import TypeVar

from django.urls import reverse
from django.utils.translation import gettext as _

from nomade.cases.exchanges import Exchange, still
from nomade.people.access import deciders_for, holders_over
from nomade.people.models import Agent
from nomade.people.roles import Role
from nomade.training import access
from nomade.training.actions import outside
from nomade.training.actions.reminders import WAITING, deciders_of
from nomade.training.actions.seats import CASE
from nomade.training.models import Enrolment, EnrolmentState, OutsideRequest

PORTAL = "nomade.config.urls.portal"
C = TypeVar("C", Enrolment, OutsideRequest)


class TrainingExchange(Exchange[C]):
    """What enrolments and requests outside the catalogue have in common."""

    topic = "training"
    # Its page for its agent, and for who decides.
    pages: tuple[str, str]

    def named(self, case: C) -> str:
        if case.decided_by is not None:
            return case.decided_by.full_name
        return _("Service formation") if case.state == EnrolmentState.ENDORSED else _("Responsable hiérarchique")

    def told_of(self, case: C) -> list[Agent]:
        if self.waits(case) and (deciders := deciders_of(case.owner, case.state)):
            return deciders
        able = [*deciders_for(case.owner), *holders_over(case.owner, Role.TRAINING_OFFICER)]
        nearest = holders_over(case.owner, Role.TRAINING_OFFICER, nearest=True)
        return still(case.decided_by, able, nearest) or holders_over(case.owner, Role.HR_OFFICER, nearest=True)

    def waits(self, case: C) -> bool:
        return case.state in WAITING

    def address(self, case: C, *, handles: bool) -> str:
        return reverse(self.pages[handles], args=[case.pk], urlconf=PORTAL)

    def readers(self, case: C) -> str:
        return _("Lu par votre responsable, le service formation et le service RH.")


class EnrolmentExchange(TrainingExchange[Enrolment]):
    """A session of the catalogue."""

    kind = CASE
    rows = Enrolment.objects
    pages = ("training:enrolment", "training:decide")

    def load(self, agent: Agent, case_id: uuid.UUID) -> tuple[Enrolment, bool]:
        if access.enrolments_of(agent).filter(pk=case_id).exists():
            return access.enrolment_of(agent, case_id), False
        return access.enrolment_to_read(agent, case_id), True


class OutsideExchange(TrainingExchange[OutsideRequest]):
    """A training that the catalogue does not have."""

    kind = outside.CASE
    rows = OutsideRequest.objects
    pages = ("training:outside-request", "training:decide-outside")

    def load(self, agent: Agent, case_id: uuid.UUID) -> tuple[OutsideRequest, bool]:
        if access.outside_of(agent).filter(pk=case_id).exists():
            return access.outside_request_of(agent, case_id), False
        return access.outside_request_to_read(agent, case_id), True


ENROLMENTS = EnrolmentExchange()
OUTSIDE = OutsideExchange()
