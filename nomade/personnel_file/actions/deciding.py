"""Requests with documents, as their desk answers them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from nomade.cases.chasing import ESCALATED, pursue
from nomade.cases.messages import say
from nomade.cases.models import CaseState
from nomade.cases.office_days import due_soon
from nomade.cases.timeline import note
from nomade.kernel import audit
from nomade.kernel.clock import now, today
from nomade.kernel.errors import Refusal
from nomade.notifications.actions import notify, notify_many
from nomade.people.access import holders_over
from nomade.people.models import Agent
from nomade.personnel_file.actions.applying import apply_change
from nomade.personnel_file.actions.changes import CASE
from nomade.personnel_file.models import ChangeRequest, Subject
from nomade.personnel_file.rules.pay import pay_month
from nomade.personnel_file.subjects import SPECS
from nomade.ui.filters import short_date

# Days of a rectification on which its desk is reminded, the last one being its due day (security G6).
REMINDED_BEFORE = (5, 0)


@transaction.atomic
def approve(
    request: ChangeRequest, *, effective_on: date, by: Agent, version: int, http: HttpRequest | None = None
) -> None:
    """Accepts a change from a day on; it is written in the file now, or on that day. Raises Refusal."""
    locked = _waiting(request, version, by)
    locked.effective_on = effective_on
    if SPECS[Subject(locked.subject)].changes_pay:
        locked.pay_month = pay_month(today(), effective_on, settings.NOMADE.file_pay_cutoff_day)
    _answer(locked, CaseState.APPROVED, "approved", by=by, answer="", http=http)
    if effective_on <= today():
        apply_change(locked, by=by)
    _tell(locked, _("Votre changement est accepté : %(subject)s"))


@transaction.atomic
def refuse(request: ChangeRequest, *, reason: str, by: Agent, version: int, http: HttpRequest | None = None) -> None:
    """Says no, with a reason that the agent reads. Raises Refusal without one."""
    if not reason.strip():
        raise Refusal(_("Écrivez le motif du refus : l’agent le lira."), field="reason")
    locked = _waiting(request, version, by)
    _answer(locked, CaseState.REFUSED, "refused", by=by, answer=reason.strip(), http=http)
    _tell(locked, _("Votre changement est refusé : %(subject)s"))


@transaction.atomic
def ask_document(
    request: ChangeRequest, *, missing: str, by: Agent, version: int, http: HttpRequest | None = None
) -> None:
    """Asks for one more document; the request waits for the agent. Raises Refusal when it does not say which."""
    if not missing.strip():
        raise Refusal(_("Écrivez quelle pièce il manque : l’agent le lira."), field="missing")
    locked = _waiting(request, version, by)
    locked.missing = missing.strip()
    locked.version += 1
    locked.save(update_fields=["missing", "version"])
    say(CASE, locked.pk, author=by, text=_("Pièce demandée : %(missing)s") % {"missing": locked.missing})
    note(CASE, locked.pk, "asked", actor=by, detail=locked.missing)
    audit.record("file.document_asked", actor=by.pk, subject=locked.owner_id, request=http, reference=locked.reference)
    _tell(locked, _("Une pièce vous est demandée : %(subject)s"))


def approve_many(
    requests: Iterable[tuple[ChangeRequest, int]], *, by: Agent, http: HttpRequest | None = None
) -> tuple[int, list[str]]:
    """Accepts several, each from the day it asks for; how many went through, and a sentence for each other one."""
    done, refused = 0, []
    for request, version in requests:
        try:
            approve(request, effective_on=request.effective_on, by=by, version=version, http=http)
        except Refusal as refusal:
            refused.append(f"{request.reference}\N{NO-BREAK SPACE}: {refusal.message}")
        else:
            done += 1
    return done, refused


@transaction.atomic
def apply_due() -> int:
    """Writes in the files the accepted changes whose day has come; returns how many. Run every morning."""
    due = ChangeRequest.objects.select_for_update(of=("self",)).select_related("owner", "answered_by")
    waiting = list(due.filter(state=CaseState.APPROVED, applied_at__isnull=True, effective_on__lte=today()))
    for request in waiting:
        apply_change(request, by=request.answered_by)
    return len(waiting)


@transaction.atomic
def remind_desks() -> int:
    """Tells each desk of what has no answer; returns of how many requests.

    A rectification on day 25 and on its last day, others the working day before the promised one. What waits for the
    agent is not late.
    """
    told = 0
    waiting = ChangeRequest.objects.select_for_update(of=("self",)).select_related("owner")
    for request in waiting.filter(state=CaseState.SUBMITTED, missing="", reminders__lt=len(REMINDED_BEFORE)):
        due = _due_reminders(request)
        if due <= request.reminders:
            continue
        request.reminders = due
        request.save(update_fields=["reminders"])
        note(CASE, request.pk, "reminded", actor=None)
        assert request.promised_on is not None
        title = _("Demande %(reference)s sans réponse, promise pour le %(day)s")
        notify_many(
            nearest_officers(request),
            kind="file.request_due",
            title=title % {"reference": request.reference, "day": short_date(request.promised_on)},
            url=desk_url(request),
        )
        told += 1
    return told


def _due_reminders(request: ChangeRequest) -> int:
    if request.promised_on is None:
        return 0
    if request.subject == Subject.RECTIFICATION:
        return sum(today() >= request.promised_on - timedelta(days=before) for before in REMINDED_BEFORE)
    return int(due_soon(today()) >= request.promised_on)


def chase() -> int:
    """Tells everybody who holds a desk over the agent of what is past its promise, once; how many.

    What waits for the agent is not late.
    """
    late = ChangeRequest.objects.filter(state=CaseState.SUBMITTED, missing="", promised_on__lt=today())
    return pursue(
        late.select_related("owner"),
        CASE,
        ESCALATED,
        told=officers_of,
        notice="file.request_late",
        title=lambda request: _("%(reference)s est en retard") % {"reference": request.reference},
        url=desk_url,
    )


def officers_of(request: ChangeRequest) -> list[Agent]:
    """Who holds the desk of a request over its owner today; never the owner."""
    return holders_over(request.owner, SPECS[Subject(request.subject)].desk)


def nearest_officers(request: ChangeRequest) -> list[Agent]:
    """Those of them who answer every day."""
    return holders_over(request.owner, SPECS[Subject(request.subject)].desk, nearest=True)


def _waiting(request: ChangeRequest, version: int, by: Agent) -> ChangeRequest:
    locked = ChangeRequest.objects.select_for_update(of=("self",)).select_related("owner").get(pk=request.pk)
    if locked.owner_id == by.pk:
        raise Refusal(_("Nul ne traite sa propre demande : laissez-la à un collègue."))
    if locked.state != CaseState.SUBMITTED:
        name = locked.answered_by.full_name if locked.answered_by else locked.owner.full_name
        raise Refusal(_("Cette demande a déjà été traitée par %(name)s.") % {"name": name})
    if locked.version != version:
        raise Refusal(_("Cette demande a changé entre-temps : relisez-la avant de répondre."))
    return locked


def _answer(
    locked: ChangeRequest, state: CaseState, event: str, *, by: Agent, answer: str, http: HttpRequest | None
) -> None:
    locked.state, locked.answer, locked.answered_by, locked.answered_at = state, answer, by, now()
    locked.missing = ""
    locked.version += 1
    locked.save()
    note(CASE, locked.pk, event, actor=by, detail=answer)
    audit.record(f"file.{event}", actor=by.pk, subject=locked.owner_id, request=http, reference=locked.reference)


def _tell(locked: ChangeRequest, title: str) -> None:
    # The subject of a recognition is told to nobody else, not even in the title of a message.
    secret = locked.subject == Subject.DISABILITY
    words = locked.reference if secret else locked.get_subject_display()
    notify(
        locked.owner,
        kind="file.answered",
        title=title % {"subject": words},
        url=reverse("personnel_file:request", args=[locked.pk], urlconf="nomade.config.urls.portal"),
    )


def desk_url(request: ChangeRequest) -> str:
    """Its page, for its desk."""
    return reverse("personnel_file:decide", args=[request.pk], urlconf="nomade.config.urls.portal")
