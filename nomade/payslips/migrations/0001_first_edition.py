import django.db.models.deletion
import nomade.kernel.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    # What it replaces: a base that has all of them goes on without anything to do.
    replaces = [
        ("payslips", "0001_initial"),
        ("payslips", "0002_factory"),
        ("payslips", "0003_line_text"),
        ("payslips", "0004_second_contract"),
    ]

    initial = True

    dependencies = [
        ("files", "0001_first_edition"),
        ("people", "0001_first_edition"),
    ]

    operations = [
        migrations.CreateModel(
            name="KeptSource",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=nomade.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("sha256", models.CharField(max_length=64, unique=True)),
                ("name", models.CharField(max_length=255)),
                ("size", models.PositiveBigIntegerField()),
                ("created_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="PayslipBatch",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=nomade.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("source_name", models.CharField(max_length=255)),
                ("source_sha256", models.CharField(max_length=64)),
                ("period", models.DateField(null=True)),
                ("run", models.CharField(blank=True, max_length=40)),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("ordinary", "mensuel"),
                            ("rappel", "rappel"),
                            ("solde", "solde"),
                            ("second", "second contrat"),
                        ],
                        default="ordinary",
                        max_length=12,
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("blocked", "bloqué"),
                            ("running", "en cours"),
                            ("ready", "à publier"),
                            ("published", "publié"),
                            ("recalled", "rappelé"),
                        ],
                        max_length=12,
                    ),
                ),
                ("pages", models.PositiveIntegerField(default=0)),
                ("expected", models.PositiveIntegerField(default=0)),
                ("faults", models.PositiveIntegerField(default=0)),
                ("missing", models.PositiveIntegerField(default=0)),
                ("created_at", models.DateTimeField()),
                ("publish_at", models.DateTimeField(null=True)),
                ("published_at", models.DateTimeField(null=True)),
                ("notified_at", models.DateTimeField(null=True)),
                ("recalled_at", models.DateTimeField(null=True)),
                ("recall_reason", models.CharField(blank=True, max_length=500)),
                (
                    "imported_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agent"
                    ),
                ),
                (
                    "recalled_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agent"
                    ),
                ),
                (
                    "released_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agent"
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="batches",
                        to="payslips.keptsource",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Payslip",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=nomade.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("matricule", models.CharField(max_length=20)),
                ("period", models.DateField()),
                ("run", models.CharField(blank=True, max_length=40)),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("ordinary", "mensuel"),
                            ("rappel", "rappel"),
                            ("solde", "solde"),
                            ("second", "second contrat"),
                        ],
                        max_length=12,
                    ),
                ),
                ("version", models.PositiveSmallIntegerField(default=1)),
                ("source_name", models.CharField(max_length=255)),
                ("first_page", models.PositiveIntegerField()),
                ("pages", models.PositiveSmallIntegerField()),
                ("paid_on", models.DateField(null=True)),
                ("net_sealed", models.BinaryField(default=b"")),
                ("recalled_at", models.DateTimeField(null=True)),
                ("recall_reason", models.CharField(blank=True, max_length=500)),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="payslips", to="people.agent"
                    ),
                ),
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="payslip", to="files.storedfile"
                    ),
                ),
                (
                    "recalled_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agent"
                    ),
                ),
                (
                    "replaces",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="replaced_by",
                        to="payslips.payslip",
                    ),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="payslips", to="payslips.payslipbatch"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PayImport",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=nomade.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("source_name", models.CharField(max_length=255)),
                ("created_at", models.DateTimeField()),
                ("period", models.DateField(null=True)),
                ("run", models.CharField(blank=True, max_length=40)),
                (
                    "type",
                    models.CharField(
                        choices=[
                            ("ordinary", "mensuel"),
                            ("rappel", "rappel"),
                            ("solde", "solde"),
                            ("second", "second contrat"),
                        ],
                        default="ordinary",
                        max_length=12,
                    ),
                ),
                ("corrections", models.BooleanField(default=False)),
                ("announced", models.PositiveIntegerField(null=True)),
                ("matricule_pattern", models.CharField(blank=True, max_length=200)),
                ("set_aside", models.BooleanField(default=False)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("queued", "en attente de lecture"),
                            ("reading", "lecture en cours"),
                            ("read", "à vérifier"),
                            ("to_store", "en attente de rangement"),
                            ("storing", "rangement en cours"),
                            ("stored", "rangé"),
                            ("failed", "arrêté"),
                            ("dropped", "abandonné"),
                        ],
                        default="queued",
                        max_length=12,
                    ),
                ),
                ("stage", models.CharField(blank=True, max_length=60)),
                ("done", models.PositiveIntegerField(default=0)),
                ("total", models.PositiveIntegerField(default=0)),
                ("stage_started_at", models.DateTimeField(null=True)),
                ("seen_at", models.DateTimeField(null=True)),
                ("message", models.CharField(blank=True, max_length=500)),
                ("report", models.JSONField(default=dict)),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="imports", to="payslips.keptsource"
                    ),
                ),
                (
                    "uploaded_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agent"),
                ),
                (
                    "batch",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="imports",
                        to="payslips.payslipbatch",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SourcePart",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("rank", models.PositiveIntegerField()),
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
                    ),
                ),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="parts", to="payslips.keptsource"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="LineText",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("start", models.CharField(max_length=80)),
                ("label", models.CharField(max_length=80)),
                ("text", models.CharField(blank=True, max_length=600)),
                ("valid_from", models.DateField()),
                ("version", models.PositiveSmallIntegerField()),
                ("created_at", models.DateTimeField()),
                (
                    "created_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agent"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("start", "version"), name="line_text_once"),
                    models.CheckConstraint(condition=models.Q(("valid_from__day", 1)), name="line_text_from_a_month"),
                ],
            },
        ),
        migrations.CreateModel(
            name="PaperChoice",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                ("created_at", models.DateTimeField()),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="paper_choices", to="people.agent"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("valid_to__isnull", True)), fields=("agent",), name="paper_choice_one_open"
                    )
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="payslipbatch",
            constraint=models.UniqueConstraint(
                fields=("source_sha256", "period", "run", "type"), name="payslip_batch_once", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="payslipbatch",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "published"), _negated=True), ("published_at__isnull", False), _connector="OR"
                ),
                name="payslip_batch_published_has_date",
            ),
        ),
        migrations.AddIndex(
            model_name="payslip",
            index=models.Index(fields=["agent", "-period"], name="payslip_of_agent"),
        ),
        migrations.AddConstraint(
            model_name="payslip",
            constraint=models.UniqueConstraint(
                fields=("matricule", "period", "run", "type", "version"), name="payslip_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="payslip",
            constraint=models.CheckConstraint(condition=models.Q(("period__day", 1)), name="payslip_period_is_a_month"),
        ),
        migrations.AddIndex(
            model_name="payimport",
            index=models.Index(fields=["-created_at"], name="pay_import_latest"),
        ),
        migrations.AddConstraint(
            model_name="sourcepart",
            constraint=models.UniqueConstraint(fields=("source", "rank"), name="source_part_once"),
        ),
    ]
