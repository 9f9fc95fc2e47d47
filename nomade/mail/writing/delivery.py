"""From the queue to the server, then into « Envoyés »: two steps, each of which may be tried again safely.

Acceptance is never asked twice without the agent's word: what may already have left becomes « à vérifier ». The copy is
looked for by its Message-ID before it is made.
"""

from __future__ import annotations

import logging
import uuid
from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from mailkit.errors import MailError
from mailkit.imap import MessageRef, Session
from mailkit.mime import addresses
from mailkit.mime.addresses import Address
from mailkit.mime.compose import MESSAGE, Attachment, Letter, Redirection, compose, redirect
from nomade.kernel.clock import now
from nomade.kernel.errors import Unavailable
from nomade.kernel.hosts import URLCONFS
from nomade.mail import gateway, shared
from nomade.mail.contacts import correspondents
from nomade.mail.models import ON_THE_WAY, OutgoingMessage, OutgoingState, Written
from nomade.mail.writing import drafts, letters
from nomade.mail.writing.choices import identity_of
from nomade.notifications.actions import notify

log = logging.getLogger("nomade.mail")
GIVE_UP_AFTER = timedelta(days=3)
KEPT_WHEN_SENT = timedelta(days=7)


def deliver(identifier: uuid.UUID) -> None:
    """Takes a letter as far as it goes. Raises Unavailable to be called again later.

    The caller sees to it that only one call at a time concerns a letter (the job's lock).
    """
    letter = OutgoingMessage.objects.select_related("agent").filter(pk=identifier).first()
    if letter is None:
        return
    if letter.state == OutgoingState.SENDING:
        # The process that held it died between the server's yes and our note of it, or before: nobody can tell.
        _finish(letter, OutgoingState.UNCERTAIN, _("L’envoi a été interrompu au moment de la remise."))
        return
    if letter.state == OutgoingState.WAITING and letter.leaves_at and letter.leaves_at > now():
        # Taken back and sent again since this job was queued, or a clock that is a little ahead of ours.
        drafts.deliver_at(letter, letter.leaves_at)
        return
    if letter.state == OutgoingState.WAITING:
        _submit(letter)
    if letter.state == OutgoingState.ACCEPTED:
        _copy(letter)


def _submit(letter: OutgoingMessage) -> None:
    try:
        recipients, message = _parcel(letter)
    except MailError as error:
        log.warning("mail outgoing=%s %s", letter.pk, error)
        _finish(letter, OutgoingState.REFUSED, _("Le message n’a pas pu être mis en forme."))
        return
    if not _granted(letter) or not _claim(letter):
        return
    try:
        receipt = gateway.hand_over(letter.agent, recipients=recipients, message=message)
    except MailError as error:
        _failed(letter, error)
        return
    except BaseException:
        # Nothing was handed over for certain only when the error says so; a bug of ours says nothing.
        _finish(letter, OutgoingState.UNCERTAIN, _("L’envoi a été interrompu au moment de la remise."))
        raise
    if receipt.refused:
        refused = "; ".join(f"{recipient} : {words}" for recipient, words in receipt.refused.items())
        letter.set_problem(_("Le message est parti, sauf pour : %(refused)s") % {"refused": refused[:1500]})
        _tell(letter, _("Un de vos messages n’a pas pu être remis à tous ses destinataires"))
    _note(letter, OutgoingState.ACCEPTED)


def _parcel(letter: OutgoingMessage) -> tuple[tuple[str, ...], bytes]:
    """To whom, and what. Raises MailError."""
    if letter.written().is_redirection:
        sent = _redirection(letter)
        return sent.recipients, redirect(sent)
    composed = letter_of(letter)
    return composed.recipients, compose(composed)


def _granted(letter: OutgoingMessage) -> bool:
    """Whether it may still leave in the name of the shared mailbox it bears, if it bears one. Raises Unavailable."""
    address = shared.address_in(letter.written().identity)
    if not address:
        return True
    try:
        found = gateway.run(letter.agent, lambda session: shared.granted(session, address))
    except MailError as error:
        if now() - letter.created_at <= GIVE_UP_AFTER:
            raise Unavailable("imap", gateway.sentence(error)) from error
        found = None
    if found is None:
        words = _("La messagerie ne vous donne pas, ou plus, le droit d’écrire au nom de %(address)s.")
        _finish(letter, OutgoingState.REFUSED, words % {"address": address})
    return found is not None


