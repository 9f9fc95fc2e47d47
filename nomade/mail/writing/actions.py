"""The only writers of letters on their way: kept, sent, taken back, sent again, given up."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _

from mailkit.html.clean import clean
from mailkit.html.plain import from_letter
from mailkit.mime import addresses, bodies
from mailkit.mime.compose import Attachment, is_content_id, new_message_id
from nomade.kernel import audit
from nomade.kernel.clock import now
from nomade.kernel.errors import Refusal
from nomade.mail import gateway, shared
from nomade.mail.contacts import correspondents
from nomade.mail.models import OutgoingAttachment, OutgoingMessage, OutgoingState, Written
from nomade.mail.writing import drafts
from nomade.mail.writing.choices import largest_letter, preferences_of, undo_seconds
from nomade.mail.writing.forms import too_heavy
from nomade.people.models import Agent

MOST_FILES = 50
# As long as a letter is tried (`delivery.GIVE_UP_AFTER`), and one night more.
KEY_HELD_FOR = timedelta(days=3, hours=12)
MOST_UNFINISHED = 200


@dataclass(frozen=True)
class Files:
    """What is attached: new files, and those already kept with the draft (all of them when `kept` is None)."""

    added: Sequence[Attachment] = ()
    kept: frozenset[uuid.UUID] | None = None


class Stale(Refusal):
    """The draft was changed elsewhere since this page read it."""


def token_of(raw: str) -> uuid.UUID:
    """The key of a form. Raises Refusal when it is none."""
    try:
        return uuid.UUID(raw)
    except ValueError:
        raise Refusal(_("Le formulaire est incomplet. Rechargez la page et recommencez.")) from None


@transaction.atomic
def keep_draft(
    agent: Agent, token: uuid.UUID, written: Written, files: Files, *, revision: int | None = None
) -> OutgoingMessage:
    """Keeps what was typed. A letter that left stays as it is.

    Raises Stale when the draft is further than `revision`, Refusal when its files are too heavy or drafts too many.
    """
    letter = _locked(agent, token)
    if letter.state == OutgoingState.DRAFT:
        _not_stale(letter, revision)
        if not letter.revision:
            _room_for_one_more(agent)
        _store(letter, written, files)
        drafts.mirror_soon(letter)
    return letter


@transaction.atomic
def send(
    agent: Agent,
    token: uuid.UUID,
    written: Written,
    files: Files,
    *,
    revision: int | None = None,
    request: HttpRequest | None = None,
) -> OutgoingMessage:
    """Hands a letter to the queue, once: the same form sent again gives back the first letter.

    It is held for the time that the agent chose, and may be taken back until then. Raises Refusal when the files are
    too many or too big, or when too many letters wait already; Stale as `keep_draft` does.
    """
    letter = _locked(agent, token)
    if letter.state != OutgoingState.DRAFT:
        return letter
    _not_stale(letter, revision)
    _room_for_one_more(agent)
    _store(letter, written, files)
    _queue(letter, leaves_at=now() + timedelta(seconds=undo_seconds(preferences_of(agent))))
    people = [person for field in (written.to, written.cc, written.bcc) for person in addresses.split_typed(field)[0]]
    correspondents.remember(agent, people)
    audit.record(
        "mail.sent",
        actor=agent.pk,
        subject=agent.pk,
        request=request,
        recipients=len(people),
        shared=bool(shared.address_in(written.identity)),
    )
    return letter


@transaction.atomic
def take_back(letter: OutgoingMessage) -> OutgoingMessage:
    """« Annuler l’envoi »: a letter that has not left yet is a draft again. Raises Refusal when it is too late."""
    letter = OutgoingMessage.objects.select_for_update().get(pk=letter.pk)
    if letter.state != OutgoingState.WAITING:
        raise Refusal(_("Trop tard : ce message est déjà parti, ou en train de partir."))
    letter.state = OutgoingState.DRAFT
    letter.leaves_at = None
    letter.changed_at = now()
    letter.save(update_fields=["state", "leaves_at", "changed_at"])
    drafts.mirror_soon(letter)
    return letter


@transaction.atomic
def send_now(letter: OutgoingMessage) -> None:
    """« Envoyer tout de suite »: no longer held."""
    letter = OutgoingMessage.objects.select_for_update().get(pk=letter.pk)
    if letter.state != OutgoingState.WAITING:
        raise Refusal(_("Ce message n’attend plus."))
    _queue(letter, leaves_at=now())


@transaction.atomic
def attach(agent: Agent, token: uuid.UUID, file: Attachment) -> tuple[OutgoingMessage, OutgoingAttachment]:
    """Adds one file to a draft, which is made when there is none yet. Raises Refusal."""
    letter = _locked(agent, token)
    if letter.state != OutgoingState.DRAFT:
        raise Refusal(_("Ce message est déjà parti."))
    if not letter.sealed:
        letter.write(Written())
    added = _add_files(letter, [file])
    letter.changed_at = now()
    letter.save()
    return letter, added[0]


@transaction.atomic
def detach(letter: OutgoingMessage, file: uuid.UUID) -> None:
    """Takes a file away from a draft."""
    letter = OutgoingMessage.objects.select_for_update().get(pk=letter.pk)
    if letter.state != OutgoingState.DRAFT:
        raise Refusal(_("Ce message est déjà parti."))
    letter.attachments.filter(pk=file).delete()
    letter.revision += 1
    letter.changed_at = now()
    letter.save(update_fields=["revision", "changed_at"])
    drafts.mirror_soon(letter)


@transaction.atomic
def send_again(letter: OutgoingMessage) -> None:
    """Sends a doubtful letter once more, at the agent's wish, under the same Message-ID so that it shows as one."""
    letter = OutgoingMessage.objects.select_for_update().get(pk=letter.pk)
    if letter.state != OutgoingState.UNCERTAIN:
        raise Refusal(_("Ce message n’est plus à vérifier."))
    _queue(letter)


