import datetime
import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import django.db.models.expressions
import nomade.kernel.clock
import nomade.leave.models.requests
import nomade.leave.rules.periods
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    # What it replaces: a base that has all of them goes on without anything to do.
    replaces = [
        ("leave", "0001_initial"),
        ("leave", "0002_team_rules_and_request_life"),
        ("leave", "0003_types_counters_operations"),
        ("leave", "0004_fill_what_0001_lacked"),
        ("leave", "0005_circuits_and_documents"),
        ("leave", "0006_choices_of_accounts"),
        ("leave", "0007_savings_account"),
        ("leave", "0008_refusal_reasons"),
        ("leave", "0009_time_system"),
        ("leave", "0010_telework_asks_its_exception"),
        ("leave", "0011_own_forms_and_situations"),
        ("leave", "0012_find_changes_asked"),
        ("leave", "0013_replacements_and_extra_hours"),
    ]

    initial = True

    dependencies = [
        ("files", "0001_first_edition"),
        ("people", "0001_first_edition"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.CreateModel(
            name="CounterKind",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=20, unique=True)),
                ("label", models.CharField(max_length=80)),
                ("short_label", models.CharField(max_length=30)),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("demi_journee", "demi-journées"),
                            ("jour", "jours entiers"),
                            ("minute", "heures et minutes"),
                        ],
                        default="demi_journee",
                        max_length=12,
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[("tenu", "tenu ici"), ("alimente", "alimenté par le système de temps")],
                        default="tenu",
                        max_length=12,
                    ),
                ),
                ("fed_since", models.DateTimeField(blank=True, null=True)),
                ("order", models.PositiveSmallIntegerField(default=100)),
                ("help", models.CharField(blank=True, max_length=200)),
                ("source", models.CharField(max_length=300)),
            ],
        ),
        migrations.CreateModel(
            name="LeaveRequest",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("reference", models.CharField(max_length=20, unique=True)),
                ("submitted_at", models.DateTimeField(default=nomade.kernel.clock.now)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("submitted", "en attente"),
                            ("approved", "validée"),
                            ("refused", "refusée"),
                            ("cancelled", "annulée"),
                        ],
                        default="submitted",
                        max_length=16,
                    ),
                ),
                ("promised_on", models.DateField(blank=True, null=True)),
                ("first_day", models.DateField()),
                ("first_half", models.PositiveSmallIntegerField(default=nomade.leave.rules.periods.Half["MORNING"])),
                ("last_day", models.DateField()),
                ("last_half", models.PositiveSmallIntegerField(default=nomade.leave.rules.periods.Half["AFTERNOON"])),
                ("half_days", models.PositiveSmallIntegerField()),
                ("comment", models.TextField(blank=True)),
                ("starts_at", models.TimeField(blank=True, null=True)),
                ("ends_at", models.TimeField(blank=True, null=True)),
                ("minutes", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("details", models.JSONField(blank=True, default=dict)),
                ("level", models.PositiveSmallIntegerField(default=0)),
                ("waits_for", models.CharField(blank=True, default="supervisor", max_length=12)),
                ("reminded_at", models.DateTimeField(blank=True, null=True)),
                ("escalated_at", models.DateTimeField(blank=True, null=True)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("decision_reason", models.TextField(blank=True)),
                ("other_first_day", models.DateField(blank=True, null=True)),
                ("other_last_day", models.DateField(blank=True, null=True)),
                ("replacement_reminded_at", models.DateTimeField(blank=True, null=True)),
                (
                    "change_asked",
                    models.CharField(
                        blank=True, choices=[("cancel", "annulation"), ("move", "autres dates")], max_length=8
                    ),
                ),
                ("change_asked_at", models.DateTimeField(blank=True, null=True)),
                ("change_reason", models.TextField(blank=True)),
                ("wanted_first_day", models.DateField(blank=True, null=True)),
                (
                    "wanted_first_half",
                    models.PositiveSmallIntegerField(default=nomade.leave.rules.periods.Half["MORNING"]),
                ),
                ("wanted_last_day", models.DateField(blank=True, null=True)),
                (
                    "wanted_last_half",
                    models.PositiveSmallIntegerField(default=nomade.leave.rules.periods.Half["AFTERNOON"]),
                ),
                ("together", models.UUIDField(blank=True, db_index=True, null=True)),
                (
                    "first_slot",
                    models.GeneratedField(
                        db_persist=True,
                        expression=nomade.leave.models.requests.Slot("first_day", "first_half"),
                        output_field=models.IntegerField(),
                    ),
                ),
                (
                    "last_slot",
                    models.GeneratedField(
                        db_persist=True,
                        expression=nomade.leave.models.requests.Slot("last_day", "last_half"),
                        output_field=models.IntegerField(),
                    ),
                ),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.agent",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.agent",
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
                    "replacement",
                    models.ForeignKey(
                        blank=True,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.agent",
                    ),
                ),
                (
                    "replaces",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="leave.leaverequest",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CalendarFeed",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64, unique=True)),
                ("created_at", models.DateTimeField(default=nomade.kernel.clock.now)),
                (
                    "agent",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.agent"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Counter",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=20)),
                ("year", models.PositiveSmallIntegerField()),
                ("half_days", models.IntegerField(default=0, editable=False)),
                ("overdraft", models.PositiveSmallIntegerField(default=0)),
                ("usable_from", models.DateField(default=datetime.date(1900, 1, 1))),
                ("expires_on", models.DateField(blank=True, null=True)),
                ("as_of", models.DateField(blank=True, null=True)),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="leave_counters", to="people.agent"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CounterKindEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("code", models.CharField(max_length=20)),
                ("label", models.CharField(max_length=80)),
                ("short_label", models.CharField(max_length=30)),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("demi_journee", "demi-journées"),
                            ("jour", "jours entiers"),
                            ("minute", "heures et minutes"),
                        ],
                        default="demi_journee",
                        max_length=12,
                    ),
                ),
                (
                    "mode",
                    models.CharField(
                        choices=[("tenu", "tenu ici"), ("alimente", "alimenté par le système de temps")],
                        default="tenu",
                        max_length=12,
                    ),
                ),
                ("fed_since", models.DateTimeField(blank=True, null=True)),
                ("order", models.PositiveSmallIntegerField(default=100)),
                ("help", models.CharField(blank=True, max_length=200)),
                ("source", models.CharField(max_length=300)),
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
                        to="leave.counterkind",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="DayException",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("day", models.DateField()),
                ("sign", models.CharField(max_length=1)),
                ("move", models.UUIDField(default=uuid.uuid4)),
                ("reason", models.CharField(max_length=200)),
                ("created_at", models.DateTimeField(default=nomade.kernel.clock.now)),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="day_exceptions", to="people.agent"
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agent"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ExpiryNotice",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("days_before", models.PositiveSmallIntegerField()),
                ("expires_on", models.DateField()),
                ("half_days", models.IntegerField()),
                ("sent_at", models.DateTimeField(default=nomade.kernel.clock.now)),
                ("text", models.CharField(max_length=400)),
                (
                    "counter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="notices", to="leave.counter"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ExtraHours",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("reference", models.CharField(max_length=20, unique=True)),
                ("submitted_at", models.DateTimeField(default=nomade.kernel.clock.now)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("submitted", "en attente"),
                            ("approved", "validée"),
                            ("refused", "refusée"),
                            ("cancelled", "annulée"),
                        ],
                        default="submitted",
                        max_length=16,
                    ),
                ),
                ("promised_on", models.DateField(blank=True, null=True)),
                ("day", models.DateField()),
                ("minutes", models.PositiveSmallIntegerField()),
                (
                    "period",
                    models.CharField(
                        choices=[
                            ("jour", "en journée"),
                            ("nuit", "de nuit"),
                            ("dimanche_ferie", "un dimanche ou un jour férié"),
                        ],
                        default="jour",
                        max_length=16,
                    ),
                ),
                ("given", models.PositiveSmallIntegerField()),
                ("reason", models.CharField(max_length=200)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("decision_reason", models.CharField(blank=True, max_length=300)),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.agent",
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.agent",
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
            ],
        ),
        migrations.CreateModel(
            name="ForbiddenPeriod",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("first_day", models.DateField()),
                ("last_day", models.DateField()),
                ("reason", models.CharField(max_length=200)),
                ("set_at", models.DateTimeField(default=nomade.kernel.clock.now)),
                (
                    "set_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agent"),
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
            name="ForbiddenPeriodEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("first_day", models.DateField()),
                ("last_day", models.DateField()),
                ("reason", models.CharField(max_length=200)),
                ("set_at", models.DateTimeField(default=nomade.kernel.clock.now)),
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
                        to="leave.forbiddenperiod",
                    ),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="people.agent",
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
            name="HealthLeave",
            fields=[
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="health",
                        serialize=False,
                        to="leave.leaverequest",
                    ),
                ),
                ("sealed", models.BinaryField()),
                ("written_at", models.DateTimeField(default=nomade.kernel.clock.now)),
            ],
        ),
        migrations.CreateModel(
            name="TimeAnswer",
            fields=[
                (
                    "request",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="time_answer",
                        serialize=False,
                        to="leave.leaverequest",
                    ),
                ),
                ("accepted", models.BooleanField()),
                ("reason", models.CharField(blank=True, max_length=300)),
                ("read_at", models.DateTimeField(default=nomade.kernel.clock.now)),
            ],
        ),
        migrations.CreateModel(
            name="LeaveDocument",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("added_at", models.DateTimeField(default=nomade.kernel.clock.now)),
                (
                    "added_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agent"),
                ),
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="documents", to="leave.leaverequest"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LeaveType",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=20)),
                ("label", models.CharField(max_length=80)),
                ("short_label", models.CharField(max_length=30)),
                ("counter", models.CharField(blank=True, max_length=20)),
                ("team_label", models.CharField(max_length=80)),
                ("icon", models.CharField(blank=True, max_length=40)),
                ("help", models.CharField(blank=True, max_length=200)),
                ("order", models.PositiveSmallIntegerField(default=100)),
                (
                    "group",
                    models.CharField(
                        choices=[
                            ("annuel", "congés annuels"),
                            ("rtt", "RTT"),
                            ("cet", "compte épargne-temps"),
                            ("recuperation", "récupération"),
                            ("sante", "santé"),
                            ("famille", "parentalité et famille"),
                            ("asa", "autorisations spéciales d’absence"),
                            ("teletravail", "télétravail"),
                            ("formation", "formation"),
                            ("greve", "grève"),
                            ("sans_solde", "congés non rémunérés"),
                        ],
                        default="asa",
                        max_length=16,
                    ),
                ),
                (
                    "more_counters",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), blank=True, default=list, size=None
                    ),
                ),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("demi_journee", "demi-journées"),
                            ("jour", "jours entiers"),
                            ("minute", "heures et minutes"),
                        ],
                        default="demi_journee",
                        max_length=12,
                    ),
                ),
                (
                    "fields",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30), blank=True, default=list, size=None
                    ),
                ),
                (
                    "document",
                    models.CharField(
                        choices=[
                            ("aucun", "aucune pièce"),
                            ("facultatif", "pièce facultative"),
                            ("obligatoire", "pièce à joindre à la demande"),
                            ("apres", "pièce à fournir ensuite"),
                        ],
                        default="aucun",
                        max_length=12,
                    ),
                ),
                ("document_label", models.CharField(blank=True, max_length=120)),
                ("document_hours", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "levels",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=12), blank=True, default=list, size=None
                    ),
                ),
                ("second_level_from", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("notice_days", models.PositiveSmallIntegerField(default=0)),
                ("cap_request", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("cap_year", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("past_days", models.PositiveSmallIntegerField(default=0)),
                ("of_right", models.BooleanField(default=False)),
                ("calendar_days", models.BooleanField(default=False)),
                ("pay_code", models.CharField(blank=True, max_length=20)),
                ("pay_effect", models.CharField(blank=True, max_length=120)),
                (
                    "secrecy",
                    models.CharField(
                        choices=[
                            ("type", "le supérieur voit le type"),
                            ("absence", "le supérieur voit « absence justifiée »"),
                            ("restreint", "le motif n’est lu que par les RH habilitées"),
                        ],
                        default="type",
                        max_length=12,
                    ),
                ),
                ("priority", models.PositiveSmallIntegerField(default=50)),
                ("derogation", models.CharField(blank=True, max_length=160)),
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField(blank=True, null=True)),
                ("source", models.CharField(max_length=300)),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("code", "valid_from"), name="leave_type_once_a_day")],
            },
        ),
        migrations.AddField(
            model_name="leaverequest",
            name="leave_type",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="leave.leavetype"
            ),
        ),
        migrations.CreateModel(
            name="LeaveTypeEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("code", models.CharField(max_length=20)),
                ("label", models.CharField(max_length=80)),
                ("short_label", models.CharField(max_length=30)),
                ("counter", models.CharField(blank=True, max_length=20)),
                ("team_label", models.CharField(max_length=80)),
                ("icon", models.CharField(blank=True, max_length=40)),
                ("help", models.CharField(blank=True, max_length=200)),
                ("order", models.PositiveSmallIntegerField(default=100)),
                (
                    "group",
                    models.CharField(
                        choices=[
                            ("annuel", "congés annuels"),
                            ("rtt", "RTT"),
                            ("cet", "compte épargne-temps"),
                            ("recuperation", "récupération"),
                            ("sante", "santé"),
                            ("famille", "parentalité et famille"),
                            ("asa", "autorisations spéciales d’absence"),
                            ("teletravail", "télétravail"),
                            ("formation", "formation"),
                            ("greve", "grève"),
                            ("sans_solde", "congés non rémunérés"),
                        ],
                        default="asa",
                        max_length=16,
                    ),
                ),
                (
                    "more_counters",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), blank=True, default=list, size=None
                    ),
                ),
                (
                    "unit",
                    models.CharField(
                        choices=[
                            ("demi_journee", "demi-journées"),
                            ("jour", "jours entiers"),
                            ("minute", "heures et minutes"),
                        ],
                        default="demi_journee",
                        max_length=12,
                    ),
                ),
                (
                    "fields",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30), blank=True, default=list, size=None
                    ),
                ),
                (
                    "document",
                    models.CharField(
                        choices=[
                            ("aucun", "aucune pièce"),
                            ("facultatif", "pièce facultative"),
                            ("obligatoire", "pièce à joindre à la demande"),
                            ("apres", "pièce à fournir ensuite"),
                        ],
                        default="aucun",
                        max_length=12,
                    ),
                ),
                ("document_label", models.CharField(blank=True, max_length=120)),
                ("document_hours", models.PositiveSmallIntegerField(blank=True, null=True)),
                (
                    "levels",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=12), blank=True, default=list, size=None
                    ),
                ),
                ("second_level_from", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("notice_days", models.PositiveSmallIntegerField(default=0)),
                ("cap_request", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("cap_year", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("past_days", models.PositiveSmallIntegerField(default=0)),
                ("of_right", models.BooleanField(default=False)),
                ("calendar_days", models.BooleanField(default=False)),
                ("pay_code", models.CharField(blank=True, max_length=20)),
                ("pay_effect", models.CharField(blank=True, max_length=120)),
                (
                    "secrecy",
                    models.CharField(
                        choices=[
                            ("type", "le supérieur voit le type"),
                            ("absence", "le supérieur voit « absence justifiée »"),
                            ("restreint", "le motif n’est lu que par les RH habilitées"),
                        ],
                        default="type",
                        max_length=12,
                    ),
                ),
                ("priority", models.PositiveSmallIntegerField(default=50)),
                ("derogation", models.CharField(blank=True, max_length=160)),
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField(blank=True, null=True)),
                ("source", models.CharField(max_length=300)),
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
                        to="leave.leavetype",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="LegalFigure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("key", models.CharField(max_length=60)),
                ("argument", models.CharField(blank=True, max_length=60)),
                ("value", models.CharField(max_length=60)),
                ("population", models.CharField(blank=True, max_length=40)),
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField(blank=True, null=True)),
                ("source", models.CharField(max_length=300)),
                ("verified", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("key", "argument", "population", "valid_from"), name="legal_figure_once_a_day"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="LegalFigureEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("key", models.CharField(max_length=60)),
                ("argument", models.CharField(blank=True, max_length=60)),
                ("value", models.CharField(max_length=60)),
                ("population", models.CharField(blank=True, max_length=40)),
                ("valid_from", models.DateField()),
                ("valid_until", models.DateField(blank=True, null=True)),
                ("source", models.CharField(max_length=300)),
                ("verified", models.BooleanField(default=False)),
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
                        to="leave.legalfigure",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="MinimumPresence",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("people", models.PositiveSmallIntegerField()),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("set_at", models.DateTimeField(default=nomade.kernel.clock.now)),
                (
                    "set_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agent"),
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
            name="MinimumPresenceEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("people", models.PositiveSmallIntegerField()),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("set_at", models.DateTimeField(default=nomade.kernel.clock.now)),
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
                        to="leave.minimumpresence",
                    ),
                ),
                (
                    "set_by",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="people.agent",
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
            name="Operation",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("fermeture", "jour de fermeture"),
                            ("droit", "droit pour une liste d’agents"),
                            ("reprise", "reprise de compteurs"),
                            ("systeme", "soldes du système de temps"),
                            ("cloture", "clôture d’année"),
                            ("situation", "droits recalculés après un changement de situation"),
                        ],
                        max_length=12,
                    ),
                ),
                ("label", models.CharField(max_length=200)),
                ("asked", models.JSONField(default=dict)),
                ("report", models.JSONField(default=dict)),
                ("created_at", models.DateTimeField(default=nomade.kernel.clock.now)),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                ("undone_reason", models.CharField(blank=True, max_length=300)),
                (
                    "author",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agent"
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.agent",
                    ),
                ),
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
            name="LedgerEntry",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("droit", "droit ouvert"),
                            ("prise", "demande"),
                            ("annulation", "jours rendus"),
                            ("correction", "correction"),
                            ("report", "report"),
                            ("peremption", "jours périmés"),
                            ("reduction", "réduction"),
                            ("versement", "versement au CET"),
                            ("indemnite", "jours indemnisés"),
                            ("reprise", "reprise de l’ancien système"),
                            ("systeme", "solde du système de temps"),
                        ],
                        max_length=12,
                    ),
                ),
                ("half_days", models.SmallIntegerField()),
                ("date", models.DateField()),
                ("reason", models.CharField(max_length=300)),
                ("source", models.CharField(blank=True, max_length=200)),
                ("created_at", models.DateTimeField(default=nomade.kernel.clock.now)),
                (
                    "author",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agent"
                    ),
                ),
                (
                    "counter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="entries", to="leave.counter"
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="leave.leaverequest",
                    ),
                ),
                (
                    "operation",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="leave.operation",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PayrollExport",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("month", models.DateField(help_text="first day of the month")),
                ("number", models.PositiveSmallIntegerField()),
                ("created_at", models.DateTimeField(default=nomade.kernel.clock.now)),
                (
                    "author",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agent"),
                ),
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
            name="PayrollLine",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("month", models.DateField()),
                ("pay_code", models.CharField(max_length=20)),
                ("first_day", models.DateField()),
                ("last_day", models.DateField()),
                ("half_days", models.SmallIntegerField()),
                (
                    "export",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="leave.payrollexport"
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="payroll_lines",
                        to="leave.leaverequest",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="RefusalReason",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("text", models.CharField(max_length=300, unique=True)),
                ("in_use", models.BooleanField(default=True)),
                ("added_at", models.DateTimeField(default=nomade.kernel.clock.now)),
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
            ],
            options={
                "ordering": ["text"],
            },
        ),
        migrations.CreateModel(
            name="SavingRequest",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("reference", models.CharField(max_length=20, unique=True)),
                ("submitted_at", models.DateTimeField(default=nomade.kernel.clock.now)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("submitted", "en attente"),
                            ("approved", "validée"),
                            ("refused", "refusée"),
                            ("cancelled", "annulée"),
                        ],
                        default="submitted",
                        max_length=16,
                    ),
                ),
                ("promised_on", models.DateField(blank=True, null=True)),
                ("year", models.PositiveSmallIntegerField()),
                ("annual", models.PositiveSmallIntegerField(default=0)),
                ("rtt", models.PositiveSmallIntegerField(default=0)),
                ("split", models.PositiveSmallIntegerField(default=0)),
                ("decided_at", models.DateTimeField(blank=True, null=True)),
                ("decision_reason", models.CharField(blank=True, max_length=300)),
                (
                    "decided_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="people.agent",
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
            ],
        ),
        migrations.CreateModel(
            name="TimeExport",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("created_at", models.DateTimeField(default=nomade.kernel.clock.now)),
                (
                    "author",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agent"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TimeLine",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "action",
                    models.CharField(
                        choices=[("prise", "à prendre en compte"), ("annulation", "à annuler")], max_length=12
                    ),
                ),
                ("counter", models.CharField(max_length=20)),
                ("year", models.PositiveSmallIntegerField()),
                ("half_days", models.PositiveSmallIntegerField()),
                (
                    "export",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="leave.timeexport"
                    ),
                ),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="time_lines", to="leave.leaverequest"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AccountChoice",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("year", models.PositiveSmallIntegerField()),
                (
                    "option",
                    models.CharField(
                        choices=[
                            ("conges", "les garder en congés"),
                            ("indemnisation", "les faire payer"),
                            ("rafp", "les verser à la retraite additionnelle (RAFP)"),
                            ("partage", "les partager"),
                        ],
                        max_length=16,
                    ),
                ),
                ("paid", models.PositiveSmallIntegerField(default=0)),
                ("pension", models.PositiveSmallIntegerField(default=0)),
                ("made_on", models.DateField()),
                (
                    "agent",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agent"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("agent", "year"), name="leave_account_choice_once")],
            },
        ),
        migrations.CreateModel(
            name="Closure",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("label", models.CharField(max_length=120)),
                ("first_day", models.DateField()),
                ("last_day", models.DateField()),
                ("created_at", models.DateTimeField(default=nomade.kernel.clock.now)),
                (
                    "author",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agent"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="leave_closures",
                        to="people.orgunit",
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["first_day", "last_day"], name="leave_closure_days")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("last_day__gte", models.F("first_day"))), name="leave_closure_in_order"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Correction",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("code", models.CharField(max_length=20)),
                ("year", models.PositiveSmallIntegerField()),
                ("half_days", models.SmallIntegerField()),
                ("reason", models.CharField(max_length=300)),
                (
                    "state",
                    models.CharField(
                        choices=[("attente", "attend une seconde lecture"), ("faite", "faite"), ("rejetee", "rejetée")],
                        default="attente",
                        max_length=12,
                    ),
                ),
                ("created_at", models.DateTimeField(default=nomade.kernel.clock.now)),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                ("reader_reason", models.CharField(blank=True, max_length=300)),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="leave_corrections", to="people.agent"
                    ),
                ),
                (
                    "author",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agent"),
                ),
                (
                    "reader",
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
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("reader__isnull", True),
                            models.Q(("reader", models.F("author")), _negated=True),
                            _connector="OR",
                        ),
                        name="leave_correction_second_reader",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("author", models.F("agent")), _negated=True),
                        name="leave_correction_of_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("half_days", 0), _negated=True), name="leave_correction_moves"
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="counter",
            index=models.Index(
                condition=models.Q(("half_days__gt", 0)), fields=["expires_on"], name="leave_counter_expiring"
            ),
        ),
        migrations.AddConstraint(
            model_name="counter",
            constraint=models.UniqueConstraint(fields=("agent", "year", "code"), name="leave_counter_once"),
        ),
        migrations.AddConstraint(
            model_name="counter",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "half_days__gte",
                        django.db.models.expressions.CombinedExpression(models.F("overdraft"), "*", models.Value(-1)),
                    )
                ),
                name="leave_counter_not_overdrawn",
            ),
        ),
        migrations.AddConstraint(
            model_name="dayexception",
            constraint=models.UniqueConstraint(fields=("agent", "day"), name="leave_day_exception_once"),
        ),
        migrations.AddConstraint(
            model_name="dayexception",
            constraint=models.CheckConstraint(
                condition=models.Q(("sign__in", ["1", "a", "p", "0"])), name="leave_day_exception_sign"
            ),
        ),
        migrations.AddConstraint(
            model_name="expirynotice",
            constraint=models.UniqueConstraint(
                fields=("counter", "expires_on", "days_before"), name="leave_notice_once"
            ),
        ),
        migrations.AddIndex(
            model_name="extrahours",
            index=models.Index(fields=["owner", "day"], name="leave_extra_of_owner"),
        ),
        migrations.AddIndex(
            model_name="extrahours",
            index=models.Index(
                condition=models.Q(("state", "submitted")), fields=["owner"], name="leave_extra_waiting"
            ),
        ),
        migrations.AddConstraint(
            model_name="extrahours",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by__isnull", True),
                    models.Q(("decided_by", models.F("owner")), _negated=True),
                    _connector="OR",
                ),
                name="leave_extra_decided_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="extrahours",
            constraint=models.CheckConstraint(
                condition=models.Q(("given__gt", 0), ("minutes__gt", 0)), name="leave_extra_some_time"
            ),
        ),
        migrations.AddConstraint(
            model_name="extrahours",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["submitted", "approved"])),
                fields=("owner", "day", "period"),
                name="leave_extra_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="forbiddenperiod",
            constraint=models.CheckConstraint(
                condition=models.Q(("last_day__gte", models.F("first_day"))), name="leave_forbidden_in_order"
            ),
        ),
        migrations.AddField(
            model_name="healthleave",
            name="written_by",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agent"),
        ),
        migrations.AddIndex(
            model_name="leaverequest",
            index=models.Index(fields=["owner", "first_day"], name="leave_request_of_owner"),
        ),
        migrations.AddIndex(
            model_name="leaverequest",
            index=models.Index(
                condition=models.Q(("state", "submitted")), fields=["owner"], name="leave_request_pending"
            ),
        ),
        migrations.AddIndex(
            model_name="leaverequest",
            index=models.Index(
                condition=models.Q(("change_asked", ""), _negated=True), fields=["owner"], name="leave_request_changing"
            ),
        ),
        migrations.AddIndex(
            model_name="leaverequest",
            index=models.Index(
                condition=models.Q(("replacement__isnull", False)),
                fields=["replacement", "first_day"],
                name="leave_request_replaced",
            ),
        ),
        migrations.AddConstraint(
            model_name="leaverequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("last_day__gte", models.F("first_day")), ("last_slot__gte", models.F("first_slot"))
                ),
                name="leave_request_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="leaverequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "first_half__in",
                        [nomade.leave.rules.periods.Half["MORNING"], nomade.leave.rules.periods.Half["AFTERNOON"]],
                    ),
                    (
                        "last_half__in",
                        [nomade.leave.rules.periods.Half["MORNING"], nomade.leave.rules.periods.Half["AFTERNOON"]],
                    ),
                ),
                name="leave_request_halves",
            ),
        ),
        migrations.AddConstraint(
            model_name="leaverequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by__isnull", True),
                    models.Q(("decided_by", models.F("owner")), _negated=True),
                    _connector="OR",
                ),
                name="leave_request_decided_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="leaverequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("replacement__isnull", True),
                    models.Q(("replacement", models.F("owner")), _negated=True),
                    _connector="OR",
                ),
                name="leave_request_replaced_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="leaverequest",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("state__in", ["submitted", "approved"])),
                expressions=[
                    (
                        models.Func(
                            models.F("owner_id"), models.F("owner_id"), models.Value("[]"), function="int8range"
                        ),
                        "&&",
                    ),
                    (
                        models.Func(
                            nomade.leave.models.requests.Slot("first_day", "first_half"),
                            nomade.leave.models.requests.Slot("last_day", "last_half"),
                            models.Value("[]"),
                            function="int4range",
                            output_field=django.contrib.postgres.fields.ranges.IntegerRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="leave_request_one_a_half_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="minimumpresence",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                ),
                name="leave_minimum_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="minimumpresence",
            constraint=models.UniqueConstraint(
                condition=models.Q(("valid_to__isnull", True)), fields=("unit",), name="leave_minimum_one_open"
            ),
        ),
        migrations.AddIndex(
            model_name="operation",
            index=models.Index(fields=["-created_at"], name="leave_operation_recent"),
        ),
        migrations.AddConstraint(
            model_name="payrollexport",
            constraint=models.UniqueConstraint(fields=("month", "number"), name="leave_payroll_once"),
        ),
        migrations.AddIndex(
            model_name="payrollline",
            index=models.Index(fields=["request", "month"], name="leave_payroll_of_request"),
        ),
        migrations.AddIndex(
            model_name="savingrequest",
            index=models.Index(fields=["owner", "year"], name="leave_saving_of_owner"),
        ),
        migrations.AddIndex(
            model_name="savingrequest",
            index=models.Index(
                condition=models.Q(("state", "submitted")), fields=["submitted_at"], name="leave_saving_waiting"
            ),
        ),
        migrations.AddConstraint(
            model_name="savingrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("decided_by__isnull", True),
                    models.Q(("decided_by", models.F("owner")), _negated=True),
                    _connector="OR",
                ),
                name="leave_saving_decided_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="savingrequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("annual__gt", 0), ("rtt__gt", 0), ("split__gt", 0), _connector="OR"),
                name="leave_saving_some_days",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="counterkind",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "leave_counterkindevent" ("code", "fed_since", "help", "id", "label", "mode", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "short_label", "source", "unit") VALUES (NEW."code", NEW."fed_since", NEW."help", NEW."id", NEW."label", NEW."mode", NEW."order", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."short_label", NEW."source", NEW."unit"); RETURN NULL;',
                    hash="74ee60c576b99c529ef91328dfebfc707fd5ffc0",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_ba0ef",
                    table="leave_counterkind",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="counterkind",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "leave_counterkindevent" ("code", "fed_since", "help", "id", "label", "mode", "order", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "short_label", "source", "unit") VALUES (OLD."code", OLD."fed_since", OLD."help", OLD."id", OLD."label", OLD."mode", OLD."order", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."short_label", OLD."source", OLD."unit"); RETURN NULL;',
                    hash="3ffe23017651b5b4c9096be65c5a415f88ec3ca7",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_ae2fd",
                    table="leave_counterkind",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="leavetype",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "leave_leavetypeevent" ("calendar_days", "cap_request", "cap_year", "code", "counter", "derogation", "document", "document_hours", "document_label", "fields", "group", "help", "icon", "id", "label", "levels", "more_counters", "notice_days", "of_right", "order", "past_days", "pay_code", "pay_effect", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "priority", "second_level_from", "secrecy", "short_label", "source", "team_label", "unit", "valid_from", "valid_until") VALUES (NEW."calendar_days", NEW."cap_request", NEW."cap_year", NEW."code", NEW."counter", NEW."derogation", NEW."document", NEW."document_hours", NEW."document_label", NEW."fields", NEW."group", NEW."help", NEW."icon", NEW."id", NEW."label", NEW."levels", NEW."more_counters", NEW."notice_days", NEW."of_right", NEW."order", NEW."past_days", NEW."pay_code", NEW."pay_effect", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."priority", NEW."second_level_from", NEW."secrecy", NEW."short_label", NEW."source", NEW."team_label", NEW."unit", NEW."valid_from", NEW."valid_until"); RETURN NULL;',
                    hash="c98178be994c33ec7b1b8fb46f7371f99c4aa886",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_ffcdc",
                    table="leave_leavetype",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="leavetype",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "leave_leavetypeevent" ("calendar_days", "cap_request", "cap_year", "code", "counter", "derogation", "document", "document_hours", "document_label", "fields", "group", "help", "icon", "id", "label", "levels", "more_counters", "notice_days", "of_right", "order", "past_days", "pay_code", "pay_effect", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "priority", "second_level_from", "secrecy", "short_label", "source", "team_label", "unit", "valid_from", "valid_until") VALUES (OLD."calendar_days", OLD."cap_request", OLD."cap_year", OLD."code", OLD."counter", OLD."derogation", OLD."document", OLD."document_hours", OLD."document_label", OLD."fields", OLD."group", OLD."help", OLD."icon", OLD."id", OLD."label", OLD."levels", OLD."more_counters", OLD."notice_days", OLD."of_right", OLD."order", OLD."past_days", OLD."pay_code", OLD."pay_effect", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."priority", OLD."second_level_from", OLD."secrecy", OLD."short_label", OLD."source", OLD."team_label", OLD."unit", OLD."valid_from", OLD."valid_until"); RETURN NULL;',
                    hash="9b3970e4972890fe441a90b9ef0d761758b62cac",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_6060e",
                    table="leave_leavetype",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="legalfigure",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "leave_legalfigureevent" ("argument", "id", "key", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "population", "source", "valid_from", "valid_until", "value", "verified") VALUES (NEW."argument", NEW."id", NEW."key", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."population", NEW."source", NEW."valid_from", NEW."valid_until", NEW."value", NEW."verified"); RETURN NULL;',
                    hash="c51a51aacaa8c2fe99da19fbba168c32eadf90f4",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_5401c",
                    table="leave_legalfigure",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="legalfigure",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "leave_legalfigureevent" ("argument", "id", "key", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "population", "source", "valid_from", "valid_until", "value", "verified") VALUES (OLD."argument", OLD."id", OLD."key", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."population", OLD."source", OLD."valid_from", OLD."valid_until", OLD."value", OLD."verified"); RETURN NULL;',
                    hash="6582f93f59d7520533f7c7bcd428ecc4f1e35b45",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_2aed7",
                    table="leave_legalfigure",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="expirynotice",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="9e446b524216a8982d87e34df70b6adf7e625443",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_91fb4",
                    table="leave_expirynotice",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="forbiddenperiod",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "leave_forbiddenperiodevent" ("first_day", "id", "last_day", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "set_at", "set_by_id", "unit_id") VALUES (NEW."first_day", NEW."id", NEW."last_day", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."reason", NEW."set_at", NEW."set_by_id", NEW."unit_id"); RETURN NULL;',
                    hash="3adfec981dcb77f72d0e8309aa26252654f818bc",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_50018",
                    table="leave_forbiddenperiod",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="forbiddenperiod",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "leave_forbiddenperiodevent" ("first_day", "id", "last_day", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "reason", "set_at", "set_by_id", "unit_id") VALUES (OLD."first_day", OLD."id", OLD."last_day", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."reason", OLD."set_at", OLD."set_by_id", OLD."unit_id"); RETURN NULL;',
                    hash="a53441f5e295478a876375ac0ecdb72e6cdc3e2b",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_afdd4",
                    table="leave_forbiddenperiod",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="timeanswer",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="b0d40a02d100864dd9956ba5b9e322e2397530a0",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_a502f",
                    table="leave_timeanswer",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="minimumpresence",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "leave_minimumpresenceevent" ("id", "people", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "set_at", "set_by_id", "unit_id", "valid_from", "valid_to") VALUES (NEW."id", NEW."people", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."set_at", NEW."set_by_id", NEW."unit_id", NEW."valid_from", NEW."valid_to"); RETURN NULL;',
                    hash="24318e50636e75de57a5e2b363af7957b5ac8d4c",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_4427e",
                    table="leave_minimumpresence",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="minimumpresence",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "leave_minimumpresenceevent" ("id", "people", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "set_at", "set_by_id", "unit_id", "valid_from", "valid_to") VALUES (OLD."id", OLD."people", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."set_at", OLD."set_by_id", OLD."unit_id", OLD."valid_from", OLD."valid_to"); RETURN NULL;',
                    hash="d683aaddd31dd5354a0d2f08fbc4b66a7d23520c",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_78aec",
                    table="leave_minimumpresence",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ledgerentry",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="b424814f3319d466ecca1e09add5631f74f881ea",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_a3a62",
                    table="leave_ledgerentry",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="ledgerentry",
            trigger=pgtrigger.compiler.Trigger(
                name="keep_sum",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\n                    UPDATE leave_counter AS counter SET half_days = counter.half_days + moved.half_days\n                    FROM (SELECT counter_id, sum(half_days) AS half_days FROM added GROUP BY counter_id) AS moved\n                    WHERE counter.id = moved.counter_id;\n                    RETURN NULL;\n                ",
                    hash="8f3eccbfb1e929ce3b80620da76f50f980af0c04",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_keep_sum_78e29",
                    referencing="REFERENCING NEW TABLE AS added ",
                    table="leave_ledgerentry",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="payrollline",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="3f7d312b31f0e15e106c7f464836c246c827dd1a",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_3b01d",
                    table="leave_payrollline",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="timeline",
            trigger=pgtrigger.compiler.Trigger(
                name="append_only",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;",
                    hash="10d2b0b6a1f27da38a37d035b977c4f4139ebc36",
                    operation="UPDATE OR DELETE",
                    pgid="pgtrigger_append_only_8634e",
                    table="leave_timeline",
                    when="BEFORE",
                ),
            ),
        ),
    ]