def _claim(letter: OutgoingMessage) -> bool:
    """Takes the letter out of its author's hands; False when they took it back at this very moment."""
    letter.attempts += 1
    letter.state = OutgoingState.SENDING
    letter.changed_at = now()
    waiting = OutgoingMessage.objects.filter(pk=letter.pk, state=OutgoingState.WAITING)
    return bool(waiting.update(state=letter.state, attempts=letter.attempts, changed_at=letter.changed_at))


def _failed(letter: OutgoingMessage, error: MailError) -> None:
    log.warning("mail outgoing=%s attempt=%s %s", letter.pk, letter.attempts, error)
    if error.key == "uncertain":
        _finish(letter, OutgoingState.UNCERTAIN, _("Le serveur n’a pas dit s’il avait pris le message."))
        return
    if not error.retry:
        _finish(letter, OutgoingState.REFUSED, error.detail or error.key)
        return
    if now() - letter.created_at > GIVE_UP_AFTER:
        _finish(letter, OutgoingState.REFUSED, _("Le serveur d’envoi n’a pas répondu pendant trois jours."))
        return
    if error.key == "secret_needed" and letter.attempts == 1:
        _tell(letter, _("Un de vos messages attend\u00a0: ouvrez votre messagerie pour qu’il parte"))
    _note(letter, OutgoingState.WAITING)
    raise Unavailable("smtp", gateway.sentence(error)) from error


def _copy(letter: OutgoingMessage) -> None:
    try:
        gateway.run(letter.agent, lambda session: _copy_once(session, letter), again=False)
    except MailError as error:
        log.warning("mail outgoing=%s copy %s", letter.pk, error)
        late = now() - letter.created_at > GIVE_UP_AFTER
        if late or error.key == "over_quota":
            _copy_waits(letter, full=error.key == "over_quota")
        if late:
            # It left, and its text stays here: the agent says when to try again.
            return
        raise Unavailable("imap", gateway.sentence(error)) from error
    if letter.problem in (_no_room(), _no_copy()):
        letter.set_problem("")
    _mark_original(letter)
    letter.attachments.all().delete()
    # What the list of sent letters shows for a week; the text is in the mailbox and nowhere else.
    written = letter.written()
    letter.write(Written(to=written.to, cc=written.cc, subject=written.subject))
    _note(letter, OutgoingState.SENT, "sealed")


def _no_room() -> str:
    return _("Le message est parti. Votre boîte est pleine : videz la corbeille, et sa copie ira dans « Envoyés ».")


def _no_copy() -> str:
    return _("Le message est parti, mais la messagerie n’a pas rangé sa copie dans « Envoyés ».")


def _copy_waits(letter: OutgoingMessage, *, full: bool) -> None:
    """Said once, and not over what the server said of its recipients."""
    if letter.problem:
        return
    letter.set_problem(_no_room() if full else _no_copy())
    _note(letter, OutgoingState.ACCEPTED)
    _tell(letter, _("Un de vos messages est parti, mais sa copie n’est pas rangée"))


def _copy_once(session: Session, letter: OutgoingMessage) -> None:
    written = letter.written()
    box = shared.granted(session, shared.address_in(written.identity)) if written.identity else None
    # What leaves in the name of a shared mailbox is kept there, where its other readers find it, if one may.
    sent = session.folder_of("sent", near=box.inbox if box else "").name
    if not session.find_message_id(sent, letter.message_id, resent=written.is_redirection):
        copy = redirect(_redirection(letter)) if written.is_redirection else compose(letter_of(letter), with_bcc=True)
        session.append(sent, copy)
    drafts.remove_copies(session, letter.message_id)
    replaced = letters.original_of(written.replaces)
    if replaced is not None:
        _remove_replaced(session, letter, replaced)


