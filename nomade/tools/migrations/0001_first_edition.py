import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    # What it replaces: a base that has all of them goes on without anything to do.
    replaces = [
        ("tools", "0001_tools"),
        ("tools", "0002_file_photo_roles"),
    ]

    initial = True

    dependencies = [
        ("people", "0001_first_edition"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.CreateModel(
            name="Tool",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80)),
                ("sort_name", models.CharField(editable=False, max_length=90)),
                ("description", models.CharField(max_length=200)),
                ("url", models.URLField(max_length=400)),
                (
                    "icon",
                    models.CharField(
                        choices=[
                            ("layout-grid", "Application"),
                            ("calendar-days", "Planning"),
                            ("wrench", "Interventions"),
                            ("map-pin", "Carte"),
                            ("chart-column", "Suivi et chiffres"),
                            ("folder-open", "Documents"),
                            ("users", "Personnes"),
                            ("graduation-cap", "Formation"),
                            ("wallet", "Budget et achats"),
                            ("shield-check", "Santé et sécurité"),
                            ("life-buoy", "Aide"),
                        ],
                        default="layout-grid",
                        max_length=20,
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("hr_officer", "gestionnaire RH"),
                            ("pay_officer", "gestionnaire de paie"),
                            ("training_officer", "responsable de formation"),
                            ("support_technician", "technicien du support"),
                            ("editor", "rédacteur"),
                            ("administrator", "administrateur"),
                            ("auditor", "auditeur"),
                            ("disability_referent", "référent handicap"),
                            ("data_protection_officer", "délégué à la protection des données"),
                        ],
                        max_length=24,
                    ),
                ),
                ("on_site_only", models.BooleanField(default=False)),
                ("order", models.PositiveSmallIntegerField(default=100)),
                ("is_active", models.BooleanField(default=True)),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.orgunit",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ToolEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("name", models.CharField(max_length=80)),
                ("sort_name", models.CharField(editable=False, max_length=90)),
                ("description", models.CharField(max_length=200)),
                ("url", models.URLField(max_length=400)),
                (
                    "icon",
                    models.CharField(
                        choices=[
                            ("layout-grid", "Application"),
                            ("calendar-days", "Planning"),
                            ("wrench", "Interventions"),
                            ("map-pin", "Carte"),
                            ("chart-column", "Suivi et chiffres"),
                            ("folder-open", "Documents"),
                            ("users", "Personnes"),
                            ("graduation-cap", "Formation"),
                            ("wallet", "Budget et achats"),
                            ("shield-check", "Santé et sécurité"),
                            ("life-buoy", "Aide"),
                        ],
                        default="layout-grid",
                        max_length=20,
                    ),
                ),
                (
                    "role",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("hr_officer", "gestionnaire RH"),
                            ("pay_officer", "gestionnaire de paie"),
                            ("training_officer", "responsable de formation"),
                            ("support_technician", "technicien du support"),
                            ("editor", "rédacteur"),
                            ("administrator", "administrateur"),
                            ("auditor", "auditeur"),
                            ("disability_referent", "référent handicap"),
                            ("data_protection_officer", "délégué à la protection des données"),
                        ],
                        max_length=24,
                    ),
                ),
                ("on_site_only", models.BooleanField(default=False)),
                ("order", models.PositiveSmallIntegerField(default=100)),
                ("is_active", models.BooleanField(default=True)),
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
                        to="tools.tool",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="people.orgunit",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ToolFavourite",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "agent",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.agent"),
                ),
                (
                    "tool",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="favourites", to="tools.tool"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("agent", "tool"), name="tool_favourite_once")],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="tool",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "tools_toolevent" ("description", "icon", "id", "is_active", "name", "on_site_only", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "sort_name", "unit_id", "url") VALUES (NEW."description", NEW."icon", NEW."id", NEW."is_active", NEW."name", NEW."on_site_only", NEW."order", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."role", NEW."sort_name", NEW."unit_id", NEW."url"); RETURN NULL;',
                    hash="d6ed1b80056e20a02eca59afe8d7cee6bc2e46c1",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_e88bc",
                    table="tools_tool",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="tool",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "tools_toolevent" ("description", "icon", "id", "is_active", "name", "on_site_only", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "sort_name", "unit_id", "url") VALUES (OLD."description", OLD."icon", OLD."id", OLD."is_active", OLD."name", OLD."on_site_only", OLD."order", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."role", OLD."sort_name", OLD."unit_id", OLD."url"); RETURN NULL;',
                    hash="dc540bc701376477ba01ac396cc67388c94feeb2",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_cc2a5",
                    table="tools_tool",
                    when="AFTER",
                ),
            ),
        ),
    ]
