"""What the personal file tells a desk that spans services."""

from __future__ import annotations

from datetime import date

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from nomade.cases.desk import Agents, ExpirySource, MissingSource, WaitingSource
from nomade.cases.models import CaseState
from nomade.people.roles import Role
from nomade.personnel_file.models import ChangeRequest, Title
from nomade.personnel_file.subjects import SPECS

# What the HR desk answers: a recognition is never named outside its own desk.
_HR = [subject for subject, spec in SPECS.items() if spec.desk == Role.HR_OFFICER]


def _rows(agents: Agents) -> QuerySet[ChangeRequest]:
    asked = ChangeRequest.objects.filter(state=CaseState.SUBMITTED, missing="", subject__in=_HR)
    return asked.filter(owner__in=agents.values("pk"))


def _missing(agents: Agents) -> QuerySet[ChangeRequest]:
    asked = ChangeRequest.objects.filter(state=CaseState.SUBMITTED, subject__in=_HR).exclude(missing="")
    return asked.filter(owner__in=agents.values("pk"))


def _expiries(agents: Agents, first: date, last: date) -> QuerySet[Title]:
    return Title.objects.filter(expires_on__range=(first, last), agent__in=agents.values("pk"))


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
