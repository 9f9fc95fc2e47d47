"""Requests outside the catalogue: sending, deciding, giving up."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from nomade.cases.idempotency import once
from nomade.cases.references import new_reference
from nomade.cases.timeline import note
from nomade.files.uploads import CheckedFile, keep_all
from nomade.kernel import audit
from nomade.kernel.clock import now, today
from nomade.kernel.errors import Refusal
from nomade.notifications.actions import notify, notify_many
from nomade.people.access import deciders_for
from nomade.people.models import Agent
from nomade.training.circuits import circuit_of_kind
from nomade.training.history import opinion_is_missing
from nomade.training.models import CourseKind, OutsideKind, OutsideRequest, OutsideState
from nomade.training.rules.circuits import answer_before

CASE = "training-outside"
STEPS = {
    "asked": "Demande envoyée",
    "endorsed": "Avis favorable du responsable",
    "approved": "Demande acceptée",
    "refused": "Demande refusée",
    "cancelled": "Demande annulée",
}


@dataclass(frozen=True)
class Project:
    """What the agent fills in: nature, calendar, financing and project (CGFP L.422-11)."""

    kind: str
    course_kind: str
    title: str
    organism: str
    link: str
    first_day: date
    last_day: date
    hours: Decimal
    cost: Decimal
    project: str
    financing: str = ""


def ask(
    agent: Agent, wanted: Project, files: list[CheckedFile], *, token: str, request: HttpRequest | None = None
) -> str:
    """Sends a request, once; returns its id. Raises `Refusal`."""

    def act() -> str:
        asked = OutsideRequest.objects.create(
            reference=new_reference(),
            owner=agent,
            quote=next(iter(keep_all(files, owner=agent, kind="training-quote")), None),
            promised_on=_promise(wanted),
            **vars(wanted),
        )
        note(CASE, asked.pk, "asked", actor=agent)
        _record("outside_asked", asked, agent, request)
        notify_many(
            deciders_for(agent),
            kind="training.to_decide",
            title=_("Une demande de formation attend votre avis"),
            url=reverse("training:decide-outside", args=[asked.pk]),
        )
        return str(asked.pk)

    content = {**vars(wanted), "files": [file.name for file in files]}
    return once(agent, token=token, form="training.outside", content=content, action=act).result


def _promise(wanted: Project) -> date:
    """What the circuit promises, within two months for the personal account."""
    is_account = wanted.kind == OutsideKind.CPF
    kind = CourseKind.CPF.value if is_account else wanted.course_kind
    row = circuit_of_kind(kind, wanted.cost, wanted.hours)
    return answer_before(today(), row, is_account=is_account)


def hours_in(text: str) -> Decimal | None:
    """The hours granted, as somebody typed them; None when left empty. Raises `Refusal` for no number."""
    if not text.strip():
        return None
    try:
        found = Decimal(text)
    except InvalidOperation:
        found = Decimal(-1)
    if not found.is_finite() or found < 0:
        raise Refusal(_("Les heures accordées doivent être un nombre."), field="cpf_hours")
    return found


def nature_of(asked: OutsideRequest) -> str:
    """The kind under which refusals are counted."""
    return CourseKind.CPF.value if asked.kind == OutsideKind.CPF else asked.course_kind


@transaction.atomic
def approve(
    asked: OutsideRequest,
    *,
    by: Agent,
    version: int,
    cpf_hours: Decimal | None = None,
    request: HttpRequest | None = None,
) -> OutsideRequest:
    """The favourable opinion, then the acceptance. Raises `Refusal` when it moved meanwhile."""
    found = _waiting(asked, by, version)
    if found.state == OutsideState.SUBMITTED:
        found.state = OutsideState.ENDORSED
        found.version += 1
        found.save(update_fields=["state", "version"])
        note(CASE, found.pk, "endorsed", actor=by)
        _record("outside_endorsed", found, by, request)
        return found
    if cpf_hours is not None and cpf_hours > found.hours:
        message = _("Les heures accordées dépassent la durée de la formation.")
        raise Refusal(message, field="cpf_hours")
    found.cpf_hours = cpf_hours
    _close(found, OutsideState.APPROVED, "approved", by=by, request=request)
    return found


@transaction.atomic
def refuse(
    asked: OutsideRequest,
    *,
    reason: str,
    rule: str,
    opinion_on: date | None,
    by: Agent,
    version: int,
    request: HttpRequest | None = None,
) -> None:
    """Says no, with the reason and the rule. Raises `Refusal`, also when the opinion of the CAP must come first."""
    if not reason.strip():
        raise Refusal(_("Écrivez le motif du refus : l’agent le lira."), field="reason")
    found = _waiting(asked, by, version)
    if opinion_is_missing(found.owner, nature_of(found), opinion_on):
        message = _(
            "Des demandes de même nature ont déjà été refusées à cet agent : ce refus demande d’abord l’avis de la"
            " commission administrative paritaire. Indiquez la date de cet avis."
        )
        raise Refusal(message, field="opinion_on")
    found.refusal, found.refusal_rule, found.opinion_on = reason.strip(), rule.strip(), opinion_on
    _close(found, OutsideState.REFUSED, "refused", by=by, request=request)


@transaction.atomic
def cancel(asked: OutsideRequest, *, by: Agent, request: HttpRequest | None = None) -> None:
    """The agent gives it up. Raises `Refusal` once it was answered."""
    found = OutsideRequest.objects.select_for_update(of=("self",)).select_related("owner").get(pk=asked.pk)
    if found.state not in {OutsideState.SUBMITTED, OutsideState.ENDORSED}:
        raise Refusal(_("Cette demande a déjà reçu une réponse."))
    _close(found, OutsideState.CANCELLED, "cancelled", by=by, request=request)


def _waiting(asked: OutsideRequest, by: Agent, version: int) -> OutsideRequest:
    found = OutsideRequest.objects.select_for_update(of=("self",)).select_related("owner").get(pk=asked.pk)
    if found.owner_id == by.pk:
        raise Refusal(_("Personne ne décide pour soi-même."))
    if found.state not in {OutsideState.SUBMITTED, OutsideState.ENDORSED} or found.version != version:
        raise Refusal(_("Cette demande a changé : rechargez la page pour la relire."))
    return found


def _close(found: OutsideRequest, state: OutsideState, event: str, *, by: Agent, request: HttpRequest | None) -> None:
    found.state, found.decided_by, found.decided_at = state, by, now()
    found.version += 1
    found.save()
    note(CASE, found.pk, event, actor=by, detail=found.refusal)
    _record(f"outside_{event}", found, by, request)
    if by.pk != found.owner_id:
        title = _("Votre demande de formation a reçu une réponse")
        page = reverse("training:outside-request", args=[found.pk])
        notify(found.owner, kind="training.answered", title=title, url=page)


def _record(event: str, asked: OutsideRequest, by: Agent, request: HttpRequest | None) -> None:
    audit.record(f"training.{event}", actor=by.pk, subject=asked.owner_id, request=request, reference=asked.reference)
