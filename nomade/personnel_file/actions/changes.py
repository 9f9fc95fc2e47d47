"""Requests with documents, as the agent sends them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from nomade.cases.drafts import discard_draft
from nomade.cases.idempotency import once
from nomade.cases.messages import say
from nomade.cases.models import CaseFile, CaseState
from nomade.cases.office_days import promised
from nomade.cases.references import new_reference
from nomade.cases.timeline import note
from nomade.files import store
from nomade.files.uploads import CheckedFile, keep_all
from nomade.kernel import audit
from nomade.kernel.clock import today
from nomade.kernel.errors import Refusal
from nomade.kernel.ids import new_id
from nomade.people.models import Agent
from nomade.personnel_file.models import ChangeRequest, Subject, WaitingPiece
from nomade.personnel_file.rules.pay import a_month_later
from nomade.personnel_file.secrets import sealed_request
from nomade.personnel_file.subjects import SPECS, before_of

CASE = "file"
STEPS = {
    "submitted": "Demande envoyée",
    "asked": "Une pièce est demandée",
    "replied": "Réponse de l’agent",
    "approved": "Changement accepté",
    "applied": "Changement inscrit au dossier",
    "refused": "Changement refusé",
    "cancelled": "Demande annulée",
}


def form_key(subject: Subject) -> str:
    """The name of a subject's draft."""
    return f"file.{subject.value}"


@transaction.atomic
def keep_pieces(agent: Agent, subject: Subject, files: Sequence[CheckedFile]) -> None:
    """Keeps the documents of a form that is not sent yet. Raises Refusal beyond the agent's share of storage."""
    stored = keep_all(files, owner=agent, kind=CASE)
    WaitingPiece.objects.bulk_create(WaitingPiece(agent=agent, form=form_key(subject), stored=one) for one in stored)


@transaction.atomic
def drop_piece(piece: WaitingPiece) -> None:
    """Takes a document out of a form."""
    stored = piece.stored
    piece.delete()
    store.delete(stored)


def submit(
    agent: Agent,
    subject: Subject,
    after: dict[str, str],
    *,
    effective_on: date,
    comment: str,
    token: str,
    http: HttpRequest | None = None,
) -> str:
    """Sends a request with the documents that wait in its form, once; returns its id. Raises Refusal."""

    def act() -> str:
        spec = SPECS[subject]
        Agent.objects.select_for_update().get(pk=agent.pk)
        pieces = list(WaitingPiece.objects.filter(agent=agent, form=form_key(subject)).select_related("stored"))
        if spec.piece_required and not pieces:
            raise Refusal(_("Joignez la pièce demandée : %(pieces)s") % {"pieces": spec.pieces}, field="pieces")
        _refuse_double(agent, subject)
        pk = new_id()
        request = ChangeRequest.objects.create(
            id=pk,
            reference=new_reference(),
            owner=agent,
            subject=subject,
            sealed=sealed_request(pk, agent.pk, before_of(agent, subject), after, comment),
            effective_on=effective_on,
            promised_on=promise(subject, today()),
        )
        if pieces:
            message = say(CASE, pk, author=agent, text=_("Pièces jointes à la demande."))
            CaseFile.objects.bulk_create(CaseFile(message=message, stored=piece.stored) for piece in pieces)
            WaitingPiece.objects.filter(pk__in=[piece.pk for piece in pieces]).delete()
        note(CASE, pk, "submitted", actor=agent)
        discard_draft(agent, form_key(subject))
        audit.record("file.asked", actor=agent.pk, subject=agent.pk, request=http, reference=request.reference)
        return str(pk)

    content = {"subject": subject, "after": after, "effective_on": effective_on, "comment": comment}
    return once(agent, token=token, form=form_key(subject), content=content, action=act).result


def _refuse_double(agent: Agent, subject: Subject) -> None:
    """Two addresses at once would leave the later answer to win; several children or titles are several requests."""
    if subject not in {Subject.ADDRESS, Subject.NAME, Subject.FAMILY, Subject.DISABILITY}:
        return
    waiting = ChangeRequest.objects.filter(owner=agent, subject=subject, state=CaseState.SUBMITTED).first()
    if waiting:
        message = _("Une demande semblable attend déjà une réponse (%(reference)s) : annulez-la ou complétez-la.")
        raise Refusal(message % {"reference": waiting.reference})


def promise(subject: Subject, day: date) -> date:
    """Working days for a desk; one month for a right that the law gives (RGPD art. 12.3)."""
    if subject == Subject.RECTIFICATION:
        return a_month_later(day)
    return promised(day, settings.NOMADE.file_answer_days)


@transaction.atomic
def cancel(request: ChangeRequest, *, by: Agent, http: HttpRequest | None = None) -> None:
    """The agent gives up. Raises Refusal once it is answered."""
    locked = ChangeRequest.objects.select_for_update().get(pk=request.pk)
    if locked.state != CaseState.SUBMITTED:
        raise Refusal(_("Cette demande a déjà reçu une réponse : elle ne peut plus être annulée."))
    locked.state, locked.missing = CaseState.CANCELLED, ""
    locked.version += 1
    locked.save(update_fields=["state", "missing", "version"])
    note(CASE, locked.pk, "cancelled", actor=by)
    audit.record("file.cancelled", actor=by.pk, subject=locked.owner_id, request=http, reference=locked.reference)
