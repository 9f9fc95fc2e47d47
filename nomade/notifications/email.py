"""The e-mail that goes with a notification: says that something waits, and where; never what is private."""

from __future__ import annotations

import logging
import smtplib
import uuid
from collections.abc import Sequence
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils.translation import gettext as _

from nomade.accounts.models import NoticeChannel
from nomade.kernel.clock import now, today
from nomade.kernel.errors import Unavailable
from nomade.kernel.hosts import origin
from nomade.kernel.registry import mail_files
from nomade.notifications.models import EmailState, Notification
from nomade.notifications.topics import SECURITY, topic_of
from nomade.people.models import Agent

log = logging.getLogger(__name__)

LINK_SALT = "notifications.link"
LINK_AGE = timedelta(days=21)


def address_of(agent: Agent) -> str:
    """Where an agent is written to: the confirmed personal address when they chose it or when they never opened the
    professional mailbox, else the professional one, else the personal one, else nowhere. Who has left no longer reads
    the professional one.
    """
    confirmed = agent.personal_email if agent.personal_email_confirmed else ""
    if agent.exit_date is not None and agent.exit_date < today():
        return confirmed
    account = getattr(agent, "account", None)
    channel = account.notice_channel if account else ""
    never_opened = account is None or account.mailbox_opened_at is None
    if confirmed and (channel == NoticeChannel.EMAIL or (never_opened and not channel)):
        return confirmed
    return agent.mail_address or confirmed


def addresses_of(notification: Notification) -> list[str]:
    """Where one thing is told: a notice of security at every address of its agent, anything else where they read."""
    agent, usual = notification.agent, address_of(notification.agent)
    if topic_of(notification.kind) != SECURITY or not usual:
        return [usual] if usual else []
    here = agent.exit_date is None or agent.exit_date >= today()
    all_of_them = [usual, agent.mail_address if here else ""]
    all_of_them.append(agent.personal_email if agent.personal_email_confirmed else "")
    return list(dict.fromkeys(filter(None, all_of_them)))


@transaction.atomic
def send(notification_id: uuid.UUID) -> None:
    """Sends the e-mail of a notification, once. Raises Unavailable when the mail server does not take it now.

    The row is locked meanwhile, so that two workers never send the same one; its Message-ID is its own, so that a
    message taken by the server just before a crash is recognised when it is sent again.
    """
    notification = (
        Notification.objects.select_for_update(of=("self",))
        .select_related("agent__account")
        .filter(pk=notification_id, email_state=EmailState.WAITING)
        .first()
    )
    if notification is None:
        return
    states = [_post(notification.agent, [notification], address) for address in addresses_of(notification)]
    if not states:
        notification.email_state = EmailState.NO_ADDRESS
    else:
        notification.email_state = EmailState.SENT if EmailState.SENT in states else states[0]
    notification.emailed_at = now() if notification.email_state == EmailState.SENT else None
    notification.save(update_fields=["email_state", "emailed_at"])


@transaction.atomic
def send_digest(agent_id: int) -> int:
    """One e-mail for all that an agent wanted once a day; how many things it tells. Raises Unavailable."""
    rows = list(
        Notification.objects.select_for_update(of=("self",), skip_locked=True)
        .select_related("agent__account")
        .filter(agent=agent_id, email_state=EmailState.DIGEST)
        .order_by("created_at")
    )
    unread = [row for row in rows if row.read_at is None]
    address = address_of(rows[0].agent) if rows else ""
    state = EmailState.NOT_WANTED
    if unread:
        state = _post(unread[0].agent, unread, address) if address else EmailState.NO_ADDRESS
    sent_at = now() if state == EmailState.SENT else None
    Notification.objects.filter(pk__in=[row.pk for row in rows]).update(email_state=state, emailed_at=sent_at)
    return len(unread)


def _post(agent: Agent, told: Sequence[Notification], address: str) -> EmailState:
    message = EmailMessage(
        subject=_("Du nouveau sur votre portail Nomade"),
        body=_text(agent, told),
        to=[address],
        headers={
            "Message-ID": f"<{told[-1].pk}@{settings.NOMADE.mail_domain}>",
            "Auto-Submitted": "auto-generated",
        },
    )
    for one in told:
        for file in mail_files(one.kind, one.agent_id, one.url):
            message.attach(file.name, file.content, file.content_type)
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        codes = [code for code, _reason in error.recipients.values()]
        if all(code >= 500 for code in codes):
            log.warning("e-mail of notification %s refused for good: %s", told[-1].pk, codes)
            return EmailState.REFUSED
        raise Unavailable("smtp", _("Le serveur de courrier ne prend pas ce message pour l’instant.")) from error
    except (smtplib.SMTPException, OSError) as error:
        raise Unavailable("smtp", _("Le serveur de courrier ne répond pas.")) from error
    return EmailState.SENT


def _text(agent: Agent, told: Sequence[Notification]) -> str:
    lines = [notification.title.rstrip(".") + "." for notification in told]
    return _(
        "Bonjour %(first_name)s,\n\n"
        "%(lines)s\n\n"
        "Pour en savoir plus, ouvrez votre portail : %(address)s\n\n"
        "Ce message est envoyé automatiquement. Le portail ne vous demande jamais votre mot de passe par courriel.\n"
    ) % {
        "first_name": agent.first_name,
        "lines": "\n".join(lines if len(lines) == 1 else [f"- {line}" for line in lines]),
        "address": origin("portal") + (link_of(told[0]) if len(told) == 1 else "/"),
    }


def link_of(notification: Notification) -> str:
    """The path of an e-mail's link: signed, good for some weeks, for its agent alone. It shows; it never acts."""
    content = f"{notification.pk}:{notification.agent_id}"
    return f"/notifications/lettre/{signing.dumps(content, salt=LINK_SALT)}/"


def notification_of_link(agent: Agent, token: str) -> Notification | None:
    """What the link of an e-mail leads to, for the agent it was written to; None for anybody else, or too late."""
    try:
        content = signing.loads(token, salt=LINK_SALT, max_age=LINK_AGE)
    except signing.BadSignature:
        return None
    pk, _colon, agent_id = str(content).partition(":")
    if agent_id != str(agent.pk):
        return None
    return Notification.objects.filter(pk=pk, agent=agent).first()
