import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    # What it replaces: a base that has all of them goes on without anything to do.
    replaces = [
        ("files", "0001_initial"),
        ("files", "0002_quarantine"),
    ]

    initial = True

    dependencies = [
        ("people", "0001_first_edition"),
    ]

    operations = [
        migrations.CreateModel(
            name="StoredFile",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=40)),
                ("name", models.CharField(max_length=200)),
                ("content_type", models.CharField(max_length=100)),
                ("size", models.PositiveBigIntegerField()),
                ("sha256", models.CharField(max_length=64)),
                ("key_version", models.CharField(max_length=16)),
                ("storage_name", models.CharField(max_length=200, unique=True)),
                ("created_at", models.DateTimeField()),
                ("awaiting_scan", models.BooleanField(default=False)),
                ("refused_at", models.DateTimeField(blank=True, null=True)),
                (
                    "owner",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="stored_files",
                        to="people.agent",
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["owner", "kind"], name="stored_file_of_owner"),
                    models.Index(
                        condition=models.Q(("awaiting_scan", True)), fields=["created_at"], name="stored_file_to_scan"
                    ),
                ],
            },
        ),
    ]
