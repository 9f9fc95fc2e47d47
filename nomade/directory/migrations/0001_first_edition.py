import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    # What it replaces: a base that has all of them goes on without anything to do.
    replaces = [
        ("directory", "0001_directory"),
        ("directory", "0002_groups"),
    ]

    initial = True

    dependencies = [
        ("people", "0001_first_edition"),
    ]

    operations = [
        migrations.CreateModel(
            name="Visibility",
            fields=[
                (
                    "agent",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="directory_visibility",
                        serialize=False,
                        to="people.agent",
                    ),
                ),
                ("shows_mobile", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="UnitCard",
            fields=[
                (
                    "unit",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="card",
                        serialize=False,
                        to="people.orgunit",
                    ),
                ),
                ("mailbox", models.EmailField(blank=True, max_length=254)),
                ("phone", models.CharField(blank=True, max_length=32)),
                ("address", models.CharField(blank=True, max_length=300)),
                ("hours", models.CharField(blank=True, max_length=200)),
                ("missions", models.TextField(blank=True)),
                (
                    "deputy",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="people.agent",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="UnitEntry",
            fields=[
                (
                    "unit",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="directory_entry",
                        serialize=False,
                        to="people.orgunit",
                    ),
                ),
                ("words", django.contrib.postgres.search.SearchVectorField()),
                ("reachable", models.PositiveIntegerField(default=0)),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["words"], name="directory_unit_words"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="ContactGroup",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=60)),
                ("members", models.ManyToManyField(blank=True, related_name="+", to="people.agent")),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="contact_groups", to="people.agent"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        django.db.models.functions.text.Lower("name"), models.F("owner"), name="group_name_once"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "agent",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="directory_entry",
                        serialize=False,
                        to="people.agent",
                    ),
                ),
                ("post", models.CharField(blank=True, max_length=160)),
                ("place", models.CharField(blank=True, max_length=160)),
                ("sort_name", models.CharField(max_length=170)),
                ("left_on", models.DateField(null=True)),
                ("names", django.contrib.postgres.search.SearchVectorField()),
                ("words", django.contrib.postgres.search.SearchVectorField()),
                ("made_from", models.CharField(max_length=32)),
                (
                    "unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="directory_entries",
                        to="people.orgunit",
                    ),
                ),
            ],
            options={
                "indexes": [
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["names"], name="directory_names"
                    ),
                    django.contrib.postgres.indexes.GinIndex(
                        fastupdate=False, fields=["words"], name="directory_words"
                    ),
                    models.Index(fields=["unit", "sort_name"], name="directory_unit_name"),
                    models.Index(fields=["sort_name"], name="directory_sort_name"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Favourite",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                (
                    "colleague",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.agent"),
                ),
                (
                    "owner",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="favourite_colleagues",
                        to="people.agent",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("owner", "colleague"), name="favourite_once"),
                    models.CheckConstraint(
                        condition=models.Q(("owner", models.F("colleague")), _negated=True), name="favourite_of_another"
                    ),
                ],
            },
        ),
    ]
