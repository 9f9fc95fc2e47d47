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
        ("support", "0001_initial"),
        ("support", "0002_check_going_on"),
    ]

    initial = True

    dependencies = [
        ("people", "0001_first_edition"),
    ]

    operations = [
        migrations.CreateModel(
            name="PartState",
            fields=[
                ("key", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("well", models.BooleanField()),
                ("since", models.DateTimeField(default=nomade.kernel.clock.now)),
                ("checked_at", models.DateTimeField(default=nomade.kernel.clock.now)),
            ],
        ),
        migrations.CreateModel(
            name="IdentityCheck",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("opened_at", models.DateTimeField(default=nomade.kernel.clock.now)),
                ("expires_at", models.DateTimeField()),
                ("asked_supervisor_at", models.DateTimeField(blank=True, null=True)),
                ("refused_at", models.DateTimeField(blank=True, null=True)),
                ("refused_reason", models.CharField(blank=True, max_length=40)),
                ("wrong_codes", models.PositiveSmallIntegerField(default=0)),
                ("privileged", models.BooleanField(default=False)),
                ("seconded_at", models.DateTimeField(blank=True, null=True)),
                ("waits_until", models.DateTimeField(blank=True, null=True)),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="identity_checks", to="people.agent"
                    ),
                ),
                (
                    "seconded_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.agent",
                    ),
                ),
                (
                    "technician",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agent"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="IdentityProof",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("callback", "rappel au numéro connu des RH"),
                            ("supervisor", "confirmation du responsable"),
                            ("session_code", "code lu sur une session ouverte"),
                            ("badge", "badge présenté en face à face"),
                        ],
                        max_length=16,
                    ),
                ),
                ("at", models.DateTimeField(default=nomade.kernel.clock.now)),
                ("detail", models.CharField(blank=True, max_length=200)),
                (
                    "attested_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agent"),
                ),
                (
                    "identity_check",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="proofs", to="support.identitycheck"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Incident",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("title", models.CharField(max_length=160)),
                ("text", models.TextField(blank=True)),
                ("started_at", models.DateTimeField(default=nomade.kernel.clock.now)),
                ("ended_at", models.DateTimeField(blank=True, null=True)),
                (
                    "author",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agent"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PublicReport",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("token", models.UUIDField(unique=True)),
                ("reference", models.CharField(max_length=20, unique=True)),
                ("text", models.TextField()),
                ("contact", models.CharField(max_length=200)),
                ("page", models.CharField(blank=True, max_length=300)),
                ("error_reference", models.CharField(blank=True, max_length=16)),
                ("address", models.GenericIPAddressField(null=True)),
                ("created_at", models.DateTimeField(default=nomade.kernel.clock.now)),
                ("handled_at", models.DateTimeField(blank=True, null=True)),
                (
                    "handled_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.agent",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SessionCode",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64)),
                ("expires_at", models.DateTimeField()),
                (
                    "agent",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.agent"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SupportAct",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("unlock", "déblocage"),
                            ("reset", "mot de passe provisoire"),
                            ("void_factors", "annulation du second facteur"),
                            ("end_sessions", "fermeture des sessions"),
                        ],
                        max_length=16,
                    ),
                ),
                ("at", models.DateTimeField(default=nomade.kernel.clock.now)),
                (
                    "identity_check",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="acts", to="support.identitycheck"
                    ),
                ),
                (
                    "technician",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agent"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Team",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, unique=True)),
                ("label", models.CharField(max_length=120)),
                ("members", models.ManyToManyField(blank=True, related_name="support_teams", to="people.agent")),
            ],
        ),
        migrations.CreateModel(
            name="Category",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, unique=True)),
                ("label", models.CharField(max_length=120)),
                ("hint", models.CharField(blank=True, max_length=200)),
                (
                    "priority",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "urgente"), (2, "haute"), (3, "normale"), (4, "basse")], default=3
                    ),
                ),
                ("order", models.PositiveSmallIntegerField(default=100)),
                ("active", models.BooleanField(default=True)),
                (
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="categories",
                        to="support.team",
                    ),
                ),
            ],
            options={
                "ordering": ["order", "label"],
            },
        ),
        migrations.CreateModel(
            name="Ticket",
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
                (
                    "priority",
                    models.PositiveSmallIntegerField(
                        choices=[(1, "urgente"), (2, "haute"), (3, "normale"), (4, "basse")], default=3
                    ),
                ),
                ("page", models.CharField(blank=True, max_length=300)),
                ("error_reference", models.CharField(blank=True, max_length=16)),
                ("due_at", models.DateTimeField()),
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
                    "category",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tickets", to="support.category"
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
                    "team",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="tickets",
                        to="support.team",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Article",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("slug", models.SlugField(max_length=120, unique=True)),
                ("title", models.CharField(max_length=160)),
                ("summary", models.CharField(max_length=300)),
                ("body", models.TextField()),
                ("published", models.BooleanField(default=True)),
                ("updated_at", models.DateTimeField(default=nomade.kernel.clock.now)),
                ("version", models.PositiveIntegerField(default=1)),
                ("search", django.contrib.postgres.search.SearchVectorField(editable=False, null=True)),
                (
                    "author",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.agent",
                    ),
                ),
                (
                    "category",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="articles",
                        to="support.category",
                    ),
                ),
            ],
            options={
                "indexes": [django.contrib.postgres.indexes.GinIndex(fields=["search"], name="article_search")],
            },
        ),
        migrations.AddIndex(
            model_name="identitycheck",
            index=models.Index(fields=["agent", "-opened_at"], name="check_of_agent"),
        ),
        migrations.AddIndex(
            model_name="identitycheck",
            index=models.Index(fields=["expires_at"], name="check_going_on"),
        ),
        migrations.AddConstraint(
            model_name="identitycheck",
            constraint=models.CheckConstraint(
                condition=models.Q(("agent", models.F("technician")), _negated=True), name="check_of_somebody_else"
            ),
        ),
        migrations.AddConstraint(
            model_name="identitycheck",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("seconded_by__isnull", True),
                    models.Q(
                        models.Q(("seconded_by", models.F("technician")), _negated=True),
                        models.Q(("seconded_by", models.F("agent")), _negated=True),
                    ),
                    _connector="OR",
                ),
                name="check_seconded_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="identityproof",
            constraint=models.UniqueConstraint(fields=("identity_check", "kind"), name="proof_once_a_kind"),
        ),
        migrations.AddIndex(
            model_name="incident",
            index=models.Index(
                condition=models.Q(("ended_at__isnull", True)), fields=["-started_at"], name="incident_going_on"
            ),
        ),
        migrations.AddIndex(
            model_name="publicreport",
            index=models.Index(
                condition=models.Q(("handled_at__isnull", True)), fields=["created_at"], name="report_waiting"
            ),
        ),
        migrations.AddIndex(
            model_name="publicreport",
            index=models.Index(fields=["address", "created_at"], name="report_of_address"),
        ),
        migrations.AddIndex(
            model_name="supportact",
            index=models.Index(fields=["at"], name="support_act_when"),
        ),
        migrations.AddConstraint(
            model_name="supportact",
            constraint=models.UniqueConstraint(fields=("identity_check", "kind"), name="act_once_a_check"),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("status__in", ["new", "open"])), fields=["due_at", "id"], name="ticket_queue"
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("status__in", ["new", "open", "pending"])),
                fields=["assignee", "due_at", "id"],
                name="ticket_of_technician",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(fields=["status", "due_at", "id"], name="ticket_by_status"),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(
                condition=models.Q(("status__in", ["new", "open"])),
                fields=["team", "due_at", "id"],
                name="ticket_of_team",
            ),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(fields=["owner", "-submitted_at", "-id"], name="ticket_of_owner"),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=models.Index(fields=["-submitted_at", "-id"], name="ticket_newest"),
        ),
        migrations.AddIndex(
            model_name="ticket",
            index=django.contrib.postgres.indexes.GinIndex(fields=["search"], name="ticket_search"),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("paused_at__isnull", False), ("status", "pending")),
                    models.Q(models.Q(("status", "pending"), _negated=True), ("paused_at__isnull", True)),
                    _connector="OR",
                ),
                name="ticket_pause_is_pending",
            ),
        ),
        migrations.AddConstraint(
            model_name="ticket",
            constraint=models.CheckConstraint(
                condition=models.Q(("satisfaction__isnull", True), ("satisfaction__range", (1, 4)), _connector="OR"),
                name="ticket_satisfaction_scale",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="identityproof",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="1df1fa9168942f26fa34a07cf12ca7bde8b94efe",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_166b1",
                    table="support_identityproof",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="supportact",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="d1a1165a80b21fbac6e80edcbcfd7755bf3b2101",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_eba07",
                    table="support_supportact",
                    when="BEFORE",
                ),
            ),
        ),
    ]
