"""The end of certificates: a year after they stopped saying something true, each night, by itself."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
import time_machine

from nomade.cases.models import CaseEvent, CaseState
from nomade.cases.timeline import note
from nomade.certificates.actions import issue
from nomade.certificates.models import Certificate, CertificateRequest, Kind
from nomade.certificates.purging import due, purge
from nomade.certificates.requests import CASE
from nomade.files import store
from nomade.files.models import StoredFile
from nomade.kernel.clock import now, today
from nomade.kernel.models import AuditEvent
from nomade.kernel.months import add_months
from nomade.kernel.tasks import purge_kept
from nomade.people.factories import make_agent
from nomade.people.models import Agent

pytestmark = pytest.mark.django_db


def _issued(agent: Agent, kind: Kind) -> Certificate:
    made = issue(agent, Kind.EMPLOI)
    Certificate.objects.filter(pk=made.pk).update(kind=kind, valid_until=date(2026, 3, 31))
    return made


def _delivered(agent: Agent, state: CaseState) -> CertificateRequest:
    paper = store.put(b"%PDF", owner=agent, kind="certificate", name="a.pdf", content_type="application/pdf")
    waits = state == CaseState.SUBMITTED
    made = CertificateRequest.objects.create(
        owner=agent, reference=f"C-{state}", kind="etat-services", state=state, file=None if waits else paper,
        answered_at=None if waits else now(),
    )  # fmt: skip
    note(CASE, made.pk, "submitted", actor=agent)
    return made


def test_a_certificate_is_kept_a_year_after_its_validity_and_goes_with_its_file() -> None:
    agent = make_agent()
    _issued(agent, Kind.EMPLOI)
    training = _issued(agent, Kind.FORMATION)
    assert (due(date(2027, 3, 31)), purge(date(2027, 3, 31))) == (0, 0)
    assert (due(date(2027, 4, 1)), purge(date(2027, 4, 1)), purge(date(2027, 4, 1))) == (1, 1, 0)
    assert list(Certificate.objects.all()) == [training]
    assert list(StoredFile.objects.all()) == [training.file]


def test_a_document_that_an_office_made_goes_a_year_after_and_one_that_waits_never() -> None:
    agent = make_agent()
    _delivered(agent, CaseState.APPROVED)
    waiting = _delivered(agent, CaseState.SUBMITTED)
    over = add_months(today(), 12) + timedelta(days=1)
    assert (purge(add_months(today(), 12)), purge(over)) == (0, 1)
    assert list(CertificateRequest.objects.all()) == [waiting]
    assert set(CaseEvent.objects.values_list("case_id", flat=True)) == {waiting.pk}


def test_each_night_they_go_by_themselves_and_the_journal_says_how_many() -> None:
    _issued(make_agent(), Kind.EMPLOI)
    with time_machine.travel(date(2027, 4, 2)):
        purge_kept(timestamp=0)
        purge_kept(timestamp=0)
    assert not Certificate.objects.exists()
    event = AuditEvent.objects.get(event="retention.purged")
    assert (event.facts["service"], event.facts["rows"]) == ("certificates", 1)
