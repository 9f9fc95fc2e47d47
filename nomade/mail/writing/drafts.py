"""A draft lives here, sealed; a copy of it lies in the mailbox's Drafts, for the other programs of the agent."""

from __future__ import annotations

import uuid
from datetime import datetime

from django.db import transaction
from procrastinate.contrib.django.models import ProcrastinateJob
from procrastinate.exceptions import AlreadyEnqueued

from mailkit.errors import MailError
from mailkit.imap import MessageRef, Session
from mailkit.mime.compose import compose
from nomade.kernel.clock import now
from nomade.kernel.errors import Unavailable
from nomade.mail import gateway
from nomade.mail.models import OutgoingMessage, OutgoingState
from nomade.people.models import Agent

# Each few seconds of change, not each key.
MIRROR_SECONDS = 4


def mirror_soon(letter: OutgoingMessage) -> None:
    """Queues the copy of a draft, once for several changes."""
    from nomade.mail.tasks import mirror_draft

    queueing_lock = f"mail.mirror.{letter.pk}"
    if ProcrastinateJob.objects.filter(queueing_lock=queueing_lock, status="todo").exists():
        # The job that waits will find this change too.
        return
    job = mirror_draft.configure(
        # Not the lock of the delivery: a mailbox that does not answer must hold back no letter.
        lock=f"mail.draft.{letter.pk}",
        queueing_lock=queueing_lock,
        schedule_in={"seconds": MIRROR_SECONDS},
    )
    try:
        with transaction.atomic():
            job.defer(outgoing=str(letter.pk))
    except AlreadyEnqueued:
        # Another keeping was faster by a moment.
        return


def unmirror_soon(letter: OutgoingMessage) -> None:
    """Queues the removal of the copy of a draft that is given up."""
    from nomade.mail.tasks import forget_draft

    if letter.mirrored:
        forget_draft.defer(agent=letter.agent_id, message_id=letter.message_id)


def deliver_at(letter: OutgoingMessage, moment: datetime | None) -> None:
    """Queues the delivery of a letter, now or when it is no longer held."""
    from nomade.mail.tasks import deliver

    # One job at a time for a letter, so that « sending » is only ever found by the successor of a dead one. A job that
    # is due now must not wait for one that is due later: it goes first.
    later = moment if moment is not None and moment > now() else None
    job = deliver.configure(lock=f"mail.outgoing.{letter.pk}", schedule_at=later, priority=0 if later else 1)
    job.defer(outgoing=str(letter.pk))


def mirror(identifier: uuid.UUID) -> None:
    """Puts the newest state of a draft in Drafts, then removes the older ones. Raises Unavailable.

    In this order a crash leaves one copy too many, never one too few; the next passage removes it.
    """
    from nomade.mail.writing.delivery import letter_of

    letter = OutgoingMessage.objects.select_related("agent").filter(pk=identifier).first()
    if letter is None or letter.state != OutgoingState.DRAFT or letter.mirrored == letter.revision:
        return
    revision = letter.revision
    written = letter.written()
    if written.is_redirection:
        return
    message = compose(letter_of(letter), with_bcc=True, draft=True)

    def work(session: Session) -> None:
        folder = session.folder_of("drafts").name
        old = refs_of(session, folder, letter.message_id)
        session.append(folder, message, flags=("\\Draft", "\\Seen"))
        if old:
            session.destroy(old)

    try:
        gateway.run(letter.agent, work, again=False)
    except MailError as error:
        raise Unavailable("imap", gateway.sentence(error)) from error
    OutgoingMessage.objects.filter(pk=letter.pk).update(mirrored=revision)


def forget(agent: Agent, message_id: str) -> None:
    """Removes the copy of a draft from Drafts. Raises Unavailable."""

    def work(session: Session) -> None:
        remove_copies(session, message_id)

    try:
        gateway.run(agent, work, again=False)
    except MailError as error:
        raise Unavailable("imap", gateway.sentence(error)) from error


def remove_copies(session: Session, message_id: str) -> None:
    """Removes every copy of a draft."""
    found = refs_of(session, session.folder_of("drafts").name, message_id)
    if found:
        session.destroy(found)


def refs_of(session: Session, folder: str, message_id: str) -> list[MessageRef]:
    """The messages of a folder that bear this Message-ID."""
    uids = session.find_message_id(folder, message_id)
    state = session.wire.selected
    return [MessageRef(folder, state[1], uid) for uid in uids] if state else []