def _remove_replaced(session: Session, letter: OutgoingMessage, ref: MessageRef) -> None:
    """The draft of another program that this letter continued; it may be gone by now, which harms nobody."""
    try:
        session.destroy([ref])
    except MailError as error:
        if error.broken:
            raise
        log.info("mail outgoing=%s replaced draft not removed: %s", letter.pk, error)


def _mark_original(letter: OutgoingMessage) -> None:
    """« Répondu » or « transféré » on the original. It may be gone by now, which harms nobody."""
    answers = letter.written().answers
    ref = letters.original_of(answers)
    kind = answers.get("kind")
    if ref is None or kind == "new":
        return
    mark = "\\Answered" if kind in ("reply", "reply-all") else "$Forwarded"
    try:
        gateway.run(letter.agent, lambda session: session.flag([ref], add=(mark,)))
    except MailError as error:
        log.info("mail outgoing=%s original not marked: %s", letter.pk, error)


def letter_of(letter: OutgoingMessage) -> Letter:
    """What is to be composed, the same at each attempt: Message-ID and date are the row's."""
    written: Written = letter.written()
    identity = identity_of(letter.agent, written.identity)
    own = Address(letter.agent.full_name, letter.agent.mail_address)
    return Letter(
        message_id=letter.message_id,
        sender=Address(identity.name, identity.shared_address or own.email),
        written_by=own if identity.shared_address else None,
        to=_people(written.to),
        cc=_people(written.cc),
        bcc=_people(written.bcc),
        reply_to=_people(identity.reply_to),
        subject=written.subject,
        text=written.text,
        html=written.html,
        importance=written.importance,  # type: ignore[arg-type]  # checked by the form, then by `compose`
        receipt=written.receipt,
        sent_at=letter.leaves_at or letter.created_at,
        in_reply_to=written.in_reply_to,
        references=tuple(written.references),
        attachments=tuple(
            Attachment(file.name, file.content_type, file.content(), file.content_id)
            for file in letter.attachments.all()
            # A picture that was removed from the text does not travel.
            if not (file.content_id and written.html and f"cid:{file.content_id}" not in written.html)
        ),
    )


def _redirection(letter: OutgoingMessage) -> Redirection:
    original = letter.attachments.filter(content_type=MESSAGE).first()
    if original is None:
        raise MailError("not_composable", "the message to redirect is missing")
    return Redirection(
        message_id=letter.message_id,
        sender=Address(letter.agent.full_name, letter.agent.mail_address),
        to=_people(letter.written().to),
        sent_at=letter.leaves_at or letter.created_at,
        original=original.content(),
    )


def _people(typed: str) -> tuple[Address, ...]:
    return tuple(addresses.split_typed(typed)[0])


def _note(letter: OutgoingMessage, state: OutgoingState, *also: str) -> None:
    letter.state = state
    letter.changed_at = now()
    letter.save(update_fields=["state", "changed_at", "sealed_problem", *also])
    if letter.state not in ON_THE_WAY and not OutgoingMessage.objects.of(letter.agent).on_the_way().exists():
        gateway.release_key(letter.agent)


def _finish(letter: OutgoingMessage, state: OutgoingState, words: str) -> None:
    """A letter that only the agent can help now: kept whole, and told."""
    letter.set_problem(words[:2000])
    _note(letter, state)
    title = (
        _("Un de vos messages n’a pas été accepté")
        if state == OutgoingState.REFUSED
        else _("Vérifiez si un de vos messages est parti")
    )
    _tell(letter, title)


def _tell(letter: OutgoingMessage, title: str) -> None:
    url = reverse("mail:outgoing", urlconf=URLCONFS["portal"])
    # No e-mail: the mail server is precisely what may be failing.
    notify(letter.agent, kind="mail.outgoing", title=title, url=url, email=False)


def purge() -> int:
    """Forgets the traces of letters that left, drafts that nobody touched for long, and past correspondents."""
    kept = timedelta(days=settings.NOMADE.mail_draft_days)
    gone = OutgoingMessage.objects.filter(state=OutgoingState.SENT, changed_at__lt=now() - KEPT_WHEN_SENT)
    old = OutgoingMessage.objects.filter(state=OutgoingState.DRAFT, changed_at__lt=now() - kept)
    return int(gone.delete()[0]) + int(old.delete()[0]) + correspondents.purge()
