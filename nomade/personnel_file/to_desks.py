"""What the personal file tells a desk that spans services."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nomade.cases.desk import Agents, ExpirySource, MissingSource, WaitingSource, of
from nomade.cases.models import CaseState
from nomade.people.roles import Role
from nomade.personnel_file.models import ChangeRequest, Title
from nomade.personnel_file.subjects import SPECS

# What the HR desk answers: a recognition is never named outside its own desk.
_HR = [subject for subject, spec in SPECS.items() if spec.desk == Role.HR_OFFICER]


def _rows(agents: Agents | None) -> QuerySet[ChangeRequest]:
    asked = ChangeRequest.objects.filter(state=CaseState.SUBMITTED, missing="", subject__in=_HR)
    return asked.filter(of(agents))


def _missing(agents: Agents | None) -> QuerySet[ChangeRequest]:
    asked = ChangeRequest.objects.filter(state=CaseState.SUBMITTED, subject__in=_HR).exclude(missing="")
    return asked.filter(of(agents))


def _expiries(agents: Agents | None, first: date, last: date) -> QuerySet[Title]:
    return Title.objects.filter(of(agents, "agent"), expires_on__range=(first, last))


WAITING = WaitingSource(
    service="personnel_file",
    key="file",
    label=_("Dossier"),
    icon="id-card",
    rows=_rows,
    address=lambda pk: reverse("personnel_file:decide", args=[pk]),
)
MISSING = MissingSource("personnel_file", _("pièce d’un changement de dossier"), "owner", _missing)
EXPIRY = ExpirySource("personnel_file", _("Permis ou titre"), "label", _expiries)
