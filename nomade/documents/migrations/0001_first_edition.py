import django.db.models.deletion
import nomade.kernel.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    # What it replaces: a base that has all of them goes on without anything to do.
    replaces = [
        ("documents", "0001_initial"),
        ("documents", "0002_retention_visa"),
        ("documents", "0003_large_deposits"),
    ]

    initial = True

    dependencies = [
        ("files", "0001_first_edition"),
        ("people", "0001_first_edition"),
    ]

    operations = [
        migrations.CreateModel(
            name="Deposit",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=nomade.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("title", models.CharField(max_length=160)),
                ("dated_on", models.DateField()),
                ("needs_acknowledgement", models.BooleanField(default=False)),
                ("sent_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("reading", "lecture en cours"),
                            ("failed", "illisible"),
                            ("to_confirm", "à confirmer"),
                            ("confirmed", "déposé"),
                            ("dropped", "abandonné"),
                        ],
                        default="to_confirm",
                        max_length=12,
                    ),
                ),
                ("confirmed_at", models.DateTimeField(null=True)),
                ("pattern", models.CharField(blank=True, max_length=200)),
                ("done", models.PositiveIntegerField(default=0)),
                ("total", models.PositiveIntegerField(default=0)),
                ("message", models.CharField(blank=True, max_length=300)),
                (
                    "confirmed_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agent"
                    ),
                ),
                (
                    "sent_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agent"),
                ),
                (
                    "source",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DepositLine",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=200)),
                ("problem", models.CharField(blank=True, max_length=200)),
                (
                    "agent",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agent"
                    ),
                ),
                (
                    "deposit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="lines", to="documents.deposit"
                    ),
                ),
                (
                    "file",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="DocumentType",
            fields=[
                ("code", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("label", models.CharField(max_length=80)),
                (
                    "start",
                    models.CharField(
                        choices=[
                            ("deposit", "le dépôt"),
                            ("exit", "le départ de l’agent"),
                            ("birth", "la naissance de l’agent"),
                        ],
                        max_length=8,
                    ),
                ),
                ("years", models.PositiveSmallIntegerField()),
                (
                    "final",
                    models.CharField(
                        choices=[("destroy", "destruction"), ("archive", "versement aux archives")], max_length=8
                    ),
                ),
                ("source", models.CharField(max_length=200)),
                ("signed_at", models.DateTimeField(null=True)),
                (
                    "signed_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agent"
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="deposit",
            name="type",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="documents.documenttype"
            ),
        ),
        migrations.CreateModel(
            name="Collection",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=nomade.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("title", models.CharField(max_length=160)),
                ("instructions", models.CharField(blank=True, max_length=1000)),
                ("wants_expiry", models.BooleanField(default=False)),
                ("due_on", models.DateField()),
                ("asked_at", models.DateTimeField()),
                (
                    "asked_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agent"),
                ),
                (
                    "type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="documents.documenttype"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="MustRead",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=nomade.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("title", models.CharField(max_length=160)),
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
                ("place", models.CharField(blank=True, max_length=160)),
                ("due_on", models.DateField(blank=True, null=True)),
                ("published_at", models.DateTimeField()),
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
                    ),
                ),
                (
                    "published_by",
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
            name="Purge",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=nomade.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("proposed_at", models.DateTimeField()),
                ("lines", models.JSONField()),
                ("signed_at", models.DateTimeField(null=True)),
                ("done_at", models.DateTimeField(null=True)),
                (
                    "proposed_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agent"),
                ),
                (
                    "signed_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agent"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="CollectionItem",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=nomade.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "à fournir"),
                            ("provided", "à vérifier"),
                            ("approved", "accepté"),
                            ("refused", "refusé"),
                        ],
                        default="asked",
                        max_length=10,
                    ),
                ),
                ("expires_on", models.DateField(null=True)),
                ("provided_at", models.DateTimeField(null=True)),
                ("reason", models.CharField(blank=True, max_length=500)),
                ("answered_at", models.DateTimeField(null=True)),
                ("reminded_at", models.DateTimeField(null=True)),
                ("version", models.PositiveIntegerField(default=1)),
                (
                    "agent",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agent"),
                ),
                (
                    "answered_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agent"
                    ),
                ),
                (
                    "collection",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="items", to="documents.collection"
                    ),
                ),
                (
                    "file",
                    models.OneToOneField(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["agent", "state"], name="collection_item_of_agent")],
                "constraints": [
                    models.UniqueConstraint(fields=("collection", "agent"), name="collection_item_once"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("state__in", ["provided", "approved"]), _negated=True),
                            ("file__isnull", False),
                            _connector="OR",
                        ),
                        name="collection_item_given_has_file",
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="FolderDocument",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=nomade.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("title", models.CharField(max_length=160)),
                ("search_text", models.CharField(editable=False, max_length=400)),
                ("dated_on", models.DateField()),
                ("origin", models.CharField(max_length=120)),
                ("deposited_at", models.DateTimeField()),
                ("needs_acknowledgement", models.BooleanField(default=False)),
                ("acknowledged_at", models.DateTimeField(null=True)),
                ("reminded_at", models.DateTimeField(null=True)),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="folder_documents", to="people.agent"
                    ),
                ),
                (
                    "deposited_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agent"),
                ),
                (
                    "file",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
                    ),
                ),
                (
                    "type",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="documents.documenttype"
                    ),
                ),
            ],
            options={
                "indexes": [models.Index(fields=["agent", "-dated_on"], name="folder_document_of_agent")],
            },
        ),
        migrations.CreateModel(
            name="Reading",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField()),
                (
                    "agent",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agent"),
                ),
                (
                    "must_read",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="readings", to="documents.mustread"
                    ),
                ),
                (
                    "noted_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agent"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("must_read", "agent"), name="reading_once")],
            },
        ),
        migrations.CreateModel(
            name="RuleChange",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=nomade.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("code", models.CharField(max_length=20)),
                ("label", models.CharField(max_length=80)),
                (
                    "start",
                    models.CharField(
                        choices=[
                            ("deposit", "le dépôt"),
                            ("exit", "le départ de l’agent"),
                            ("birth", "la naissance de l’agent"),
                        ],
                        max_length=8,
                    ),
                ),
                ("years", models.PositiveSmallIntegerField()),
                (
                    "final",
                    models.CharField(
                        choices=[("destroy", "destruction"), ("archive", "versement aux archives")], max_length=8
                    ),
                ),
                ("source", models.CharField(max_length=200)),
                ("before", models.CharField(blank=True, max_length=200)),
                ("proposed_at", models.DateTimeField()),
                ("decided_at", models.DateTimeField(null=True)),
                ("accepted", models.BooleanField(null=True)),
                (
                    "decided_by",
                    models.ForeignKey(
                        null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agent"
                    ),
                ),
                (
                    "proposed_by",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agent"),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("decided_at__isnull", True)),
                        fields=("code",),
                        name="rule_change_one_waiting",
                    )
                ],
            },
        ),
    ]