@transaction.atomic
def it_left(letter: OutgoingMessage) -> None:
    """The agent knows that a doubtful letter arrived, or has made room: only its copy is still to be made."""
    letter = OutgoingMessage.objects.select_for_update().get(pk=letter.pk)
    if letter.state == OutgoingState.ACCEPTED:
        drafts.deliver_at(letter, None)
        return
    if letter.state != OutgoingState.UNCERTAIN:
        raise Refusal(_("Ce message n’est plus à vérifier."))
    _queue(letter, state=OutgoingState.ACCEPTED)


@transaction.atomic
def reopen(letter: OutgoingMessage) -> OutgoingMessage:
    """Makes a refused letter a draft again, to be corrected: a new letter, with a Message-ID of its own."""
    letter = OutgoingMessage.objects.select_for_update().get(pk=letter.pk)
    if letter.state == OutgoingState.REFUSED:
        drafts.unmirror_soon(letter)
        letter.state = OutgoingState.DRAFT
        letter.message_id = new_message_id(settings.NOMADE.mail_domain)
        letter.mirrored = 0
        letter.leaves_at = None
        letter.changed_at = now()
        letter.save(update_fields=["state", "message_id", "mirrored", "leaves_at", "changed_at"])
    return letter


@transaction.atomic
def discard(letter: OutgoingMessage) -> None:
    """Forgets a draft, a refused or a doubtful letter, a copy that finds no room. Raises Refusal for one that is
    leaving.
    """
    letter = OutgoingMessage.objects.select_for_update().get(pk=letter.pk)
    given_up = letter.state == OutgoingState.ACCEPTED and bool(letter.problem)
    if not given_up and letter.state not in (OutgoingState.DRAFT, OutgoingState.REFUSED, OutgoingState.UNCERTAIN):
        raise Refusal(_("Ce message est déjà parti, ou en train de partir."))
    drafts.unmirror_soon(letter)
    letter.delete()


def _locked(agent: Agent, token: uuid.UUID) -> OutgoingMessage:
    """The letter of a form, made at its first sending; a second sending waits here for the first one's commit."""
    letter, _created = OutgoingMessage.objects.select_for_update().get_or_create(
        agent=agent, token=token, defaults={"message_id": new_message_id(settings.NOMADE.mail_domain)}
    )
    return letter


def _not_stale(letter: OutgoingMessage, revision: int | None) -> None:
    if revision is not None and letter.revision > revision:
        raise Stale(
            _(
                "Ce message a été modifié dans un autre onglet ou sur un autre appareil. Rien n’a été écrasé : "
                "ouvrez l’autre version, ou gardez celle-ci."
            )
        )


def _room_for_one_more(agent: Agent) -> None:
    if OutgoingMessage.objects.of(agent).unfinished().count() > MOST_UNFINISHED:
        raise Refusal(_("Trop de brouillons ou de messages en attente. Supprimez ceux dont vous n’avez plus besoin."))


def _store(letter: OutgoingMessage, written: Written, files: Files) -> None:
    if files.kept is not None:
        letter.attachments.filter(content_id="").exclude(pk__in=files.kept).delete()
    _add_files(letter, files.added)
    letter.write(_settled(letter, written))
    letter.revision += 1
    letter.changed_at = now()
    letter.save()


def _settled(letter: OutgoingMessage, written: Written) -> Written:
    """What was written, harmless: HTML cleaned, pictures that are not there left out, text in plain lines."""
    html, text = "", written.text
    if written.html.strip():
        known = set(letter.attachments.exclude(content_id="").values_list("content_id", flat=True))
        html = clean(written.html, inline_url=lambda cid: f"cid:{cid}" if cid in known else None).html
        text = from_letter(html)
    text = bodies.text(text.encode(errors="replace"), "", "utf-8")
    return replace(written, text=text, html=html.encode(errors="replace").decode().replace("\0", ""))


def _add_files(letter: OutgoingMessage, added: Sequence[Attachment]) -> list[OutgoingAttachment]:
    there = list(letter.attachments.values_list("size", "content_id", "position"))
    known = {content_id for _size, content_id, _position in there if content_id}
    added = [file for file in added if not file.content_id or file.content_id not in known]
    if not added:
        return []
    total = sum(size for size, *_rest in there) + sum(len(file.content) for file in added)
    if total > largest_letter() or len(there) + len(added) > MOST_FILES:
        raise Refusal(too_heavy(), field="pieces")
    start = max((position for *_rest, position in there), default=0) + 1
    return OutgoingAttachment.objects.bulk_create(
        OutgoingAttachment.of(
            letter,
            bodies.file_name(file.name, kind=file.content_type, number=position),
            bodies.content_type(file.content_type),
            file.content,
            position,
            content_id=file.content_id if is_content_id(file.content_id) else "",
        )
        for position, file in enumerate(added, start=start)
    )


def _queue(
    letter: OutgoingMessage, *, state: OutgoingState = OutgoingState.WAITING, leaves_at: datetime | None = None
) -> None:
    letter.state = state
    letter.leaves_at = leaves_at or letter.leaves_at
    letter.set_problem("")
    letter.changed_at = now()
    letter.save(update_fields=["state", "leaves_at", "sealed_problem", "changed_at"])
    drafts.deliver_at(letter, leaves_at)
    gateway.hold_key(letter.agent, (letter.leaves_at or now()) + KEY_HELD_FOR)
