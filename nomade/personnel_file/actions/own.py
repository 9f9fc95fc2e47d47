"""What the agent changes alone: at once, with the value before kept (§ 4.1)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from nomade.files.photos import delete_photo, keep_photo
from nomade.files.uploads import CheckedFile
from nomade.kernel import audit
from nomade.kernel.errors import Refusal
from nomade.people.models import Agent, AgentPhoto
from nomade.personnel_file.history import keep_change
from nomade.personnel_file.models import EmergencyContact, Field, Origin
from nomade.personnel_file.models.own import MOST_CONTACTS


@dataclass(frozen=True)
class ContactLine:
    """Somebody to call, as it is typed."""

    name: str
    tie: str
    phone: str
    other_phone: str = ""


@transaction.atomic
def change_phones(agent: Agent, *, mobile: str, phone: str, http: HttpRequest | None = None) -> bool:
    """The agent's numbers; whether anything changed."""
    locked = Agent.objects.select_for_update().get(pk=agent.pk)
    changed = []
    for field, name, value in ((Field.MOBILE, "mobile", mobile), (Field.PHONE, "phone", phone)):
        before = getattr(locked, name)
        if before != value:
            keep_change(locked, field, before, value, origin=Origin.AGENT, actor=agent)
            setattr(locked, name, value)
            changed.append(name)
    if changed:
        locked.save(update_fields=changed)
        audit.record("file.phones_changed", actor=agent.pk, subject=agent.pk, request=http, fields=",".join(changed))
    return bool(changed)


@transaction.atomic
def change_contacts(agent: Agent, lines: Sequence[ContactLine], *, http: HttpRequest | None = None) -> bool:
    """The people to call, first one first; whether anything changed. Raises Refusal for too many."""
    if len(lines) > MOST_CONTACTS:
        raise Refusal(_("Vous pouvez donner %(most)s personnes au plus.") % {"most": MOST_CONTACTS})
    Agent.objects.select_for_update().get(pk=agent.pk)
    before = _in_words(list(EmergencyContact.objects.filter(agent=agent)))
    rows = [EmergencyContact(agent=agent, rank=rank, **vars(line)) for rank, line in enumerate(lines, 1)]
    after = _in_words(rows)
    if before == after:
        return False
    EmergencyContact.objects.filter(agent=agent).delete()
    EmergencyContact.objects.bulk_create(rows)
    # These are other people's names and numbers: the history says how many there were, and nothing else.
    keep_change(
        agent, Field.CONTACTS, _people(before.count("\n")), _people(len(rows)), origin=Origin.AGENT, actor=agent
    )
    audit.record("file.contacts_changed", actor=agent.pk, subject=agent.pk, request=http, count=len(rows))
    return True


def _in_words(rows: Sequence[EmergencyContact]) -> str:
    return "".join(f"{row.rank}|{row.name}|{row.tie}|{row.phone}|{row.other_phone}\n" for row in rows)


def _people(count: int) -> str:
    if not count:
        return _("aucune personne")
    return ngettext("%(count)s personne", "%(count)s personnes", count) % {"count": count}


@transaction.atomic
def change_photo(
    agent: Agent,
    picture: CheckedFile,
    *,
    zoom: int,
    left: int,
    top: int,
    visible: bool,
    http: HttpRequest | None = None,
) -> None:
    """A new photograph, cut square. Raises Refusal."""
    keep_photo(agent, picture, zoom=zoom, left=left, top=top, visible=visible)
    keep_change(agent, Field.PHOTO, "", _("photo changée"), origin=Origin.AGENT, actor=agent)
    audit.record("file.photo_changed", actor=agent.pk, subject=agent.pk, request=http, visible=visible)


@transaction.atomic
def show_photo(agent: Agent, *, visible: bool, http: HttpRequest | None = None) -> None:
    """Whether colleagues see the photograph."""
    if AgentPhoto.objects.filter(pk=agent.pk).exclude(visible=visible).update(visible=visible):
        audit.record("file.photo_visibility", actor=agent.pk, subject=agent.pk, request=http, visible=visible)


@transaction.atomic
def remove_photo(agent: Agent, *, http: HttpRequest | None = None) -> None:
    """No photograph any more."""
    if delete_photo(agent):
        keep_change(agent, Field.PHOTO, "", _("photo supprimée"), origin=Origin.AGENT, actor=agent)
        audit.record("file.photo_removed", actor=agent.pk, subject=agent.pk, request=http)
