"""Answers that a click sends: to an invitation, to a request for a receipt. Composed, read back, then handed over."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage
from email.policy import SMTP

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from mailkit import ical
from mailkit.errors import MailError
from mailkit.imap import MessageRef, MessageView
from mailkit.mime import addresses, headers
from mailkit.mime.compose import new_message_id
from nomade.kernel import audit
from nomade.kernel.clock import now
from nomade.kernel.errors import Refusal, Unavailable
from nomade.mail import gateway
from nomade.mail.reading import answers
from nomade.mail.reading.answers import RECEIPT_MARK, RECEIPT_SENT, WORDS, mark_of
from nomade.mail.reading.extras import Extras
from nomade.people.models import Agent


@contextmanager
def one_at_a_time(agent: Agent, ref: MessageRef) -> Iterator[MessageView]:
    """The message as the server has it now; a button pressed twice waits here, then finds what the first press marked.

    Raises Http404, Unavailable.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        name = f"nomade.mail.reply {agent.pk} {ref.folder} {ref.uidvalidity} {ref.uid}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [name])
        yield gateway.visit(agent, lambda session: session.opened(ref)[0])


def answer_invitation(agent: Agent, view: MessageView, around: Extras, choice: str) -> str:
    """Tells the organiser; what was said, in words. Raises Refusal, Unavailable."""
    invitation = around.invitation
    if invitation is None or not invitation.asks or choice not in WORDS or invitation.organizer is None:
        raise Refusal(_("Cette invitation n’attend pas de réponse."))
    organizer = invitation.organizer.email
    if not addresses.is_valid(organizer):
        raise Refusal(_("L’adresse de l’organisateur n’est pas valable : la réponse ne peut pas partir."))
    status, word = WORDS[choice]
    if around.answer == choice:
        raise Refusal(_("Vous avez déjà répondu à cette invitation : %(word)s.") % {"word": word.lower()})
    message = _message(agent, organizer, f"{word} : {invitation.summary}", in_reply_to=view.message_id)
    message.set_content(f"{agent.full_name} : {word}.\n")
    calendar = ical.reply(
        invitation,
        email=agent.mail_address,
        name=agent.full_name,
        answer=status,  # type: ignore[arg-type]
        at=now(),
    )
    message.add_alternative(calendar, subtype="calendar", params={"method": "REPLY"})
    _send(agent, organizer, message)
    answers.remember(agent, view, "invitation", choice)
    others = tuple(mark_of(each) for each in WORDS if each != choice)
    _mark(agent, view, add=(mark_of(choice),), remove=others)
    audit.record("mail.invitation", actor=agent.pk, subject=agent.pk, answer=choice)
    return _("Votre réponse est partie à l’organisateur : %(word)s.") % {"word": word.lower()}


def send_receipt(agent: Agent, view: MessageView, around: Extras) -> str:
    """Tells the sender that the message was read (RFC 8098), once. Raises Refusal, Unavailable."""
    recipient = around.receipt_to
    if not recipient:
        raise Refusal(_("Aucun accusé de lecture n’est demandé, ou il a déjà été envoyé."))
    message = _message(agent, recipient, _("Lu : %(subject)s") % {"subject": view.subject}, in_reply_to=view.message_id)
    message["Auto-Submitted"] = "auto-replied"
    message.set_content(
        _("Le message « %(subject)s » a été affiché. Cela ne dit pas qu’il a été lu en entier.\n")
        % {"subject": view.subject}
    )
    report = EmailMessage()
    lines = [
        f"Reporting-UA: {settings.NOMADE.webmail_host}; Nomade",
        f"Final-Recipient: rfc822;{agent.mail_address}",
        *([f"Original-Message-ID: {headers.clean(view.message_id)}"] if view.message_id else []),
        "Disposition: manual-action/MDN-sent-manually; displayed",
    ]
    report.set_content("\r\n".join(lines) + "\r\n", subtype="plain")
    report.replace_header("Content-Type", "message/disposition-notification")
    message.make_mixed()
    message.replace_header("Content-Type", 'multipart/report; report-type="disposition-notification"')
    message.attach(report)
    _send(agent, recipient, message)
    answers.remember(agent, view, "receipt", RECEIPT_SENT)
    _mark(agent, view, add=(RECEIPT_MARK,))
    return _("L’accusé de lecture est parti.")


def _mark(agent: Agent, view: MessageView, *, add: tuple[str, ...], remove: tuple[str, ...] = ()) -> None:
    try:
        gateway.run(agent, lambda session: session.flag([view.ref], add=add, remove=remove))
    except MailError as error:
        # A poor server keeps no keyword: other programs will not know, ours does.
        gateway.log.info("mail answer not marked: %s", error)


def _message(agent: Agent, recipient: str, subject: str, *, in_reply_to: str) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    message["From"] = agent.mail_address
    message["To"] = recipient
    message["Subject"] = headers.clean(subject)[:300]
    message["Date"] = now()
    message["Message-ID"] = new_message_id(settings.NOMADE.mail_domain)
    if in_reply_to:
        message["In-Reply-To"] = in_reply_to
    return message


def _send(agent: Agent, recipient: str, message: EmailMessage) -> None:
    try:
        gateway.hand_over(agent, recipients=(recipient,), message=message.as_bytes())
    except MailError as error:
        if error.key in ("refused", "recipients_refused") and not error.retry:
            told = _("Le serveur d’envoi a refusé votre réponse. Il a dit : %(words)s")
            raise Refusal(told % {"words": error.detail}) from error
        if error.key != "uncertain":
            raise gateway.translated(error) from error
        words = _(
            "Le serveur d’envoi n’a pas dit s’il avait pris votre réponse. Demandez à %(recipient)s s’il l’a reçue "
            "avant de recommencer."
        )
        raise Unavailable("mail", words % {"recipient": recipient}, retry=False) from error
