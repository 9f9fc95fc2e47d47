import django.contrib.postgres.indexes
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.datetime
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    # What it replaces: a base that has all of them goes on without anything to do.
    replaces = [
        ("kernel", "0001_initial"),
        ("kernel", "0002_journal_search_and_purge"),
        ("kernel", "0003_shipment"),
    ]

    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="AuditSeal",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                (
                    "below_transaction",
                    models.BigIntegerField(help_text="events of older transactions are in this link or before"),
                ),
                ("events", models.PositiveIntegerField()),
                ("digest", models.CharField(max_length=64)),
            ],
        ),
        migrations.CreateModel(
            name="AuditEvent",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("event", models.CharField(max_length=64)),
                ("actor_id", models.BigIntegerField(null=True)),
                ("subject_id", models.BigIntegerField(null=True)),
                ("address", models.GenericIPAddressField(null=True)),
                ("zone", models.CharField(blank=True, max_length=16)),
                ("reference", models.CharField(blank=True, max_length=16)),
                ("facts", models.JSONField(default=dict)),
                (
                    "transaction",
                    models.BigIntegerField(
                        db_default=django.db.models.expressions.RawSQL("(pg_current_xact_id()::text::bigint)", ()),
                        editable=False,
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["subject_id", "-id"], name="audit_subject"),
                    models.Index(fields=["actor_id", "-id"], name="audit_actor"),
                    models.Index(fields=["-at", "-id"], name="audit_latest"),
                    models.Index(fields=["event", "-at", "-id"], name="audit_kind"),
                    models.Index(
                        condition=models.Q(("reference", ""), _negated=True),
                        fields=["reference"],
                        name="audit_reference",
                    ),
                    django.contrib.postgres.indexes.BrinIndex(
                        autosummarize=True, fields=["transaction"], name="audit_transaction"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="AuditPurge",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("events", models.PositiveIntegerField()),
                (
                    "seal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.auditseal"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AuditShipment",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                (
                    "seal",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="kernel.auditseal"
                    ),
                ),
            ],
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="auditevent",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="44e04b5793ba960d1b62811674c4d948014b9ca8",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_441ae",
                    table="kernel_auditevent",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="auditseal",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="c12391bb4ff1e779cf844ac03263f10785acd7b2",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_106ef",
                    table="kernel_auditseal",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="auditpurge",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="60cc75e842685c7772d72ef3ed2628e45a792889",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_cf18d",
                    table="kernel_auditpurge",
                    when="BEFORE",
                ),
            ),
        ),
    ]
