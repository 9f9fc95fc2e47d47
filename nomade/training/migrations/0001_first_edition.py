import datetime
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.lookups
import nomade.kernel.clock
import nomade.kernel.ids
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    # What it replaces: a base that has all of them goes on without anything to do.
    replaces = [
        ("training", "0001_initial"),
        ("training", "0002_number"),
        ("training", "0003_skills_risks_later"),
        ("training", "0004_seats_counted"),
    ]

    initial = True

    dependencies = [
        ("files", "0001_first_edition"),
        ("people", "0001_first_edition"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.RunSQL(
            sql="CREATE SEQUENCE training_session_number",
            reverse_sql="DROP SEQUENCE training_session_number",
        ),
        migrations.CreateModel(
            name="Domain",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.SlugField(max_length=40, unique=True)),
                ("label", models.CharField(max_length=120)),
            ],
            options={
                "ordering": ["label"],
            },
        ),
        migrations.CreateModel(
            name="Risk",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("label", models.CharField(max_length=120, unique=True)),
            ],
            options={
                "ordering": ["label"],
            },
        ),
        migrations.CreateModel(
            name="Room",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("label", models.CharField(max_length=160, unique=True)),
                ("address", models.CharField(blank=True, max_length=300)),
                ("access", models.CharField(blank=True, max_length=400)),
                ("seats", models.PositiveSmallIntegerField(default=12)),
            ],
            options={
                "ordering": ["label"],
            },
        ),
        migrations.CreateModel(
            name="Circuit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("integration", "intégration"),
                            ("professionnalisation", "professionnalisation"),
                            ("perfectionnement", "perfectionnement"),
                            ("concours", "préparation aux concours"),
                            ("cpf", "compte personnel de formation"),
                            ("securite", "santé et sécurité"),
                            ("illettrisme", "savoirs de base"),
                        ],
                        max_length=24,
                    ),
                ),
                ("from_cost", models.DecimalField(decimal_places=2, default=0, max_digits=8)),
                ("from_hours", models.DecimalField(decimal_places=1, default=0, max_digits=5)),
                ("asks_supervisor", models.BooleanField(default=True)),
                ("asks_office", models.BooleanField(default=True)),
                ("promised_days", models.PositiveSmallIntegerField(default=15)),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("kind", "from_cost", "from_hours"), name="training_circuit_once")
                ],
            },
        ),
        migrations.CreateModel(
            name="CircuitEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "kind",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("integration", "intégration"),
                            ("professionnalisation", "professionnalisation"),
                            ("perfectionnement", "perfectionnement"),
                            ("concours", "préparation aux concours"),
                            ("cpf", "compte personnel de formation"),
                            ("securite", "santé et sécurité"),
                            ("illettrisme", "savoirs de base"),
                        ],
                        max_length=24,
                    ),
                ),
                ("from_cost", models.DecimalField(decimal_places=2, default=0, max_digits=8)),
                ("from_hours", models.DecimalField(decimal_places=1, default=0, max_digits=5)),
                ("asks_supervisor", models.BooleanField(default=True)),
                ("asks_office", models.BooleanField(default=True)),
                ("promised_days", models.PositiveSmallIntegerField(default=15)),
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
                        to="training.circuit",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Course",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=nomade.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=40, unique=True)),
                ("title", models.CharField(max_length=200)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("integration", "intégration"),
                            ("professionnalisation", "professionnalisation"),
                            ("perfectionnement", "perfectionnement"),
                            ("concours", "préparation aux concours"),
                            ("cpf", "compte personnel de formation"),
                            ("securite", "santé et sécurité"),
                            ("illettrisme", "savoirs de base"),
                        ],
                        max_length=24,
                    ),
                ),
                (
                    "modality",
                    models.CharField(
                        choices=[
                            ("presentiel", "en salle"),
                            ("distance", "à distance"),
                            ("mixte", "en salle et à distance"),
                        ],
                        default="presentiel",
                        max_length=16,
                    ),
                ),
                ("hours", models.DecimalField(decimal_places=1, max_digits=5)),
                ("audience", models.CharField(blank=True, max_length=400)),
                ("prerequisites", models.CharField(blank=True, max_length=400)),
                ("objectives", models.TextField(blank=True, max_length=4000)),
                ("programme", models.TextField(blank=True, max_length=8000)),
                ("provider", models.CharField(blank=True, max_length=200)),
                ("accessibility", models.CharField(blank=True, max_length=400)),
                ("cost", models.DecimalField(decimal_places=2, default=0, max_digits=8)),
                ("posts", models.CharField(blank=True, max_length=400)),
                ("valid_months", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("is_offered", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField(default=nomade.kernel.clock.now)),
                ("words", django.contrib.postgres.search.SearchVectorField(editable=False, null=True)),
                ("documents", models.ManyToManyField(blank=True, related_name="+", to="files.storedfile")),
                (
                    "requires",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="training.course",
                    ),
                ),
                (
                    "domain",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="courses", to="training.domain"
                    ),
                ),
            ],
            options={
                "ordering": ["title"],
            },
        ),
        migrations.CreateModel(
            name="CourseEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.UUIDField(default=nomade.kernel.ids.new_id, editable=False, serialize=False)),
                ("code", models.CharField(max_length=40)),
                ("title", models.CharField(max_length=200)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("integration", "intégration"),
                            ("professionnalisation", "professionnalisation"),
                            ("perfectionnement", "perfectionnement"),
                            ("concours", "préparation aux concours"),
                            ("cpf", "compte personnel de formation"),
                            ("securite", "santé et sécurité"),
                            ("illettrisme", "savoirs de base"),
                        ],
                        max_length=24,
                    ),
                ),
                (
                    "modality",
                    models.CharField(
                        choices=[
                            ("presentiel", "en salle"),
                            ("distance", "à distance"),
                            ("mixte", "en salle et à distance"),
                        ],
                        default="presentiel",
                        max_length=16,
                    ),
                ),
                ("hours", models.DecimalField(decimal_places=1, max_digits=5)),
                ("audience", models.CharField(blank=True, max_length=400)),
                ("prerequisites", models.CharField(blank=True, max_length=400)),
                ("objectives", models.TextField(blank=True, max_length=4000)),
                ("programme", models.TextField(blank=True, max_length=8000)),
                ("provider", models.CharField(blank=True, max_length=200)),
                ("accessibility", models.CharField(blank=True, max_length=400)),
                ("cost", models.DecimalField(decimal_places=2, default=0, max_digits=8)),
                ("posts", models.CharField(blank=True, max_length=400)),
                ("valid_months", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("is_offered", models.BooleanField(default=True)),
                ("created_at", models.DateTimeField(default=nomade.kernel.clock.now)),
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
                        to="training.course",
                    ),
                ),
                (
                    "requires",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="training.course",
                    ),
                ),
                (
                    "domain",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="training.domain",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Enrolment",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("reference", models.CharField(max_length=20, unique=True)),
                ("submitted_at", models.DateTimeField(default=nomade.kernel.clock.now)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("submitted", "en attente du responsable"),
                            ("endorsed", "en attente du service formation"),
                            ("approved", "acceptée"),
                            ("refused", "refusée"),
                            ("cancelled", "annulée"),
                        ],
                        default="submitted",
                        max_length=12,
                    ),
                ),
                (
                    "seat",
                    models.CharField(
                        choices=[
                            ("held", "place réservée"),
                            ("waiting", "liste d’attente"),
                            ("offered", "place proposée"),
                            ("none", "sans place"),
                        ],
                        default="none",
                        max_length=8,
                    ),
                ),
                ("rank", models.PositiveIntegerField()),
                ("offered_until", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, max_length=1000)),
                (
                    "priority",
                    models.CharField(
                        choices=[
                            ("required", "obligatoire pour le poste"),
                            ("useful", "utile au poste"),
                            ("personal", "projet personnel"),
                        ],
                        default="useful",
                        max_length=10,
                    ),
                ),
                ("needs", models.CharField(blank=True, max_length=400)),
                ("asks_office", models.BooleanField(default=True)),
                ("promised_on", models.DateField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("refusal", models.CharField(blank=True, max_length=600)),
                ("refusal_rule", models.CharField(blank=True, max_length=200)),
                ("opinion_on", models.DateField(null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agent"
                    ),
                ),
                (
                    "entered_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agent"
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
            name="Credit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("minutes", models.PositiveIntegerField()),
                ("certificate", models.UUIDField(null=True)),
                ("credited_at", models.DateTimeField(default=nomade.kernel.clock.now)),
                ("later_asked_on", models.DateField(null=True)),
                ("later_recalled_on", models.DateField(null=True)),
                (
                    "enrolment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="credit", to="training.enrolment"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Evaluation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("goals", models.PositiveSmallIntegerField()),
                ("content", models.PositiveSmallIntegerField()),
                ("trainer", models.PositiveSmallIntegerField()),
                ("usefulness", models.PositiveSmallIntegerField()),
                ("comment", models.CharField(blank=True, max_length=2000)),
                ("at", models.DateTimeField(default=nomade.kernel.clock.now)),
                (
                    "enrolment",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="evaluation", to="training.enrolment"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Favourite",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "agent",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.agent"),
                ),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="favourites", to="training.course"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Habilitation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("obtained_on", models.DateField()),
                ("expires_on", models.DateField(null=True)),
                ("noted_at", models.DateTimeField(default=nomade.kernel.clock.now)),
                ("recalled", models.PositiveSmallIntegerField(null=True)),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="habilitations", to="people.agent"
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="habilitations", to="training.course"
                    ),
                ),
                (
                    "noted_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agent"
                    ),
                ),
                (
                    "proof",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LaterEvaluation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "side",
                    models.CharField(choices=[("agent", "participant"), ("supervisor", "responsable")], max_length=10),
                ),
                ("used", models.PositiveSmallIntegerField()),
                ("effect", models.PositiveSmallIntegerField()),
                ("comment", models.CharField(blank=True, max_length=2000)),
                ("at", models.DateTimeField(default=nomade.kernel.clock.now)),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="later", to="training.enrolment"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Obligation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("label", models.CharField(max_length=160)),
                ("source", models.CharField(max_length=200)),
                ("posts", models.CharField(blank=True, max_length=300)),
                (
                    "status",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("titulaire", "titulaire"),
                            ("stagiaire", "stagiaire"),
                            ("contractuel", "contractuel"),
                            ("vacataire", "vacataire"),
                            ("apprenti", "apprenti"),
                            ("assistante_maternelle", "assistante maternelle"),
                            ("autre", "autre"),
                        ],
                        max_length=24,
                    ),
                ),
                ("category", models.CharField(blank=True, choices=[("A", "A"), ("B", "B"), ("C", "C")], max_length=1)),
                ("within_days", models.PositiveSmallIntegerField(default=365)),
                ("valid_from", models.DateField(default=datetime.date(2000, 1, 1))),
                ("valid_to", models.DateField(blank=True, null=True)),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="obligations", to="training.course"
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
                (
                    "risk",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="training.risk",
                    ),
                ),
            ],
            options={
                "ordering": ["label"],
            },
        ),
        migrations.CreateModel(
            name="FirstRecall",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("step", models.PositiveSmallIntegerField()),
                (
                    "agent",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.agent"),
                ),
                (
                    "obligation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="training.obligation"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OutsideRequest",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("reference", models.CharField(max_length=20, unique=True)),
                ("submitted_at", models.DateTimeField(default=nomade.kernel.clock.now)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("course", "formation d’un autre organisme"),
                            ("cnfpt", "formation du CNFPT"),
                            ("concours", "préparation d’un concours ou d’un examen"),
                            ("cpf", "formation au titre du compte personnel de formation"),
                        ],
                        max_length=10,
                    ),
                ),
                (
                    "course_kind",
                    models.CharField(
                        choices=[
                            ("integration", "intégration"),
                            ("professionnalisation", "professionnalisation"),
                            ("perfectionnement", "perfectionnement"),
                            ("concours", "préparation aux concours"),
                            ("cpf", "compte personnel de formation"),
                            ("securite", "santé et sécurité"),
                            ("illettrisme", "savoirs de base"),
                        ],
                        default="perfectionnement",
                        max_length=24,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("submitted", "en attente du responsable"),
                            ("endorsed", "en attente du service formation"),
                            ("approved", "acceptée"),
                            ("refused", "refusée"),
                            ("cancelled", "annulée"),
                        ],
                        default="submitted",
                        max_length=12,
                    ),
                ),
                ("title", models.CharField(max_length=200)),
                ("organism", models.CharField(max_length=200)),
                ("link", models.URLField(blank=True, max_length=400)),
                ("first_day", models.DateField()),
                ("last_day", models.DateField()),
                ("hours", models.DecimalField(decimal_places=1, max_digits=5)),
                ("cost", models.DecimalField(decimal_places=2, default=0, max_digits=8)),
                ("project", models.TextField(max_length=3000)),
                ("financing", models.CharField(blank=True, max_length=400)),
                ("promised_on", models.DateField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("cpf_hours", models.DecimalField(decimal_places=1, max_digits=5, null=True)),
                ("refusal", models.CharField(blank=True, max_length=600)),
                ("refusal_rule", models.CharField(blank=True, max_length=200)),
                ("opinion_on", models.DateField(null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agent"
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
                    "quote",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ObligationEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("label", models.CharField(max_length=160)),
                ("source", models.CharField(max_length=200)),
                ("posts", models.CharField(blank=True, max_length=300)),
                (
                    "status",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("titulaire", "titulaire"),
                            ("stagiaire", "stagiaire"),
                            ("contractuel", "contractuel"),
                            ("vacataire", "vacataire"),
                            ("apprenti", "apprenti"),
                            ("assistante_maternelle", "assistante maternelle"),
                            ("autre", "autre"),
                        ],
                        max_length=24,
                    ),
                ),
                ("category", models.CharField(blank=True, choices=[("A", "A"), ("B", "B"), ("C", "C")], max_length=1)),
                ("within_days", models.PositiveSmallIntegerField(default=365)),
                ("valid_from", models.DateField(default=datetime.date(2000, 1, 1))),
                ("valid_to", models.DateField(blank=True, null=True)),
                (
                    "course",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="training.course",
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
                        to="training.obligation",
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
                (
                    "risk",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="training.risk",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Exposure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("since", models.DateField()),
                ("until", models.DateField(blank=True, null=True)),
                (
                    "agent",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agent"),
                ),
                (
                    "noted_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agent"),
                ),
                (
                    "risk",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="exposures", to="training.risk"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Skill",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=nomade.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("label", models.CharField(max_length=160)),
                (
                    "level",
                    models.CharField(
                        choices=[
                            ("notions", "notions"),
                            ("practice", "pratique courante"),
                            ("mastery", "maîtrise"),
                            ("teaches", "peut former"),
                        ],
                        default="practice",
                        max_length=10,
                    ),
                ),
                ("obtained_on", models.DateField(null=True)),
                ("expires_on", models.DateField(null=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("declared", "à vérifier"), ("verified", "vérifiée"), ("refused", "non retenue")],
                        default="declared",
                        max_length=10,
                    ),
                ),
                ("remark", models.CharField(blank=True, max_length=400)),
                ("checked_at", models.DateTimeField(null=True)),
                ("declared_at", models.DateTimeField(default=nomade.kernel.clock.now)),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="skills", to="people.agent"
                    ),
                ),
                (
                    "checked_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agent"
                    ),
                ),
                (
                    "course",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="training.course"
                    ),
                ),
                (
                    "proof",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Slot",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("day", models.DateField()),
                ("half", models.CharField(choices=[("am", "matin"), ("pm", "après-midi")], max_length=2)),
                ("starts", models.TimeField()),
                ("ends", models.TimeField()),
                ("is_held", models.BooleanField(default=True)),
                (
                    "room",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="slots",
                        to="training.room",
                    ),
                ),
            ],
            options={
                "ordering": ["day", "half"],
            },
        ),
        migrations.CreateModel(
            name="Attendance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "presence",
                    models.CharField(
                        choices=[("full", "présent"), ("partial", "présent en partie"), ("absent", "absent")],
                        max_length=8,
                    ),
                ),
                ("minutes", models.PositiveSmallIntegerField()),
                ("reason", models.CharField(blank=True, max_length=200)),
                ("noted_at", models.DateTimeField(default=nomade.kernel.clock.now)),
                (
                    "noted_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agent"),
                ),
                (
                    "enrolment",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="attendances", to="training.enrolment"
                    ),
                ),
                (
                    "slot",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="attendances", to="training.slot"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="TrainingSession",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=nomade.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("reference", models.CharField(max_length=20, unique=True)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "ouverte"), ("cancelled", "annulée"), ("closed", "terminée")],
                        default="open",
                        max_length=12,
                    ),
                ),
                ("min_seats", models.PositiveSmallIntegerField(default=1)),
                ("max_seats", models.PositiveSmallIntegerField(default=12)),
                ("first_day", models.DateField(null=True)),
                ("last_day", models.DateField(null=True)),
                ("turn", models.PositiveSmallIntegerField(default=0)),
                ("published", models.PositiveSmallIntegerField(default=0)),
                ("enrol_until", models.DateField()),
                ("withdraw_days", models.PositiveSmallIntegerField(default=7)),
                ("accept_hours", models.PositiveSmallIntegerField(default=48)),
                ("place", models.CharField(blank=True, max_length=300)),
                ("notes", models.CharField(blank=True, max_length=600)),
                ("outside_trainers", models.CharField(blank=True, max_length=200)),
                ("cancel_reason", models.CharField(blank=True, max_length=400)),
                ("taken", models.PositiveSmallIntegerField(db_default=0, default=0, editable=False)),
                ("in_line", models.PositiveSmallIntegerField(db_default=0, default=0, editable=False)),
                (
                    "course",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="sessions", to="training.course"
                    ),
                ),
                ("documents", models.ManyToManyField(blank=True, related_name="+", to="files.storedfile")),
            ],
        ),
        migrations.CreateModel(
            name="Trainer",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "agent",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agent"),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="trainers",
                        to="training.trainingsession",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="slot",
            name="session",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="slots", to="training.trainingsession"
            ),
        ),
        migrations.CreateModel(
            name="Quota",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("seats", models.PositiveSmallIntegerField()),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.orgunit"
                    ),
                ),
                (
                    "session",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="quotas",
                        to="training.trainingsession",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="enrolment",
            name="session",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="enrolments", to="training.trainingsession"
            ),
        ),
        migrations.CreateModel(
            name="TrainingSessionEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.UUIDField(default=nomade.kernel.ids.new_id, editable=False, serialize=False)),
                ("reference", models.CharField(max_length=20)),
                (
                    "state",
                    models.CharField(
                        choices=[("open", "ouverte"), ("cancelled", "annulée"), ("closed", "terminée")],
                        default="open",
                        max_length=12,
                    ),
                ),
                ("min_seats", models.PositiveSmallIntegerField(default=1)),
                ("max_seats", models.PositiveSmallIntegerField(default=12)),
                ("first_day", models.DateField(null=True)),
                ("last_day", models.DateField(null=True)),
                ("turn", models.PositiveSmallIntegerField(default=0)),
                ("published", models.PositiveSmallIntegerField(default=0)),
                ("enrol_until", models.DateField()),
                ("withdraw_days", models.PositiveSmallIntegerField(default=7)),
                ("accept_hours", models.PositiveSmallIntegerField(default=48)),
                ("place", models.CharField(blank=True, max_length=300)),
                ("notes", models.CharField(blank=True, max_length=600)),
                ("outside_trainers", models.CharField(blank=True, max_length=200)),
                ("cancel_reason", models.CharField(blank=True, max_length=400)),
                (
                    "course",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="training.course",
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
                        to="training.trainingsession",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.AddIndex(
            model_name="course",
            index=django.contrib.postgres.indexes.GinIndex(fields=["words"], name="course_words"),
        ),
        migrations.AddIndex(
            model_name="credit",
            index=models.Index(
                condition=models.Q(("later_asked_on", None), ("minutes__gt", 0)),
                fields=["credited_at"],
                name="training_later_to_ask",
            ),
        ),
        migrations.AddConstraint(
            model_name="evaluation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("content__range", (1, 4)),
                    ("goals__range", (1, 4)),
                    ("trainer__range", (1, 4)),
                    ("usefulness__range", (1, 4)),
                ),
                name="training_marks",
            ),
        ),
        migrations.AddConstraint(
            model_name="favourite",
            constraint=models.UniqueConstraint(fields=("agent", "course"), name="training_favourite_once"),
        ),
        migrations.AddIndex(
            model_name="habilitation",
            index=models.Index(fields=["expires_on"], name="training_habilitation_end"),
        ),
        migrations.AddIndex(
            model_name="habilitation",
            index=models.Index(
                fields=["course", "agent", "obtained_on"], include=("expires_on",), name="training_habilitation_of"
            ),
        ),
        migrations.AddConstraint(
            model_name="habilitation",
            constraint=models.UniqueConstraint(
                fields=("agent", "course", "obtained_on"), name="training_habilitation_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="habilitation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("expires_on__isnull", True), ("expires_on__gte", models.F("obtained_on")), _connector="OR"
                ),
                name="training_habilitation_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="laterevaluation",
            constraint=models.UniqueConstraint(fields=("enrolment", "side"), name="training_later_once"),
        ),
        migrations.AddConstraint(
            model_name="laterevaluation",
            constraint=models.CheckConstraint(
                condition=models.Q(("effect__range", (1, 4)), ("used__range", (1, 4))), name="training_later_marks"
            ),
        ),
        migrations.AddConstraint(
            model_name="firstrecall",
            constraint=models.UniqueConstraint(fields=("agent", "obligation"), name="training_first_recall_once"),
        ),
        migrations.AddIndex(
            model_name="outsiderequest",
            index=models.Index(fields=["owner", "-submitted_at"], name="training_outside_of"),
        ),
        migrations.AddIndex(
            model_name="outsiderequest",
            index=models.Index(fields=["state", "promised_on"], name="training_outside_waiting"),
        ),
        migrations.AddConstraint(
            model_name="outsiderequest",
            constraint=models.CheckConstraint(
                condition=models.Q(("last_day__gte", models.F("first_day"))), name="training_outside_days"
            ),
        ),
        migrations.AddConstraint(
            model_name="outsiderequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "refused"), _negated=True),
                    models.Q(("refusal", ""), _negated=True),
                    _connector="OR",
                ),
                name="training_outside_refused_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="exposure",
            constraint=models.UniqueConstraint(
                condition=models.Q(("until", None)), fields=("agent", "risk"), name="training_exposed_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="exposure",
            constraint=models.CheckConstraint(
                condition=models.Q(("until__isnull", True), ("until__gte", models.F("since")), _connector="OR"),
                name="training_exposure_days",
            ),
        ),
        migrations.AddIndex(
            model_name="skill",
            index=models.Index(
                condition=models.Q(("state", "declared")), fields=["declared_at"], name="training_skill_to_check"
            ),
        ),
        migrations.AddConstraint(
            model_name="skill",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("expires_on__isnull", True),
                    ("obtained_on__isnull", True),
                    ("expires_on__gte", models.F("obtained_on")),
                    _connector="OR",
                ),
                name="training_skill_days",
            ),
        ),
        migrations.AddConstraint(
            model_name="skill",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "refused"), _negated=True),
                    models.Q(("remark", ""), _negated=True),
                    _connector="OR",
                ),
                name="training_skill_refused_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="attendance",
            constraint=models.UniqueConstraint(fields=("enrolment", "slot"), name="training_attendance_once"),
        ),
        migrations.AddIndex(
            model_name="trainingsession",
            index=models.Index(fields=["course", "state"], name="training_session_of_course"),
        ),
        migrations.AddIndex(
            model_name="trainingsession",
            index=models.Index(fields=["state", "first_day"], name="training_session_days"),
        ),
        migrations.AddIndex(
            model_name="trainingsession",
            index=models.Index(fields=["last_day"], name="training_session_end"),
        ),
        migrations.AddIndex(
            model_name="trainingsession",
            index=models.Index(
                condition=models.Q(
                    django.db.models.lookups.GreaterThanOrEqual(
                        django.db.models.expressions.CombinedExpression(models.F("taken"), "*", models.Value(4)),
                        django.db.models.expressions.CombinedExpression(models.F("max_seats"), "*", models.Value(3)),
                    ),
                    ("state", "open"),
                    ("taken__lt", models.F("max_seats")),
                ),
                fields=["enrol_until"],
                include=("course",),
                name="training_nearly_full",
            ),
        ),
        migrations.AddConstraint(
            model_name="trainingsession",
            constraint=models.CheckConstraint(
                condition=models.Q(("max_seats__gte", models.F("min_seats"))), name="training_session_seats"
            ),
        ),
        migrations.AddConstraint(
            model_name="trainer",
            constraint=models.UniqueConstraint(fields=("session", "agent"), name="training_trainer_once"),
        ),
        migrations.AddIndex(
            model_name="slot",
            index=models.Index(fields=["day"], name="training_slot_day"),
        ),
        migrations.AddConstraint(
            model_name="slot",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_held", True), ("room__isnull", False)),
                fields=("room", "day", "half"),
                name="training_room_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="slot",
            constraint=models.UniqueConstraint(fields=("session", "day", "half"), name="training_slot_once"),
        ),
        migrations.AddConstraint(
            model_name="slot",
            constraint=models.CheckConstraint(
                condition=models.Q(("ends__gt", models.F("starts"))), name="training_slot_hours"
            ),
        ),
        migrations.AddConstraint(
            model_name="quota",
            constraint=models.UniqueConstraint(fields=("session", "unit"), name="training_quota_once"),
        ),
        migrations.AddIndex(
            model_name="enrolment",
            index=models.Index(fields=["owner", "-submitted_at"], name="training_enrolment_of"),
        ),
        migrations.AddIndex(
            model_name="enrolment",
            index=models.Index(fields=["state", "promised_on"], name="training_enrolment_waiting"),
        ),
        migrations.AddIndex(
            model_name="enrolment",
            index=models.Index(
                condition=models.Q(("seat", "offered")), fields=["offered_until"], name="training_offers"
            ),
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ("submitted", "endorsed", "approved"))),
                fields=("session", "owner"),
                name="training_enrolled_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.UniqueConstraint(fields=("session", "rank"), name="training_rank_once"),
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "refused"), _negated=True),
                    models.Q(("refusal", ""), _negated=True),
                    _connector="OR",
                ),
                name="training_refused_with_reason",
            ),
        ),
        migrations.AddConstraint(
            model_name="enrolment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("seat", "offered"), _negated=True), ("offered_until__isnull", False), _connector="OR"
                ),
                name="training_offer_has_an_end",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="circuit",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "training_circuitevent" ("asks_office", "asks_supervisor", "from_cost", "from_hours", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "promised_days") VALUES (NEW."asks_office", NEW."asks_supervisor", NEW."from_cost", NEW."from_hours", NEW."id", NEW."kind", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."promised_days"); RETURN NULL;',
                    hash="604b1573e702102cf39586a7626bf77542e2cb1a",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_b2276",
                    table="training_circuit",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="circuit",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "training_circuitevent" ("asks_office", "asks_supervisor", "from_cost", "from_hours", "id", "kind", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "promised_days") VALUES (OLD."asks_office", OLD."asks_supervisor", OLD."from_cost", OLD."from_hours", OLD."id", OLD."kind", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."promised_days"); RETURN NULL;',
                    hash="719731603937b15a6ea57e6af10fc9567b943964",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_634a5",
                    table="training_circuit",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="course",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."accessibility" IS DISTINCT FROM (NEW."accessibility") OR OLD."audience" IS DISTINCT FROM (NEW."audience") OR OLD."code" IS DISTINCT FROM (NEW."code") OR OLD."cost" IS DISTINCT FROM (NEW."cost") OR OLD."created_at" IS DISTINCT FROM (NEW."created_at") OR OLD."domain_id" IS DISTINCT FROM (NEW."domain_id") OR OLD."hours" IS DISTINCT FROM (NEW."hours") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."is_offered" IS DISTINCT FROM (NEW."is_offered") OR OLD."kind" IS DISTINCT FROM (NEW."kind") OR OLD."modality" IS DISTINCT FROM (NEW."modality") OR OLD."objectives" IS DISTINCT FROM (NEW."objectives") OR OLD."posts" IS DISTINCT FROM (NEW."posts") OR OLD."prerequisites" IS DISTINCT FROM (NEW."prerequisites") OR OLD."programme" IS DISTINCT FROM (NEW."programme") OR OLD."provider" IS DISTINCT FROM (NEW."provider") OR OLD."requires_id" IS DISTINCT FROM (NEW."requires_id") OR OLD."title" IS DISTINCT FROM (NEW."title") OR OLD."valid_months" IS DISTINCT FROM (NEW."valid_months"))',
                    func='INSERT INTO "training_courseevent" ("accessibility", "audience", "code", "cost", "created_at", "domain_id", "hours", "id", "is_offered", "kind", "modality", "objectives", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "posts", "prerequisites", "programme", "provider", "requires_id", "title", "valid_months") VALUES (NEW."accessibility", NEW."audience", NEW."code", NEW."cost", NEW."created_at", NEW."domain_id", NEW."hours", NEW."id", NEW."is_offered", NEW."kind", NEW."modality", NEW."objectives", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."posts", NEW."prerequisites", NEW."programme", NEW."provider", NEW."requires_id", NEW."title", NEW."valid_months"); RETURN NULL;',
                    hash="57d4e9152c8d7e541b9d80257d7ab565f2334651",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_27da0",
                    table="training_course",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="course",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "training_courseevent" ("accessibility", "audience", "code", "cost", "created_at", "domain_id", "hours", "id", "is_offered", "kind", "modality", "objectives", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "posts", "prerequisites", "programme", "provider", "requires_id", "title", "valid_months") VALUES (OLD."accessibility", OLD."audience", OLD."code", OLD."cost", OLD."created_at", OLD."domain_id", OLD."hours", OLD."id", OLD."is_offered", OLD."kind", OLD."modality", OLD."objectives", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."posts", OLD."prerequisites", OLD."programme", OLD."provider", OLD."requires_id", OLD."title", OLD."valid_months"); RETURN NULL;',
                    hash="813ed5b9430fda97ad460eede9258edb3ef50a20",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_9186d",
                    table="training_course",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="obligation",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "training_obligationevent" ("category", "course_id", "id", "label", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "posts", "risk_id", "source", "status", "unit_id", "valid_from", "valid_to", "within_days") VALUES (NEW."category", NEW."course_id", NEW."id", NEW."label", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."posts", NEW."risk_id", NEW."source", NEW."status", NEW."unit_id", NEW."valid_from", NEW."valid_to", NEW."within_days"); RETURN NULL;',
                    hash="d37406895f2741c5fee4d37ab9326255aaf0b802",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_a3bb1",
                    table="training_obligation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="obligation",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "training_obligationevent" ("category", "course_id", "id", "label", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "posts", "risk_id", "source", "status", "unit_id", "valid_from", "valid_to", "within_days") VALUES (OLD."category", OLD."course_id", OLD."id", OLD."label", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."posts", OLD."risk_id", OLD."source", OLD."status", OLD."unit_id", OLD."valid_from", OLD."valid_to", OLD."within_days"); RETURN NULL;',
                    hash="def403ec22dbed0d49025cec737fe5bdb67aebeb",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_6b346",
                    table="training_obligation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="trainingsession",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition='WHEN (OLD."accept_hours" IS DISTINCT FROM (NEW."accept_hours") OR OLD."cancel_reason" IS DISTINCT FROM (NEW."cancel_reason") OR OLD."course_id" IS DISTINCT FROM (NEW."course_id") OR OLD."enrol_until" IS DISTINCT FROM (NEW."enrol_until") OR OLD."first_day" IS DISTINCT FROM (NEW."first_day") OR OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."last_day" IS DISTINCT FROM (NEW."last_day") OR OLD."max_seats" IS DISTINCT FROM (NEW."max_seats") OR OLD."min_seats" IS DISTINCT FROM (NEW."min_seats") OR OLD."notes" IS DISTINCT FROM (NEW."notes") OR OLD."outside_trainers" IS DISTINCT FROM (NEW."outside_trainers") OR OLD."place" IS DISTINCT FROM (NEW."place") OR OLD."published" IS DISTINCT FROM (NEW."published") OR OLD."reference" IS DISTINCT FROM (NEW."reference") OR OLD."state" IS DISTINCT FROM (NEW."state") OR OLD."turn" IS DISTINCT FROM (NEW."turn") OR OLD."withdraw_days" IS DISTINCT FROM (NEW."withdraw_days"))',
                    func='INSERT INTO "training_trainingsessionevent" ("accept_hours", "cancel_reason", "course_id", "enrol_until", "first_day", "id", "last_day", "max_seats", "min_seats", "notes", "outside_trainers", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "published", "reference", "state", "turn", "withdraw_days") VALUES (NEW."accept_hours", NEW."cancel_reason", NEW."course_id", NEW."enrol_until", NEW."first_day", NEW."id", NEW."last_day", NEW."max_seats", NEW."min_seats", NEW."notes", NEW."outside_trainers", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."place", NEW."published", NEW."reference", NEW."state", NEW."turn", NEW."withdraw_days"); RETURN NULL;',
                    hash="264e91a8610ca7565c2dc37e2b6ca3235bae115f",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_27a7f",
                    table="training_trainingsession",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="trainingsession",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "training_trainingsessionevent" ("accept_hours", "cancel_reason", "course_id", "enrol_until", "first_day", "id", "last_day", "max_seats", "min_seats", "notes", "outside_trainers", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "published", "reference", "state", "turn", "withdraw_days") VALUES (OLD."accept_hours", OLD."cancel_reason", OLD."course_id", OLD."enrol_until", OLD."first_day", OLD."id", OLD."last_day", OLD."max_seats", OLD."min_seats", OLD."notes", OLD."outside_trainers", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."place", OLD."published", OLD."reference", OLD."state", OLD."turn", OLD."withdraw_days"); RETURN NULL;',
                    hash="0132cca1bdee7eb9af08cbc58cacfd432d5e06ab",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_44799",
                    table="training_trainingsession",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="enrolment",
            trigger=pgtrigger.compiler.Trigger(
                name="seats_added",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nUPDATE training_trainingsession session SET taken = counted.taken, in_line = counted.in_line\nFROM (SELECT moved.session_id, count(*) FILTER (WHERE seat IN ('held', 'offered')) AS taken,\n        count(*) FILTER (WHERE seat = 'waiting') AS in_line\n    FROM (SELECT DISTINCT session_id FROM added) moved LEFT JOIN training_enrolment enrolment ON enrolment.session_id = moved.session_id\n        AND enrolment.state IN ('submitted', 'endorsed', 'approved')\n    GROUP BY moved.session_id) counted\nWHERE session.id = counted.session_id\n    AND (session.taken, session.in_line) IS DISTINCT FROM (counted.taken, counted.in_line);\nRETURN NULL;\n",
                    hash="cf79cffe9c8351fb835c35ec89baad1858a9b2d7",
                    level="STATEMENT",
                    operation="INSERT",
                    pgid="pgtrigger_seats_added_0ffb3",
                    referencing="REFERENCING NEW TABLE AS added ",
                    table="training_enrolment",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="enrolment",
            trigger=pgtrigger.compiler.Trigger(
                name="seats_changed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nUPDATE training_trainingsession session SET taken = counted.taken, in_line = counted.in_line\nFROM (SELECT moved.session_id, count(*) FILTER (WHERE seat IN ('held', 'offered')) AS taken,\n        count(*) FILTER (WHERE seat = 'waiting') AS in_line\n    FROM (\nSELECT session_id FROM (SELECT id, session_id, state, seat FROM was\n    EXCEPT SELECT id, session_id, state, seat FROM became) gone\nUNION SELECT session_id FROM (SELECT id, session_id, state, seat FROM became\n    EXCEPT SELECT id, session_id, state, seat FROM was) come\n) moved LEFT JOIN training_enrolment enrolment ON enrolment.session_id = moved.session_id\n        AND enrolment.state IN ('submitted', 'endorsed', 'approved')\n    GROUP BY moved.session_id) counted\nWHERE session.id = counted.session_id\n    AND (session.taken, session.in_line) IS DISTINCT FROM (counted.taken, counted.in_line);\nRETURN NULL;\n",
                    hash="714ad2659f06f1f6d72b31f5b6fada03b404c49d",
                    level="STATEMENT",
                    operation="UPDATE",
                    pgid="pgtrigger_seats_changed_c5149",
                    referencing="REFERENCING OLD TABLE AS was  NEW TABLE AS became ",
                    table="training_enrolment",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="enrolment",
            trigger=pgtrigger.compiler.Trigger(
                name="seats_removed",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="\nUPDATE training_trainingsession session SET taken = counted.taken, in_line = counted.in_line\nFROM (SELECT moved.session_id, count(*) FILTER (WHERE seat IN ('held', 'offered')) AS taken,\n        count(*) FILTER (WHERE seat = 'waiting') AS in_line\n    FROM (SELECT DISTINCT session_id FROM removed) moved LEFT JOIN training_enrolment enrolment ON enrolment.session_id = moved.session_id\n        AND enrolment.state IN ('submitted', 'endorsed', 'approved')\n    GROUP BY moved.session_id) counted\nWHERE session.id = counted.session_id\n    AND (session.taken, session.in_line) IS DISTINCT FROM (counted.taken, counted.in_line);\nRETURN NULL;\n",
                    hash="cf31ce7e3061cdb2bc34acbba5b306d65de382d6",
                    level="STATEMENT",
                    operation="DELETE",
                    pgid="pgtrigger_seats_removed_d213a",
                    referencing="REFERENCING OLD TABLE AS removed ",
                    table="training_enrolment",
                    when="AFTER",
                ),
            ),
        ),
    ]
