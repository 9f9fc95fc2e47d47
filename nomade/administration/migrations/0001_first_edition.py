import django.db.models.deletion
import nomade.kernel.clock
import nomade.kernel.ids
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    # What it replaces: a base that has all of them goes on without anything to do.
    replaces = [
        ("administration", "0001_initial"),
        ("administration", "0002_letter_templates"),
    ]

    initial = True

    dependencies = [
        ("people", "0001_first_edition"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.CreateModel(
            name="LetterTemplate",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=160)),
                ("body", models.TextField()),
                ("signature", models.CharField(blank=True, max_length=200)),
                ("active", models.BooleanField(default=True)),
                ("updated_at", models.DateTimeField(default=nomade.kernel.clock.now)),
                (
                    "updated_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agent"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LetterTemplateEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("title", models.CharField(max_length=160)),
                ("body", models.TextField()),
                ("signature", models.CharField(blank=True, max_length=200)),
                ("active", models.BooleanField(default=True)),
                ("updated_at", models.DateTimeField(default=nomade.kernel.clock.now)),
                (
                    "pgh_context",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="pghistory.context",
                    ),
                ),
                (
                    "pgh_obj",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="events",
                        to="administration.lettertemplate",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="people.agent",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="PendingImport",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=nomade.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("created_at", models.DateTimeField(default=nomade.kernel.clock.now)),
                ("agents_name", models.CharField(blank=True, max_length=200)),
                ("agents_sealed", models.BinaryField(default=b"")),
                ("units_name", models.CharField(blank=True, max_length=200)),
                ("units_sealed", models.BinaryField(default=b"")),
                ("create_units", models.BooleanField(default=False)),
                ("report", models.JSONField(default=dict)),
                (
                    "owner",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.agent"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("owner",), name="pending_import_one_an_owner")],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="lettertemplate",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "administration_lettertemplateevent" ("active", "body", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "signature", "title", "updated_at", "updated_by_id") VALUES (NEW."active", NEW."body", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."signature", NEW."title", NEW."updated_at", NEW."updated_by_id"); RETURN NULL;',
                    hash="250647e50ec9bab42cb45d8e5c4cc964928df99c",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_7e0dc",
                    table="administration_lettertemplate",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="lettertemplate",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "administration_lettertemplateevent" ("active", "body", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "signature", "title", "updated_at", "updated_by_id") VALUES (OLD."active", OLD."body", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."signature", OLD."title", OLD."updated_at", OLD."updated_by_id"); RETURN NULL;',
                    hash="2590a01c91f82fd2d28ff0fb5c58b37ed1d2be6b",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_1242a",
                    table="administration_lettertemplate",
                    when="AFTER",
                ),
            ),
        ),
    ]
