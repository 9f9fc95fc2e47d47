"""An empty base is made quickly, and is the one that Django's own way would make."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.contrib.postgres.constraints import ExclusionConstraint
from django.db import connection, models
from django.db.migrations.migration import Migration
from django.db.migrations.operations import AddIndex, AlterField, CreateModel
from pgtrigger import registered

from nomade.kernel.migrating import AddingState


def _migration(*operations: Any) -> Migration:
    class Town(Migration):
        pass

    Town.operations = operations
    return Town("0001", "town")


def _town() -> Migration:
    unit: models.Field[Any, Any] = models.ForeignKey("town.unit", on_delete=models.CASCADE)
    return _migration(
        CreateModel("Unit", [("id", models.BigAutoField(primary_key=True)), ("name", models.CharField(max_length=9))]),
        CreateModel("Post", [("id", models.BigAutoField(primary_key=True)), ("unit", unit)]),
        AddIndex("Unit", models.Index(fields=["name"], name="unit_name")),
    )


def _run(state: AddingState, migration: Migration) -> None:
    state.only_adds(migration)
    for operation in migration.operations:
        operation.state_forwards("town", state)


def test_what_only_adds_draws_again_the_model_at_hand_and_no_other() -> None:
    state = AddingState().clone()
    assert state.apps.ready
    *tables, index = _town().operations
    _run(state, _migration(*tables))
    unit, post = state.apps.get_model("town", "unit"), state.apps.get_model("town", "post")
    _run(state, _migration(index))
    assert state.apps.get_model("town", "post") is post
    drawn = state.apps.get_model("town", "unit")
    assert drawn is not unit and [one.name for one in drawn._meta.indexes] == ["unit_name"]


def test_anything_else_gets_every_model_drawn_again_with_its_relations() -> None:
    state = AddingState().clone()
    assert state.apps.ready
    _run(state, _town())
    _run(state, _migration(AlterField("Unit", "name", models.CharField(max_length=20))))
    unit, post = state.apps.get_model("town", "unit"), state.apps.get_model("town", "post")
    assert unit._meta.get_field("name").max_length == 20
    assert post._meta.get_field("unit").related_model is unit
    assert [one.related_model for one in unit._meta.related_objects] == [post]


@pytest.mark.django_db
def test_the_base_holds_every_column_index_constraint_and_trigger_of_the_models() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class UNION SELECT conname FROM pg_constraint")
        names = {row[0] for row in cursor.fetchall()}
        cursor.execute("SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'")
        columns = set(cursor.fetchall())
        cursor.execute("SELECT tgname FROM pg_trigger")
        triggers = {row[0] for row in cursor.fetchall()}
    ours = [model for model in apps.get_models() if model.__module__.startswith("nomade.")]
    managed = [model for model in ours if model._meta.managed]
    assert len(managed) > 150
    for model in managed:
        table = model._meta.db_table
        assert {(table, field.column) for field in model._meta.local_concrete_fields} <= columns, table
        wanted = {one.name for one in (*model._meta.indexes, *model._meta.constraints)}
        assert wanted <= names, (table, wanted - names)
    assert any(isinstance(one, ExclusionConstraint) for model in managed for one in model._meta.constraints)
    wanted = {trigger.get_pgid(model) for model, trigger in registered()}
    assert len(wanted) > 50 and wanted <= triggers
