"""Periodic jobs of the accounts."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db.models import F
from procrastinate.contrib.django import app

from nomade.accounts.channel.tasks import send_address_link  # noqa: F401  # the worker reads this module
from nomade.accounts.lockout import detector
from nomade.accounts.mailkeys import actions as mailkeys
from nomade.accounts.models import (
    Bucket,
    Challenge,
    DeviceCode,
    EndReason,
    Handover,
    HeldForm,
    Recovery,
    RecoveryCode,
    Session,
    Source,
    SpentProof,
    Watch,
)
from nomade.kernel.clock import now, today

COUNTED = timedelta(hours=25)


@app.periodic(cron="17 * * * *")
@app.task(queueing_lock="accounts.forget_ended_sessions")
def forget_ended_sessions(timestamp: int) -> None:
    """Deletes what has ended: sessions that « Mes appareils » shows no more, tickets, challenges, forms kept aside."""
    present = now()
    gone = Session.objects.filter(account__agent__exit_date__lt=today())
    # The next request of who has left ends their sessions anyway; « Mes appareils » need not wait for it.
    gone.filter(started_at__date__lte=F("account__agent__exit_date")).end(EndReason.EXIT)
    Session.objects.filter(account__isnull=True, expire_date__lt=present).delete()
    Session.objects.filter(expire_date__lt=present - timedelta(days=settings.NOMADE.session_history_days)).delete()
    Handover.objects.filter(expires_at__lt=present).delete()
    Challenge.objects.filter(expires_at__lt=present).delete()
    HeldForm.objects.filter(expires_at__lt=present).delete()
    Recovery.objects.filter(expires_at__lt=present - timedelta(days=1)).delete()
    RecoveryCode.objects.filter(expires_at__lt=present).delete()


@app.periodic(cron="*/5 * * * *")
@app.task(queueing_lock="accounts.forget_mail_keys", pass_context=False)
def forget_mail_keys(timestamp: int) -> None:
    """Deletes the keys of mailboxes whose sign-in ended by itself."""
    mailkeys.forget_abandoned()


@app.periodic(cron="*/1 * * * *")
@app.task(queueing_lock="accounts.watch_failures")
def watch_failures(timestamp: int) -> None:
    """Looks each minute whether many accounts are being tried."""
    detector.watch()


@app.periodic(cron="47 * * * *")
@app.task(queueing_lock="accounts.forget_failures")
def forget_failures(timestamp: int) -> None:
    """Deletes counters that count nothing any more, addresses among them."""
    present = now()
    Bucket.objects.filter(last_try_at__lt=present - COUNTED).exclude(blocked_until__gt=present).delete()
    Source.objects.filter(started_at__lt=present - COUNTED).delete()
    SpentProof.objects.filter(expires_at__lt=present).delete()
    DeviceCode.objects.filter(expires_at__lt=present).delete()
    Watch.objects.filter(at__lt=present - COUNTED).delete()
