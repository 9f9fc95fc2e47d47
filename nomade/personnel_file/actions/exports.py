"""An agent's own export: asked behind a step-up, made by a job, fetched once within some hours."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from nomade.files import store
from nomade.kernel import audit
from nomade.kernel.clock import now
from nomade.kernel.errors import Refusal
from nomade.notifications.actions import notify
from nomade.people.models import Agent
from nomade.personnel_file.models import DataExport
from nomade.personnel_file.portability import as_zip

KIND = "export"


@transaction.atomic
def ask_export(agent: Agent, *, http: HttpRequest | None = None) -> DataExport:
    """Queues one export at a time. Raises Refusal while another one waits or may be fetched."""
    from nomade.personnel_file.tasks import make_export

    Agent.objects.select_for_update().get(pk=agent.pk)
    living = DataExport.objects.filter(agent=agent, fetched_at__isnull=True)
    if living.filter(ready_at__isnull=True).exists() or living.filter(expires_at__gt=now()).exists():
        raise Refusal(_("Un export est déjà demandé : il se prépare, ou il vous attend."))
    export = DataExport.objects.create(agent=agent)
    audit.record("file.export_asked", actor=agent.pk, subject=agent.pk, request=http)
    make_export.defer(export=str(export.pk))
    return export


@transaction.atomic
def make(export_id: str) -> None:
    """Makes the file, once; tells its owner."""
    export = DataExport.objects.select_for_update().select_related("agent").get(pk=export_id)
    if export.ready_at is not None:
        return
    export.file = store.put(
        as_zip(export.agent),
        owner=export.agent,
        kind=KIND,
        name="mes-donnees.zip",
        content_type="application/zip",
    )
    export.ready_at = now()
    export.expires_at = export.ready_at + timedelta(hours=settings.NOMADE.file_export_hours)
    export.save()
    notify(
        export.agent,
        kind="file.export_ready",
        title=_("Vos données sont prêtes à télécharger"),
        url=reverse("personnel_file:own-data", urlconf="nomade.config.urls.portal"),
    )


@transaction.atomic
def fetch(export: DataExport, *, http: HttpRequest | None = None) -> bytes:
    """The file, once. Raises Refusal when it was fetched, or too late."""
    locked = DataExport.objects.select_for_update(of=("self",)).select_related("file").get(pk=export.pk)
    late = locked.expires_at is None or locked.expires_at <= now()
    if locked.fetched_at is not None or late or locked.file is None:
        raise Refusal(_("Cet export n’est plus disponible : il s’ouvre une seule fois, dans le délai indiqué."))
    content = store.read(locked.file)
    stored, locked.file = locked.file, None
    locked.fetched_at = now()
    locked.save()
    store.delete(stored)
    audit.record("file.export_fetched", actor=locked.agent_id, subject=locked.agent_id, request=http)
    return content


@transaction.atomic
def purge_exports() -> int:
    """Deletes the files that nobody fetched in time; returns how many."""
    late = list(
        DataExport.objects.select_for_update(of=("self",))
        .select_related("file")
        .filter(expires_at__lte=now(), file__isnull=False)
    )
    for export in late:
        stored, export.file = export.file, None
        export.save(update_fields=["file"])
        if stored is not None:
            store.delete(stored)
    return len(late)
