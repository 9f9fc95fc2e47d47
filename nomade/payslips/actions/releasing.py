"""Making a batch visible, and taking it back: by a second person, at a time, with a reason."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from nomade.kernel import audit
from nomade.kernel.clock import PARIS, now
from nomade.kernel.errors import Refusal
from nomade.notifications.actions import notify, notify_many
from nomade.payslips.models import BatchState, Payslip, PayslipBatch
from nomade.payslips.rules import may_release, notice_time
from nomade.payslips.words import month_label
from nomade.people.access import holders_of
from nomade.people.models import Agent
from nomade.people.roles import Role


@transaction.atomic
def publish_batch(
    batch: PayslipBatch,
    *,
    at: datetime | None,
    by: Agent | None,
    notify: bool = True,
    request: HttpRequest | None = None,
) -> PayslipBatch:
    """Makes a whole batch visible at once or at its time. Raises `Refusal` when it is not ready."""
    locked = PayslipBatch.objects.select_for_update().get(pk=batch.pk)
    if locked.state != BatchState.READY:
        raise Refusal(
            _("Ce lot n’attend pas de publication : il est %(state)s.") % {"state": locked.get_state_display()}
        )
    locked.state = BatchState.PUBLISHED
    locked.published_at = max(at, now()) if at else now()
    locked.publish_at = at
    locked.released_by = by
    locked.notified_at = None if notify else now()
    locked.save(update_fields=["state", "published_at", "publish_at", "released_by", "notified_at"])
    audit.record(
        "payslips.published",
        actor=by.pk if by else None,
        subject=None,
        request=request,
        batch=str(locked.pk),
        slips=locked.payslips.count(),
        at=str(locked.published_at),
    )
    if notify:
        from nomade.payslips.tasks import announce

        announce.configure(schedule_at=notice_time(locked.published_at, PARIS)).defer(batch=str(locked.pk))
    return locked


def release_batch(
    batch: PayslipBatch, *, by: Agent, at: datetime | None, request: HttpRequest | None = None
) -> PayslipBatch:
    """A pay officer releases a batch: a second person at once, the same one after the delay if the setting allows.

    Raises `Refusal`.
    """
    delay = timedelta(hours=settings.NOMADE.pay_release_delay_hours)
    alone = batch.imported_by_id == by.pk
    refusal = may_release(alone=alone, second_person=settings.NOMADE.pay_release == "second")
    if refusal:
        raise Refusal(refusal)
    earliest = now() + delay if alone else None
    if earliest and (at is None or at < earliest):
        at = earliest
    with transaction.atomic():
        released = publish_batch(batch, at=at, by=by, request=request)
        if alone:
            _warn_of_delay(released, by)
    return released


def _warn_of_delay(batch: PayslipBatch, by: Agent) -> None:
    """Where nobody else can read the batch over, those who could stop it are told, and have the delay to do it."""
    body = _("%(name)s l’a importé et le publie sans second regard. Il peut être rappelé jusque-là.") % {
        "name": by.full_name
    }
    _tell_the_others(_planned_title(batch), body, but=by)


def warn_of_command(batch: PayslipBatch) -> None:
    """A batch released from the command line had no second reader of the portal: those who can recall it are told."""
    assert batch.published_at is not None
    seen = batch.published_at <= now()
    title = _("Un lot de bulletins a été publié sur le serveur") if seen else _planned_title(batch)
    body = _("Il vient de la ligne de commande, fichier %(name)s. S’il n’était pas attendu, rappelez-le.") % {
        "name": batch.source_name
    }
    _tell_the_others(title, body)


def _planned_title(batch: PayslipBatch) -> str:
    assert batch.published_at is not None
    day = batch.published_at.astimezone(PARIS).strftime("%d/%m à %H:%M")
    return _("Un lot de bulletins sera publié le %(day)s") % {"day": day}


def _tell_the_others(title: str, body: str, *, but: Agent | None = None) -> None:
    told = holders_of(Role.PAY_OFFICER, Role.ADMINISTRATOR)
    others = told.exclude(pk=but.pk) if but else told
    notify_many(others, kind="payslip.release_planned", title=title, body=body, url=reverse("payslips:office"))


@transaction.atomic
def recall_batch(batch: PayslipBatch, *, by: Agent, reason: str, request: HttpRequest | None = None) -> None:
    """Takes a batch back with a reason; those who could see their slip are told. Raises `Refusal`."""
    locked = PayslipBatch.objects.select_for_update().get(pk=batch.pk)
    if locked.state not in {BatchState.READY, BatchState.PUBLISHED}:
        raise Refusal(_("Ce lot ne peut pas être rappelé : il est %(state)s.") % {"state": locked.get_state_display()})
    seen = locked.state == BatchState.PUBLISHED and locked.published_at is not None and locked.published_at <= now()
    locked.state = BatchState.RECALLED
    locked.recalled_at, locked.recalled_by, locked.recall_reason = now(), by, reason
    locked.save(update_fields=["state", "recalled_at", "recalled_by", "recall_reason"])
    audit.record(
        "payslips.recalled", actor=by.pk, subject=None, request=request, batch=str(locked.pk), reason=reason, seen=seen
    )
    if seen:
        mine = Payslip.objects.filter(batch=locked, agent=OuterRef("pk"), recalled_at__isnull=True)
        notify_many(
            Agent.objects.filter(Exists(mine)),
            kind="payslip.recalled",
            title=_recalled_title(locked),
            body=reason,
            url=reverse("payslips:index"),
        )


def _recalled_title(batch: PayslipBatch) -> str:
    if batch.period is None:
        return _("Des bulletins de paie ont été retirés")
    return _("Votre bulletin de paie %(month)s a été retiré") % {"month": month_label(batch.period, of=True)}


@transaction.atomic
def recall_payslip(slip: Payslip, *, by: Agent, reason: str, request: HttpRequest | None = None) -> None:
    """Takes one slip back with a reason; its owner is told if it was visible. Raises `Refusal`."""
    locked = Payslip.objects.select_for_update(of=("self",)).select_related("batch", "agent").get(pk=slip.pk)
    if locked.recalled_at:
        raise Refusal(_("Ce bulletin a déjà été rappelé."))
    seen = Payslip.objects.visible(now()).filter(pk=locked.pk).exists()
    locked.recalled_at, locked.recalled_by, locked.recall_reason = now(), by, reason
    locked.save(update_fields=["recalled_at", "recalled_by", "recall_reason"])
    audit.record(
        "payslip.recalled", actor=by.pk, subject=locked.agent_id, request=request, payslip=str(locked.pk), reason=reason
    )
    if seen:
        title = _("Votre bulletin de paie %(month)s a été retiré") % {"month": month_label(locked.period, of=True)}
        notify(locked.agent, kind="payslip.recalled", title=title, body=reason, url=reverse("payslips:index"))


@transaction.atomic
def announce_batch(batch_id: UUID) -> int:
    """Tells each agent of a released batch, once; returns how many were told. No amount, ever."""
    batch = PayslipBatch.objects.select_for_update().get(pk=batch_id)
    if batch.notified_at or batch.state != BatchState.PUBLISHED:
        return 0
    told = batch.payslips.filter(agent=OuterRef("pk"), recalled_at__isnull=True)
    agents = list(Agent.objects.filter(Exists(told)))
    if batch.period:
        title = f"Votre bulletin de paie {month_label(batch.period, of=True)} est disponible"
    else:
        title = "De nouveaux bulletins de paie sont disponibles"
    notify_many(agents, kind="payslip.published", title=title, url=reverse("payslips:index"))
    batch.notified_at = now()
    batch.save(update_fields=["notified_at"])
    return len(agents)
