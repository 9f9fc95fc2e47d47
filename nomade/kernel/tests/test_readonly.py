"""A GET that writes raises, unless the reason is on the list."""

from __future__ import annotations

import pytest
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from nomade.kernel import audit
from nomade.kernel.middleware import ReadOnlyGetMiddleware
from nomade.kernel.models import AuditEvent
from nomade.kernel.readonly import WriteOnGet, allow_writes, read_only
from nomade.people.factories import make_unit
from nomade.people.models import OrgUnit

pytestmark = pytest.mark.django_db


def renames_units(_request: HttpRequest) -> HttpResponse:
    OrgUnit.objects.update(label="renamed")
    return HttpResponse()


@pytest.mark.parametrize("method", ["get", "head"])
def test_a_page_that_is_only_read_cannot_write(method: str) -> None:
    make_unit()
    with pytest.raises(WriteOnGet), transaction.atomic():
        ReadOnlyGetMiddleware(renames_units)(getattr(RequestFactory(), method)("/"))
    assert OrgUnit.objects.get().label == "DEVE"


def test_a_form_that_is_sent_writes() -> None:
    make_unit()
    ReadOnlyGetMiddleware(renames_units)(RequestFactory().post("/"))
    assert OrgUnit.objects.get().label == "renamed"


@pytest.mark.parametrize(
    "statement",
    [
        "insert into x values (1)",
        "  UPDATE x SET y=1",
        "/* why */ DELETE FROM x",
        "TRUNCATE x",
        "MERGE INTO x",
        "SELECT nextval('x')",
        "select procrastinate_defer_jobs_v1(%s)",
    ],
)
def test_every_kind_of_write_is_seen_before_it_reaches_the_base(statement: str) -> None:
    with read_only(), pytest.raises(WriteOnGet), connection.cursor() as cursor:
        cursor.execute(statement)


def test_reading_is_free() -> None:
    with read_only():
        assert not OrgUnit.objects.exists()


def test_a_reason_on_the_list_lets_through_what_it_surrounds_and_nothing_after() -> None:
    make_unit()
    with read_only():
        audit.record("payslip.viewed", actor=1, subject=1)
        with allow_writes("session"):
            OrgUnit.objects.update(label="seen")
        with pytest.raises(WriteOnGet), transaction.atomic():
            OrgUnit.objects.update(label="renamed")
    assert AuditEvent.objects.count() == 1 and OrgUnit.objects.get().label == "seen"


def test_a_reason_that_is_not_on_the_list_is_no_reason() -> None:
    with pytest.raises(KeyError), allow_writes("because"):
        pass
