import django.contrib.postgres.fields
import django.db.models.deletion
import nomade.kernel.clock
import nomade.kernel.ids
from django.db import migrations, models


class Migration(migrations.Migration):
    # What it replaces: a base that has all of them goes on without anything to do.
    replaces = [
        ("notifications", "0001_initial"),
        ("notifications", "0002_preferences"),
        ("notifications", "0003_spares_absences"),
    ]

    initial = True

    dependencies = [
        ("people", "0001_first_edition"),
    ]

    operations = [
        migrations.CreateModel(
            name="Rhythm",
            fields=[
                (
                    "agent",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="notification_rhythm",
                        serialize=False,
                        to="people.agent",
                    ),
                ),
                ("quiet_from", models.PositiveSmallIntegerField(default=0)),
                ("quiet_to", models.PositiveSmallIntegerField(default=0)),
                (
                    "days_off",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(), default=list, size=None
                    ),
                ),
                ("spares_absences", models.BooleanField(default=False)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("quiet_from__lt", 24), ("quiet_to__lt", 24)), name="rhythm_hours"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Notification",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=nomade.kernel.ids.new_id, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("kind", models.CharField(max_length=60)),
                ("title", models.CharField(max_length=200)),
                ("body", models.TextField(blank=True)),
                ("url", models.CharField(max_length=300)),
                ("created_at", models.DateTimeField(default=nomade.kernel.clock.now)),
                ("read_at", models.DateTimeField(blank=True, null=True)),
                (
                    "email_state",
                    models.CharField(
                        choices=[
                            ("not_wanted", "Not Wanted"),
                            ("waiting", "Waiting"),
                            ("sent", "Sent"),
                            ("digest", "Digest"),
                            ("no_address", "No Address"),
                            ("refused", "Refused"),
                        ],
                        default="not_wanted",
                        max_length=16,
                    ),
                ),
                ("emailed_at", models.DateTimeField(blank=True, null=True)),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="notifications", to="people.agent"
                    ),
                ),
            ],
            options={
                "indexes": [
                    models.Index(fields=["agent", "-created_at"], name="notification_of_agent"),
                    models.Index(
                        condition=models.Q(("read_at__isnull", True)), fields=["agent"], name="notification_unread"
                    ),
                    models.Index(
                        condition=models.Q(("email_state", "digest")), fields=["agent"], name="notification_for_digest"
                    ),
                ],
            },
        ),
        migrations.CreateModel(
            name="Preference",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("topic", models.CharField(max_length=30)),
                (
                    "delivery",
                    models.CharField(
                        choices=[("now", "tout de suite"), ("digest", "une fois par jour"), ("never", "jamais")],
                        max_length=8,
                    ),
                ),
                (
                    "agent",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="notification_preferences",
                        to="people.agent",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("agent", "topic"), name="preference_once")],
            },
        ),
    ]
