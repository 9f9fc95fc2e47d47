"""Certificates that need a person: asking, delivering, refusing. Writers, as `actions`."""

from __future__ import annotations

from datetime import date

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from nomade.cases.chasing import remind_then_escalate
from nomade.cases.idempotency import once
from nomade.cases.models import CaseState
from nomade.cases.office_days import promised
from nomade.cases.references import new_reference
from nomade.cases.timeline import note
from nomade.certificates.models import CertificateRequest, HumanKind
from nomade.files import store
from nomade.files.uploads import CheckedFile
from nomade.kernel import audit
from nomade.kernel.clock import now, today
from nomade.kernel.errors import Refusal
from nomade.notifications.actions import notify
from nomade.people.access import holders_over
from nomade.people.models import Agent
from nomade.people.roles import Role

CASE = "certificate"
STEPS = {
    "submitted": "Demande envoyée",
    "delivered": "Document remis",
    "refused": "Demande refusée",
    "cancelled": "Demande annulée",
}


def ask(agent: Agent, kind: HumanKind, *, comment: str, token: str, request: HttpRequest | None = None) -> str:
    """Sends a request, once whatever the number of taps; returns its id. Raises `Refusal`."""

    def act() -> str:
        if CertificateRequest.objects.filter(owner=agent, kind=kind, state=CaseState.SUBMITTED).exists():
            raise Refusal(_("Vous avez déjà demandé ce document : la réponse est en préparation."))
        asked = CertificateRequest.objects.create(
            reference=new_reference(), owner=agent, kind=kind, comment=comment, promised_on=promise(today())
        )
        note(CASE, asked.pk, "submitted", actor=agent, detail=comment)
        audit.record("certificate.asked", actor=agent.pk, subject=agent.pk, request=request, reference=asked.reference)
        return str(asked.pk)

    content = {"kind": kind, "comment": comment}
    return once(agent, token=token, form="certificates.ask", content=content, action=act).result


def promise(day: date) -> date:
    """The day by which an answer is promised: so many working days from `day`."""
    return promised(day, settings.NOMADE.certificate_request_days)


@transaction.atomic
def deliver(
    asked: CertificateRequest, file: CheckedFile, *, by: Agent, version: int, request: HttpRequest | None = None
) -> None:
    """Gives the document. Raises `Refusal` when somebody answered meanwhile."""
    locked = _waiting(asked, version)
    locked.file = store.put(
        file.content,
        owner=locked.owner,
        kind="certificate",
        name=file.name,
        content_type=file.kind.content_type,
        awaiting_scan=file.awaiting_scan,
    )
    _answer(locked, CaseState.APPROVED, "delivered", by=by, answer="", request=request)
    _tell(locked, _("Votre document est prêt : %(kind)s") % {"kind": locked.get_kind_display()})


@transaction.atomic
def refuse(
    asked: CertificateRequest, *, reason: str, by: Agent, version: int, request: HttpRequest | None = None
) -> None:
    """Says no, with a reason. Raises `Refusal` without one, or when somebody answered meanwhile."""
    if not reason.strip():
        raise Refusal(_("Écrivez le motif du refus : l’agent le lira."), field="reason")
    locked = _waiting(asked, version)
    _answer(locked, CaseState.REFUSED, "refused", by=by, answer=reason.strip(), request=request)
    _tell(locked, _("Votre demande est refusée : %(kind)s") % {"kind": locked.get_kind_display()})


@transaction.atomic
def cancel(asked: CertificateRequest, *, by: Agent, request: HttpRequest | None = None) -> None:
    """The agent no longer needs it. Raises `Refusal` once it was answered."""
    locked = _waiting(asked, asked.version)
    _answer(locked, CaseState.CANCELLED, "cancelled", by=by, answer="", request=request)


def chase() -> int:
    """Reminds the nearest office before the promised day, tells all once it is past; how many."""
    return remind_then_escalate(
        CertificateRequest.objects.filter(state=CaseState.SUBMITTED),
        CASE,
        day=today(),
        nearest=nearest_officers,
        everybody=officers_of,
        notice="certificate.",
        url=desk_url,
    )


def officers_of(asked: CertificateRequest) -> list[Agent]:
    """Who may answer a request today, the nearest first; never its owner."""
    return holders_over(asked.owner, Role.HR_OFFICER)


def nearest_officers(asked: CertificateRequest) -> list[Agent]:
    """Those of them who answer every day."""
    return holders_over(asked.owner, Role.HR_OFFICER, nearest=True)


def desk_url(asked: CertificateRequest) -> str:
    """Its page, for who answers it."""
    return reverse("certificates:answer", args=[asked.pk], urlconf="nomade.config.urls.portal")


def _waiting(asked: CertificateRequest, version: int) -> CertificateRequest:
    locked = CertificateRequest.objects.select_for_update(of=("self",)).select_related("owner").get(pk=asked.pk)
    if locked.state != CaseState.SUBMITTED or locked.version != version:
        raise Refusal(_("Cette demande a déjà reçu une réponse. Rechargez la page pour la lire."))
    return locked


def _answer(
    locked: CertificateRequest, state: CaseState, event: str, *, by: Agent, answer: str, request: HttpRequest | None
) -> None:
    locked.state, locked.answer, locked.answered_by, locked.answered_at = state, answer, by, now()
    locked.version += 1
    locked.save()
    note(CASE, locked.pk, event, actor=by, detail=answer)
    audit.record(
        f"certificate.{event}", actor=by.pk, subject=locked.owner_id, request=request, reference=locked.reference
    )


def _tell(locked: CertificateRequest, title: str) -> None:
    notify(
        locked.owner, kind="certificate.answered", title=title, url=reverse("certificates:request", args=[locked.pk])
    )
