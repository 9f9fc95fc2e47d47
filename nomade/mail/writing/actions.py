"""The only writers of letters on their way: kept, sent, sent again, given up."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from mailkit.mime import addresses, bodies
from mailkit.mime.compose import Attachment, new_message_id
from nomade.kernel import audit
from nomade.kernel.clock import now
from nomade.kernel.errors import Refusal
from nomade.mail.models import OutgoingAttachment, OutgoingMessage, OutgoingState, Written
from nomade.mail.writing.forms import LARGEST_LETTER
from nomade.people.models import Agent

MOST_FILES = 50
MOST_UNFINISHED = 200


@dataclass(frozen=True)
class Files:
    """What is attached: new files, and the identifiers of those already kept with the draft."""

    added: Sequence[Attachment] = ()
    kept: frozenset[uuid.UUID] = frozenset()


def token_of(raw: str) -> uuid.UUID:
    """The key of a form. Raises Refusal when it is none."""
    try:
        return uuid.UUID(raw)
    except ValueError:
        raise Refusal(_("Le formulaire est incomplet. Rechargez la page et recommencez.")) from None


@transaction.atomic
def keep_draft(agent: Agent, token: uuid.UUID, written: Written, files: Files) -> OutgoingMessage:
    """Keeps what was typed in a form that could not be sent. A letter that left stays as it is."""
    letter = _locked(agent, token)
    if letter.state == OutgoingState.DRAFT:
        _store(letter, written, files)
    return letter


@transaction.atomic
def send(
    agent: Agent, token: uuid.UUID, written: Written, files: Files, *, request: HttpRequest | None = None
) -> OutgoingMessage:
    """Hands a letter to the queue, once: the same form sent again gives back the first letter.

    Raises Refusal when the files are too many or too big, or when too many letters wait already.
    """
    letter = _locked(agent, token)
    if letter.state != OutgoingState.DRAFT:
        return letter
    if OutgoingMessage.objects.of(agent).unfinished().count() > MOST_UNFINISHED:
        raise Refusal(_("Trop de messages attendent déjà leur envoi. Supprimez ceux dont vous n’avez plus besoin."))
    _store(letter, written, files)
    _queue(letter)
    people = [*addresses.split_typed(written.to)[0], *addresses.split_typed(written.cc)[0]]
    audit.record("mail.sent", actor=agent.pk, subject=agent.pk, request=request, recipients=len(people))
    return letter


@transaction.atomic
def send_again(letter: OutgoingMessage) -> None:
    """Sends a doubtful letter once more, at the agent's wish, under the same Message-ID so that it shows as one."""
    letter = OutgoingMessage.objects.select_for_update().get(pk=letter.pk)
    if letter.state != OutgoingState.UNCERTAIN:
        raise Refusal(_("Ce message n’est plus à vérifier."))
    _queue(letter)


@transaction.atomic
def it_left(letter: OutgoingMessage) -> None:
    """The agent knows that a doubtful letter arrived: only its copy is still to be made."""
    letter = OutgoingMessage.objects.select_for_update().get(pk=letter.pk)
    if letter.state != OutgoingState.UNCERTAIN:
        raise Refusal(_("Ce message n’est plus à vérifier."))
    _queue(letter, state=OutgoingState.ACCEPTED)


@transaction.atomic
def reopen(letter: OutgoingMessage) -> OutgoingMessage:
    """Makes a refused letter a draft again, to be corrected: a new letter, with a Message-ID of its own."""
    letter = OutgoingMessage.objects.select_for_update().get(pk=letter.pk)
    if letter.state == OutgoingState.REFUSED:
        letter.state = OutgoingState.DRAFT
        letter.message_id = new_message_id(settings.NOMADE.mail_domain)
        letter.changed_at = now()
        letter.save(update_fields=["state", "message_id", "changed_at"])
    return letter


@transaction.atomic
def discard(letter: OutgoingMessage) -> None:
    """Forgets a draft, a refused or a doubtful letter. Raises Refusal for one that is leaving."""
    letter = OutgoingMessage.objects.select_for_update().get(pk=letter.pk)
    if letter.state not in (OutgoingState.DRAFT, OutgoingState.REFUSED, OutgoingState.UNCERTAIN):
        raise Refusal(_("Ce message est déjà parti, ou en train de partir."))
    letter.delete()


def _locked(agent: Agent, token: uuid.UUID) -> OutgoingMessage:
    """The letter of a form, made at its first sending; a second sending waits here for the first one's commit."""
    letter, _created = OutgoingMessage.objects.select_for_update().get_or_create(
        agent=agent, token=token, defaults={"message_id": new_message_id(settings.NOMADE.mail_domain)}
    )
    return letter


def _store(letter: OutgoingMessage, written: Written, files: Files) -> None:
    letter.attachments.exclude(pk__in=files.kept).delete()
    there = list(letter.attachments.all())
    total = sum(file.size for file in there) + sum(len(file.content) for file in files.added)
    if total > LARGEST_LETTER or len(there) + len(files.added) > MOST_FILES:
        raise Refusal(
            _("Les pièces jointes dépassent %(most)s Mo. Retirez-en, ou envoyez plusieurs messages.")
            % {"most": LARGEST_LETTER // 1_000_000},
            field="pieces",
        )
    letter.write(replace(written, text=bodies.text(written.text.encode(errors="replace"), "", "utf-8")))
    letter.changed_at = now()
    letter.save()
    OutgoingAttachment.objects.bulk_create(
        OutgoingAttachment.of(
            letter,
            bodies.file_name(file.name, kind=file.content_type, number=position),
            bodies.content_type(file.content_type),
            file.content,
            position,
        )
        for position, file in enumerate(files.added, start=len(there) + 1)
    )


def _queue(letter: OutgoingMessage, *, state: OutgoingState = OutgoingState.WAITING) -> None:
    from nomade.mail.tasks import deliver

    letter.state = state
    letter.set_problem("")
    letter.changed_at = now()
    letter.save(update_fields=["state", "sealed_problem", "changed_at"])
    # One job at a time for a letter, so that « sending » is only ever found by the successor of a dead one.
    deliver.configure(lock=f"mail.outgoing.{letter.pk}").defer(outgoing=str(letter.pk))
