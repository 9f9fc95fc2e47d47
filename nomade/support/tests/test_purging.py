"""What the support has kept for long enough goes, whole, and nothing else."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import DatabaseError, transaction

from nomade.cases.messages import say
from nomade.cases.models import CaseEvent, CaseMessage
from nomade.files.models import StoredFile
from nomade.files.uploads import check
from nomade.kernel.clock import now
from nomade.kernel.models import AuditEvent
from nomade.people.models import Agent
from nomade.support.actions import acts
from nomade.support.actions.purging import purge, to_purge
from nomade.support.actions.tickets import KIND, close
from nomade.support.factories import make_ticket, proved
from nomade.support.models import IdentityCheck, Ticket
from nomade.support.models.desk import ActKind, IdentityProof, SupportAct

pytestmark = pytest.mark.django_db


def _closed_ticket(owner: Agent) -> Ticket:
    ticket = make_ticket(owner)
    file = check(SimpleUploadedFile("panne.png", _png(), "image/png"))
    say(KIND, ticket.pk, author=owner, text="Voici une photo.", files=[file])
    close(ticket, by=None)
    return ticket


def _png() -> bytes:
    from PIL import Image

    out = io.BytesIO()
    Image.new("RGB", (4, 4), "white").save(out, "PNG")
    return out.getvalue()


def test_a_ticket_goes_with_its_messages_files_and_timeline_once_its_time_is_over(agent: Agent) -> None:
    with time_machine.travel(now() - timedelta(days=3 * 365 + 2), tick=False):
        old = _closed_ticket(agent)
    recent, open_for_long = _closed_ticket(agent), make_ticket(agent)
    Ticket.objects.filter(pk=open_for_long.pk).update(submitted_at=now() - timedelta(days=4000))
    assert to_purge().tickets == 1
    assert purge().tickets == 1
    assert set(Ticket.objects.values_list("pk", flat=True)) == {recent.pk, open_for_long.pk}
    assert not CaseMessage.objects.filter(case_id=old.pk).exists()
    assert not CaseEvent.objects.filter(case_id=old.pk).exists()
    assert CaseEvent.objects.filter(case_id=recent.pk).exists()
    assert StoredFile.objects.count() == 1
    assert purge().tickets == 0


def test_proofs_and_acts_go_after_a_year_and_no_other_way(hugo: Agent, technician: Agent) -> None:
    with time_machine.travel(now() - timedelta(days=366), tick=False):
        acts.act(proved(hugo, technician), ActKind.UNLOCK, by=technician)
    kept = proved(hugo, technician)
    with pytest.raises(DatabaseError), transaction.atomic():
        IdentityProof.objects.all().delete()
    assert purge().checks == 1
    assert list(IdentityCheck.objects.values_list("pk", flat=True)) == [kept.pk]
    assert IdentityProof.objects.count() == 2
    assert not SupportAct.objects.exists()
    with pytest.raises(DatabaseError), transaction.atomic():
        IdentityProof.objects.all().delete()
    facts = AuditEvent.objects.get(event="support.purged").facts
    assert facts == {"tickets": 0, "checks": 1, "reports": 0}


def test_a_dry_run_counts_and_deletes_nothing_and_the_time_is_a_setting(agent: Agent, settings: Any) -> None:
    with time_machine.travel(now() - timedelta(days=200), tick=False):
        _closed_ticket(agent)
    assert to_purge().tickets == 0
    settings.NOMADE = replace(settings.NOMADE, support_ticket_months=6)
    said = io.StringIO()
    call_command("purge_support", "--dry-run", stdout=said)
    assert "Demandes à effacer\u00a0: 1" in said.getvalue()
    assert Ticket.objects.count() == 1
    call_command("purge_support", stdout=said)
    assert "Demandes effacées\u00a0: 1" in said.getvalue()
    assert not Ticket.objects.exists()
