"""The photograph of an agent: kept cropped, drawn anew, without anything the camera wrote; sealed as any document.

The directory asks `photo_content(viewer, agent_id)`, or `nomade.people.photos.shown_photos` for a list.
"""

from __future__ import annotations

from django.db import transaction

from nomade.files import store
from nomade.files.models import StoredFile
from nomade.files.uploads import CheckedFile, square
from nomade.kernel.clock import now
from nomade.people.models import Agent, AgentPhoto
from nomade.people.photos import photo_seen_by

KIND = "photo"


@transaction.atomic
def keep_photo(agent: Agent, picture: CheckedFile, *, zoom: int, left: int, top: int, visible: bool) -> AgentPhoto:
    """A new photograph in place of the one before, which is deleted. Raises Refusal."""
    portrait = square(picture, zoom=zoom, left=left, top=top, field="picture")
    Agent.objects.select_for_update().get(pk=agent.pk)
    _delete_file(agent)
    stored = store.put(
        portrait.content,
        owner=agent,
        kind=KIND,
        name=portrait.name,
        content_type=portrait.kind.content_type,
        awaiting_scan=portrait.awaiting_scan,
    )
    photo, _new = AgentPhoto.objects.update_or_create(
        agent=agent, defaults={"file": stored.pk, "visible": visible, "changed_at": now()}
    )
    return photo


@transaction.atomic
def delete_photo(agent: Agent) -> bool:
    """No photograph any more; whether there was one."""
    _delete_file(agent)
    return AgentPhoto.objects.filter(pk=agent.pk).delete()[0] > 0


def _delete_file(agent: Agent) -> None:
    for stored in StoredFile.objects.select_for_update().filter(owner=agent, kind=KIND):
        store.delete(stored)


def photo_content(viewer: Agent, agent_id: int) -> bytes | None:
    """The JPEG of somebody's photograph when this viewer may see it, else None. Raises `DocumentUnavailable`."""
    photo = photo_seen_by(viewer, agent_id)
    stored = StoredFile.objects.filter(pk=photo.file).first() if photo else None
    return store.read(stored) if stored else None
