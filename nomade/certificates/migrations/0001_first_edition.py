import django.db.models.deletion
import nomade.kernel.clock
import nomade.kernel.ids
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    # What it replaces: a base that has all of them goes on without anything to do.
    replaces = [
        ("certificates", "0001_initial"),
        ("certificates", "0002_number"),
        ("certificates", "0003_alter_certificate_kind_alter_templatetext_kind"),
        ("certificates", "0004_sealed_by"),
    ]

    initial = True

    dependencies = [
        ("files", "0001_first_edition"),
        ("people", "0001_first_edition"),
    ]

    operations = [
        migrations.RunSQL(
            sql="CREATE SEQUENCE certificates_number",
            reverse_sql="DROP SEQUENCE certificates_number",
        ),
        migrations.CreateModel(
            name="CheckWindow",
            fields=[
                ("address", models.GenericIPAddressField(primary_key=True, serialize=False)),
                ("since", models.DateTimeField()),
                ("wrong", models.PositiveIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Certificate",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=nomade.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("number", models.CharField(max_length=20, unique=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("emploi", "attestation d’emploi"),
                            ("salaire-3", "attestation de salaire, 3 mois"),
                            ("salaire-12", "attestation de salaire, 12 mois"),
                            ("presence", "attestation de présence"),
                            ("teletravail", "attestation de télétravail"),
                            ("quotite", "attestation de quotité de travail"),
                            ("transport", "attestation de prise en charge du transport"),
                            ("conges", "état des congés"),
                            ("formation", "attestation de formation"),
                        ],
                        max_length=20,
                    ),
                ),
                ("template_version", models.PositiveSmallIntegerField()),
                ("issued_at", models.DateTimeField()),
                ("valid_until", models.DateField()),
                ("code_sha256", models.CharField(max_length=64, unique=True)),
                ("content_sealed", models.BinaryField()),
                ("sealed_by", models.CharField(blank=True, max_length=200)),
                ("shows_salary", models.BooleanField(default=False)),
                ("revoked_at", models.DateTimeField(null=True)),
                ("checks", models.PositiveIntegerField(default=0)),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="certificates", to="people.agent"
                    ),
                ),
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["agent", "-issued_at"], name="certificate_of_agent")],
            },
        ),
        migrations.CreateModel(
            name="CertificateRequest",
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
                    "kind",
                    models.CharField(
                        choices=[
                            ("etat-services", "état de services"),
                            ("certificat-travail", "certificat de travail"),
                        ],
                        max_length=20,
                    ),
                ),
                ("comment", models.CharField(blank=True, max_length=500)),
                ("answer", models.CharField(blank=True, max_length=500)),
                ("answered_at", models.DateTimeField(null=True)),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agent"
                    ),
                ),
                (
                    "file",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
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
                "indexes": [models.Index(fields=["owner", "-submitted_at"], name="certificate_request_of")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state", "approved"), _negated=True), ("file__isnull", False), _connector="OR"
                        ),
                        name="certificate_request_delivered_has_file",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="TemplateText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("emploi", "attestation d’emploi"),
                            ("salaire-3", "attestation de salaire, 3 mois"),
                            ("salaire-12", "attestation de salaire, 12 mois"),
                            ("presence", "attestation de présence"),
                            ("teletravail", "attestation de télétravail"),
                            ("quotite", "attestation de quotité de travail"),
                            ("transport", "attestation de prise en charge du transport"),
                            ("conges", "état des congés"),
                            ("formation", "attestation de formation"),
                        ],
                        max_length=20,
                    ),
                ),
                ("version", models.PositiveSmallIntegerField()),
                ("valid_from", models.DateField()),
                ("title", models.CharField(max_length=120)),
                ("body", models.TextField(max_length=4000)),
                ("signatory", models.CharField(max_length=160)),
                ("created_at", models.DateTimeField()),
                (
                    "created_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agent"),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("kind", "version"), name="template_text_once")],
            },
        ),
    ]
