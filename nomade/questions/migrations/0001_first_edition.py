import datetime
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import nomade.kernel.clock
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    # What it replaces: a base that has all of them goes on without anything to do.
    replaces = [
        ("questions", "0001_initial"),
    ]

    initial = True

    dependencies = [
        ("people", "0001_first_edition"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.CreateModel(
            name="Office",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, unique=True)),
                ("label", models.CharField(max_length=120)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("hr_officer", "gestionnaire RH"),
                            ("pay_officer", "gestionnaire de paie"),
                            ("training_officer", "responsable de formation"),
                            ("disability_referent", "référent handicap"),
                        ],
                        max_length=24,
                    ),
                ),
                ("week", models.CharField(default="1111100", max_length=7)),
                ("order", models.PositiveSmallIntegerField(default=100)),
                ("active", models.BooleanField(default=True)),
                (
                    "lead",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="people.agent",
                    ),
                ),
                ("members", models.ManyToManyField(blank=True, related_name="question_offices", to="people.agent")),
            ],
            options={
                "ordering": ["order", "label"],
            },
        ),
        migrations.CreateModel(
            name="OfficeEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("code", models.SlugField(db_index=False, max_length=40)),
                ("label", models.CharField(max_length=120)),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("hr_officer", "gestionnaire RH"),
                            ("pay_officer", "gestionnaire de paie"),
                            ("training_officer", "responsable de formation"),
                            ("disability_referent", "référent handicap"),
                        ],
                        max_length=24,
                    ),
                ),
                ("week", models.CharField(default="1111100", max_length=7)),
                ("order", models.PositiveSmallIntegerField(default=100)),
                ("active", models.BooleanField(default=True)),
                (
                    "lead",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="people.agent",
                    ),
                ),
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
                        to="questions.office",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="ReadyAnswer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=120)),
                ("text", models.TextField()),
                ("active", models.BooleanField(default=True)),
                ("updated_at", models.DateTimeField(default=nomade.kernel.clock.now)),
                (
                    "office",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="ready_answers",
                        to="questions.office",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.agent",
                    ),
                ),
            ],
            options={
                "ordering": ["title"],
            },
        ),
        migrations.CreateModel(
            name="ReadyAnswerEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("title", models.CharField(max_length=120)),
                ("text", models.TextField()),
                ("active", models.BooleanField(default=True)),
                ("updated_at", models.DateTimeField(default=nomade.kernel.clock.now)),
                (
                    "office",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="questions.office",
                    ),
                ),
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
                        to="questions.readyanswer",
                    ),
                ),
                (
                    "updated_by",
                    models.ForeignKey(
                        blank=True,
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
            name="Topic",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40)),
                ("label", models.CharField(max_length=120)),
                ("hint", models.CharField(blank=True, max_length=400)),
                ("promised_days", models.PositiveSmallIntegerField(default=5)),
                ("service", models.CharField(blank=True, max_length=40)),
                ("order", models.PositiveSmallIntegerField(default=100)),
                ("valid_from", models.DateField(default=datetime.date(1900, 1, 1))),
                ("valid_to", models.DateField(blank=True, null=True)),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="topics", to="questions.office"
                    ),
                ),
            ],
            options={
                "ordering": ["order", "label", "valid_from"],
            },
        ),
        migrations.CreateModel(
            name="Question",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("reference", models.CharField(max_length=20, unique=True)),
                ("submitted_at", models.DateTimeField(default=nomade.kernel.clock.now)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "status",
                    models.CharField(
                        choices=[
                            ("new", "reçue"),
                            ("open", "en cours"),
                            ("pending", "attend votre réponse"),
                            ("solved", "résolue"),
                            ("closed", "close"),
                        ],
                        default="new",
                        max_length=8,
                    ),
                ),
                ("subject", models.CharField(max_length=160)),
                ("paused_at", models.DateTimeField(blank=True, null=True)),
                ("answered_at", models.DateTimeField(blank=True, null=True)),
                ("solved_at", models.DateTimeField(blank=True, null=True)),
                ("closed_at", models.DateTimeField(blank=True, null=True)),
                ("reminded_at", models.DateTimeField(blank=True, null=True)),
                ("escalated_at", models.DateTimeField(blank=True, null=True)),
                ("satisfaction", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("satisfaction_comment", models.CharField(blank=True, max_length=500)),
                ("search", django.contrib.postgres.search.SearchVectorField(editable=False, null=True)),
                ("promised_on", models.DateField()),
                ("page", models.CharField(blank=True, max_length=300)),
                ("about", models.CharField(blank=True, max_length=200)),
                (
                    "assignee",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.agent",
                    ),
                ),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="questions", to="questions.office"
                    ),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="%(app_label)s_%(class)s_set",
                        to="people.agent",
                    ),
                ),
                (
                    "topic",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="questions", to="questions.topic"
                    ),
                ),
            ],
            options={
                "verbose_name": "question",
            },
        ),
        migrations.CreateModel(
            name="TopicEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("code", models.SlugField(db_index=False, max_length=40)),
                ("label", models.CharField(max_length=120)),
                ("hint", models.CharField(blank=True, max_length=400)),
                ("promised_days", models.PositiveSmallIntegerField(default=5)),
                ("service", models.CharField(blank=True, max_length=40)),
                ("order", models.PositiveSmallIntegerField(default=100)),
                ("valid_from", models.DateField(default=datetime.date(1900, 1, 1))),
                ("valid_to", models.DateField(blank=True, null=True)),
                (
                    "office",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="questions.office",
                    ),
                ),
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
                        to="questions.topic",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Way",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("topic", models.CharField(blank=True, max_length=40)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                (
                    "office",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="ways", to="questions.office"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.orgunit"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="WayEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("topic", models.CharField(blank=True, max_length=40)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                (
                    "office",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="questions.office",
                    ),
                ),
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
                        to="questions.way",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        db_constraint=False,
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
            name="Closing",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("label", models.CharField(max_length=120)),
                ("first_day", models.DateField()),
                ("last_day", models.DateField()),
                (
                    "office",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="closings",
                        to="questions.office",
                    ),
                ),
            ],
            options={
                "ordering": ["first_day"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("last_day__gte", models.F("first_day"))), name="closing_days_in_order"
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="topic",
            constraint=models.UniqueConstraint(
                condition=models.Q(("valid_to__isnull", True)), fields=("code",), name="topic_one_open_a_code"
            ),
        ),
        migrations.AddConstraint(
            model_name="topic",
            constraint=models.UniqueConstraint(fields=("code", "valid_from"), name="topic_one_a_day"),
        ),
        migrations.AddConstraint(
            model_name="topic",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                ),
                name="topic_days_in_order",
            ),
        ),
        migrations.AddIndex(
            model_name="question",
            index=models.Index(
                condition=models.Q(("status__in", ["new", "open"])), fields=["promised_on", "id"], name="question_queue"
            ),
        ),
        migrations.AddIndex(
            model_name="question",
            index=models.Index(
                condition=models.Q(("status__in", ["new", "open", "pending"])),
                fields=["assignee", "promised_on", "id"],
                name="question_of_officer",
            ),
        ),
        migrations.AddIndex(
            model_name="question",
            index=models.Index(
                condition=models.Q(("status__in", ["new", "open"])),
                fields=["office", "promised_on", "id"],
                name="question_of_office",
            ),
        ),
        migrations.AddIndex(
            model_name="question",
            index=models.Index(fields=["status", "promised_on", "id"], name="question_by_status"),
        ),
        migrations.AddIndex(
            model_name="question",
            index=models.Index(fields=["owner", "-submitted_at", "-id"], name="question_of_owner"),
        ),
        migrations.AddIndex(
            model_name="question",
            index=models.Index(fields=["-submitted_at", "-id"], name="question_newest"),
        ),
        migrations.AddIndex(
            model_name="question",
            index=django.contrib.postgres.indexes.GinIndex(fields=["search"], name="question_search"),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("paused_at__isnull", False), ("status", "pending")),
                    models.Q(models.Q(("status", "pending"), _negated=True), ("paused_at__isnull", True)),
                    _connector="OR",
                ),
                name="question_pause_is_pending",
            ),
        ),
        migrations.AddConstraint(
            model_name="question",
            constraint=models.CheckConstraint(
                condition=models.Q(("satisfaction__isnull", True), ("satisfaction__range", (1, 4)), _connector="OR"),
                name="question_satisfaction_scale",
            ),
        ),
        migrations.AddConstraint(
            model_name="way",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                ),
                name="way_days_in_order",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="office",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "questions_officeevent" ("active", "code", "id", "label", "lead_id", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "week") VALUES (NEW."active", NEW."code", NEW."id", NEW."label", NEW."lead_id", NEW."order", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."role", NEW."week"); RETURN NULL;',
                    hash="2e885ae608d5c0f4c225e00dffe9c87de2909be7",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_18138",
                    table="questions_office",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="office",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "questions_officeevent" ("active", "code", "id", "label", "lead_id", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "week") VALUES (OLD."active", OLD."code", OLD."id", OLD."label", OLD."lead_id", OLD."order", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."role", OLD."week"); RETURN NULL;',
                    hash="98e2b36ce5a7c7df038b3651f67e5439da33ec69",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_d35cd",
                    table="questions_office",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="readyanswer",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "questions_readyanswerevent" ("active", "id", "office_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "text", "title", "updated_at", "updated_by_id") VALUES (NEW."active", NEW."id", NEW."office_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."text", NEW."title", NEW."updated_at", NEW."updated_by_id"); RETURN NULL;',
                    hash="26af1840c213d49937889d1dd3b3b051ff9ace41",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_35c38",
                    table="questions_readyanswer",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="readyanswer",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "questions_readyanswerevent" ("active", "id", "office_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "text", "title", "updated_at", "updated_by_id") VALUES (OLD."active", OLD."id", OLD."office_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."text", OLD."title", OLD."updated_at", OLD."updated_by_id"); RETURN NULL;',
                    hash="caccd76dbd44ca68a07c04742cb6c657ed0db0fe",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_52aca",
                    table="questions_readyanswer",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="topic",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "questions_topicevent" ("code", "hint", "id", "label", "office_id", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "promised_days", "service", "valid_from", "valid_to") VALUES (NEW."code", NEW."hint", NEW."id", NEW."label", NEW."office_id", NEW."order", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."promised_days", NEW."service", NEW."valid_from", NEW."valid_to"); RETURN NULL;',
                    hash="1f10b6f7bb0c264d81b2d04c39c3f8745e9dcfbd",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_8743e",
                    table="questions_topic",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="topic",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "questions_topicevent" ("code", "hint", "id", "label", "office_id", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "promised_days", "service", "valid_from", "valid_to") VALUES (OLD."code", OLD."hint", OLD."id", OLD."label", OLD."office_id", OLD."order", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."promised_days", OLD."service", OLD."valid_from", OLD."valid_to"); RETURN NULL;',
                    hash="accfc4c60e9f56b98ee9fc72e5c637e66a227080",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_135d8",
                    table="questions_topic",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="way",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "questions_wayevent" ("id", "office_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "topic", "unit_id", "valid_from", "valid_to") VALUES (NEW."id", NEW."office_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."topic", NEW."unit_id", NEW."valid_from", NEW."valid_to"); RETURN NULL;',
                    hash="98f584cf03f04388a9e4f7c4f7a100c74b7dd5f9",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_6ec64",
                    table="questions_way",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="way",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "questions_wayevent" ("id", "office_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "topic", "unit_id", "valid_from", "valid_to") VALUES (OLD."id", OLD."office_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."topic", OLD."unit_id", OLD."valid_from", OLD."valid_to"); RETURN NULL;',
                    hash="e9313f3b66bc19ac99175daa4b4f119b95edc8f1",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_5487c",
                    table="questions_way",
                    when="AFTER",
                ),
            ),
        ),
    ]
