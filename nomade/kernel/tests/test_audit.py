"""The journal only grows, and a change made behind the portal's back shows."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, connection, transaction

from nomade.kernel import audit
from nomade.kernel.models import AuditEvent, AuditSeal


def behind_the_back(sql: str) -> None:
    """What the owner of the table can do, or a superuser: switch the triggers off and change what is written."""
    with connection.cursor() as cursor:
        for table in ("kernel_auditevent", "kernel_auditseal"):
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(sql)
        for table in ("kernel_auditevent", "kernel_auditseal"):
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")


def three_sealed_events() -> None:
    for number in range(3):
        audit.record("payslip.viewed", actor=number, subject=7, period="2026-10")
        assert audit.seal_journal() == 1
    assert audit.first_broken_link() is None


@pytest.mark.django_db
@pytest.mark.parametrize("model", [AuditEvent, AuditSeal])
def test_a_row_of_the_journal_is_neither_changed_nor_removed(model: type[AuditEvent | AuditSeal]) -> None:
    audit.record("sign_in.accepted", actor=1, subject=1)
    AuditSeal.objects.create(below_transaction=1, events=0, digest="")
    table = model._meta.db_table
    for statement in (f"UPDATE {table} SET at = now()", f"DELETE FROM {table}"):
        refused = pytest.raises(DatabaseError, match="Cannot update or delete")
        with refused, transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert model._default_manager.count() == 1


@pytest.mark.django_db
def test_an_event_disappears_with_the_transaction_it_tells_of() -> None:
    with transaction.atomic():
        audit.record("leave.approved", actor=1, subject=2)
        transaction.set_rollback(True)
    assert not AuditEvent.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_sealing_takes_each_event_once() -> None:
    three_sealed_events()
    assert audit.seal_journal() == 0
    assert [seal.events for seal in AuditSeal.objects.order_by("id")] == [1, 1, 1]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE kernel_auditevent SET actor_id = 99 WHERE actor_id = 1",
        "UPDATE kernel_auditevent SET facts = '{}' WHERE actor_id = 1",
        "UPDATE kernel_auditevent SET at = at + interval '1 second' WHERE actor_id = 1",
        "DELETE FROM kernel_auditevent WHERE actor_id = 1",
        (
            "INSERT INTO kernel_auditevent (event, actor_id, zone, reference, facts, transaction) "
            "SELECT 'payslip.viewed', 5, '', '', '{}', transaction FROM kernel_auditevent WHERE actor_id = 1"
        ),
    ],
)
def test_a_change_made_with_the_triggers_off_breaks_the_link_that_holds_it(tampering: str) -> None:
    three_sealed_events()
    behind_the_back(tampering)
    broken = audit.first_broken_link()
    assert broken == AuditSeal.objects.order_by("id")[1]


@pytest.mark.django_db(transaction=True)
def test_a_link_that_was_recomputed_to_hide_a_change_breaks_the_next_one() -> None:
    three_sealed_events()
    behind_the_back("UPDATE kernel_auditevent SET actor_id = 99 WHERE actor_id = 1")
    first, second, third = AuditSeal.objects.order_by("id")
    events = AuditEvent.objects.filter(
        transaction__gte=first.below_transaction, transaction__lt=second.below_transaction
    )
    _count, digest = audit._digest(first.digest, events.order_by("transaction", "id"))
    behind_the_back(f"UPDATE kernel_auditseal SET digest = '{digest}' WHERE id = {second.pk}")
    assert audit.first_broken_link() == third
