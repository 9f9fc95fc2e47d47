import django.contrib.postgres.fields
import django.db.models.constraints
import django.db.models.deletion
import nomade.kernel.clock
import nomade.kernel.ids
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    # What it replaces: a base that has all of them goes on without anything to do.
    replaces = [
        ("personnel_file", "0001_initial"),
        ("personnel_file", "0002_requests"),
        ("personnel_file", "0003_bank_account"),
        ("personnel_file", "0004_reading"),
    ]

    initial = True

    dependencies = [
        ("files", "0001_first_edition"),
        ("people", "0001_first_edition"),
    ]

    operations = [
        migrations.CreateModel(
            name="CivilStatus",
            fields=[
                (
                    "agent",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="civil_status",
                        serialize=False,
                        to="people.agent",
                    ),
                ),
                (
                    "family",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("celibataire", "célibataire"),
                            ("marie", "marié ou mariée"),
                            ("pacse", "pacsé ou pacsée"),
                            ("separe", "séparé ou séparée"),
                            ("divorce", "divorcé ou divorcée"),
                            ("veuf", "veuf ou veuve"),
                        ],
                        max_length=12,
                    ),
                ),
                ("family_since", models.DateField(blank=True, null=True)),
                ("nir_sealed", models.BinaryField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="DisabilityRecognition",
            fields=[
                (
                    "agent",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="people.agent",
                    ),
                ),
                ("sealed", models.BinaryField()),
            ],
        ),
        migrations.CreateModel(
            name="BankExport",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("number", models.PositiveIntegerField(unique=True)),
                ("at", models.DateTimeField(default=nomade.kernel.clock.now)),
                (
                    "author",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agent"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="EmergencyAccess",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=nomade.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("reason", models.CharField(max_length=500)),
                ("opened_at", models.DateTimeField(default=nomade.kernel.clock.now)),
                ("ends_at", models.DateTimeField()),
                (
                    "agent",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agent"),
                ),
                (
                    "officer",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agent"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Consultation",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("role", models.CharField(max_length=24)),
                (
                    "sections",
                    django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), size=None),
                ),
                ("at", models.DateTimeField(default=nomade.kernel.clock.now)),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="file_consultations",
                        to="people.agent",
                    ),
                ),
                (
                    "reader",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agent"),
                ),
                (
                    "emergency",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="personnel_file.emergencyaccess",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="EmergencyContact",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=nomade.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("rank", models.PositiveSmallIntegerField()),
                ("name", models.CharField(max_length=120)),
                ("tie", models.CharField(blank=True, max_length=60)),
                ("phone", models.CharField(max_length=32)),
                ("other_phone", models.CharField(blank=True, max_length=32)),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="emergency_contacts",
                        to="people.agent",
                    ),
                ),
            ],
            options={
                "ordering": ["rank"],
            },
        ),
        migrations.CreateModel(
            name="Title",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=nomade.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("diplome", "diplôme"),
                            ("permis", "permis de conduire"),
                            ("habilitation", "habilitation"),
                        ],
                        max_length=12,
                    ),
                ),
                ("label", models.CharField(max_length=120)),
                ("obtained_on", models.DateField()),
                ("expires_on", models.DateField(blank=True, null=True)),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="titles", to="people.agent"
                    ),
                ),
            ],
            options={
                "ordering": ["-obtained_on"],
            },
        ),
        migrations.CreateModel(
            name="WaitingPiece",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("form", models.CharField(max_length=80)),
                ("at", models.DateTimeField(default=nomade.kernel.clock.now)),
                (
                    "agent",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.agent"),
                ),
                (
                    "stored",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="files.storedfile"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="BankChange",
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
                ("sealed", models.BinaryField()),
                ("tail", models.CharField(max_length=4)),
                ("holder", models.CharField(max_length=120)),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("cooling_until", models.DateTimeField(null=True)),
                ("first_at", models.DateTimeField(null=True)),
                ("second_at", models.DateTimeField(null=True)),
                ("answer", models.CharField(blank=True, max_length=500)),
                ("pay_month", models.DateField(null=True)),
                ("from_payroll", models.BooleanField(default=False)),
                (
                    "first_officer",
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
                    "piece",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
                    ),
                ),
                (
                    "refused_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agent"
                    ),
                ),
                (
                    "second_officer",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agent"
                    ),
                ),
                (
                    "export",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="changes",
                        to="personnel_file.bankexport",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["owner", "-submitted_at"], name="bank_change_of_agent"),
                    models.Index(
                        condition=models.Q(("state", "submitted")), fields=["cooling_until"], name="bank_change_waiting"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("state", "submitted")), fields=("owner",), name="bank_change_one_open"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("second_officer__isnull", True),
                            models.Q(("first_officer", models.F("second_officer")), _negated=True),
                            _connector="OR",
                        ),
                        name="bank_change_two_officers",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("first_officer__isnull", True),
                                models.Q(("first_officer", models.F("owner")), _negated=True),
                                _connector="OR",
                            ),
                            models.Q(
                                ("second_officer__isnull", True),
                                models.Q(("second_officer", models.F("owner")), _negated=True),
                                _connector="OR",
                            ),
                        ),
                        name="bank_change_never_by_owner",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "approved"), _negated=True),
                            ("first_officer__isnull", False),
                            ("from_payroll", True),
                            _connector="OR",
                        ),
                        name="bank_change_approved_was_checked",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="ChangeRequest",
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
                (
                    "subject",
                    models.CharField(
                        choices=[
                            ("adresse", "changement d’adresse"),
                            ("nom", "changement de nom"),
                            ("famille", "situation familiale"),
                            ("enfant", "enfant"),
                            ("diplome", "diplôme"),
                            ("permis", "permis ou habilitation"),
                            ("handicap", "reconnaissance de handicap"),
                            ("rectification", "rectification d’une donnée"),
                        ],
                        max_length=14,
                    ),
                ),
                ("sealed", models.BinaryField()),
                ("effective_on", models.DateField()),
                ("missing", models.CharField(blank=True, max_length=300)),
                ("answer", models.CharField(blank=True, max_length=500)),
                ("answered_at", models.DateTimeField(null=True)),
                ("pay_month", models.DateField(null=True)),
                ("applied_at", models.DateTimeField(null=True)),
                ("reminders", models.PositiveSmallIntegerField(default=0)),
                (
                    "answered_by",
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
            options={
                "indexes": [
                    models.Index(fields=["owner", "-submitted_at"], name="file_request_of_agent"),
                    models.Index(
                        condition=models.Q(("state", "submitted")), fields=["promised_on"], name="file_request_waiting"
                    ),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "refused"), _negated=True),
                            models.Q(("answer", ""), _negated=True),
                            _connector="OR",
                        ),
                        name="file_request_refused_says_why",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Child",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=nomade.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("first_name", models.CharField(max_length=80)),
                ("last_name", models.CharField(max_length=80)),
                ("birth_date", models.DateField()),
                (
                    "custody",
                    models.CharField(
                        choices=[
                            ("complete", "à votre charge"),
                            ("alternee", "en résidence alternée"),
                            ("autre", "à la charge de l’autre parent"),
                        ],
                        default="complete",
                        max_length=10,
                    ),
                ),
                ("since", models.DateField()),
                ("until", models.DateField(blank=True, null=True)),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="children", to="people.agent"
                    ),
                ),
            ],
            options={
                "ordering": ["birth_date"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("since__gte", models.F("birth_date"))), name="child_born_before_charge"
                    ),
                    models.UniqueConstraint(fields=("agent", "first_name", "birth_date"), name="child_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="DataChange",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=nomade.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "field",
                    models.CharField(
                        choices=[
                            ("mobile", "Téléphone mobile"),
                            ("phone", "Téléphone fixe"),
                            ("personal_email", "Courriel personnel"),
                            ("contacts", "Personnes à prévenir"),
                            ("photo", "Photo"),
                            ("address", "Adresse"),
                            ("name", "Nom"),
                            ("family", "Situation familiale"),
                            ("child", "Enfants"),
                            ("diploma", "Diplômes"),
                            ("licence", "Permis et habilitations"),
                            ("disability", "Reconnaissance de handicap"),
                            ("bank", "Compte bancaire"),
                            ("rectification", "Rectification"),
                        ],
                        max_length=20,
                    ),
                ),
                ("sealed", models.BinaryField()),
                (
                    "origin",
                    models.CharField(
                        choices=[
                            ("agent", "vous-même"),
                            ("officer", "ressources humaines"),
                            ("sirh", "logiciel de paie et carrière"),
                        ],
                        max_length=8,
                    ),
                ),
                ("at", models.DateTimeField()),
                (
                    "actor",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agent"
                    ),
                ),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="file_changes", to="people.agent"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["agent", "-at"], name="file_change_of_agent")],
            },
        ),
        migrations.CreateModel(
            name="DataExport",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=nomade.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("asked_at", models.DateTimeField(default=nomade.kernel.clock.now)),
                ("ready_at", models.DateTimeField(null=True)),
                ("expires_at", models.DateTimeField(null=True)),
                ("fetched_at", models.DateTimeField(null=True)),
                (
                    "agent",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agent"),
                ),
                (
                    "file",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="files.storedfile"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["agent", "-asked_at"], name="export_of_agent")],
            },
        ),
        migrations.AddIndex(
            model_name="emergencyaccess",
            index=models.Index(fields=["officer", "agent", "ends_at"], name="emergency_of_officer"),
        ),
        migrations.AddIndex(
            model_name="consultation",
            index=models.Index(fields=["agent", "-at"], name="consultation_of_agent"),
        ),
        migrations.AddIndex(
            model_name="consultation",
            index=models.Index(fields=["at"], name="consultation_age"),
        ),
        migrations.AddConstraint(
            model_name="emergencycontact",
            constraint=models.UniqueConstraint(
                deferrable=django.db.models.constraints.Deferrable["DEFERRED"],
                fields=("agent", "rank"),
                name="contact_one_a_rank",
            ),
        ),
        migrations.AddIndex(
            model_name="waitingpiece",
            index=models.Index(fields=["agent", "form"], name="waiting_piece_of_form"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="datachange",
            trigger=pgtrigger.compiler.Trigger(
                name="never_rewritten",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="5212a613377c1601d841b2d9b042d571698e579a",
                    operation="UPDATE",
                    pgid="pgtrigger_never_rewritten_7073c",
                    table="personnel_file_datachange",
                    when="BEFORE",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="consultation",
            trigger=pgtrigger.compiler.Trigger(
                name="never_rewritten",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;",
                    hash="17f29a0d46b1d1e19b15e48e8c76ff5e353b7a4f",
                    operation="UPDATE",
                    pgid="pgtrigger_never_rewritten_a2513",
                    table="personnel_file_consultation",
                    when="BEFORE",
                ),
            ),
        ),
    ]
