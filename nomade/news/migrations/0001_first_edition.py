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
        ("news", "0001_news"),
        ("news", "0002_pages"),
        ("news", "0003_shown_in_order"),
    ]

    initial = True

    dependencies = [
        ("files", "0001_first_edition"),
        ("people", "0001_first_edition"),
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.CreateModel(
            name="Article",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("article", "Article"),
                            ("note", "Note courte"),
                            ("alert", "Alerte"),
                            ("event", "Événement"),
                        ],
                        default="article",
                        max_length=8,
                    ),
                ),
                ("title", models.CharField(max_length=160)),
                ("summary", models.CharField(max_length=300)),
                ("body", models.TextField(blank=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Brouillon"),
                            ("review", "En relecture"),
                            ("published", "Publié"),
                            ("withdrawn", "Retiré"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("pinned", models.BooleanField(default=False)),
                ("must_read", models.BooleanField(default=False)),
                ("picture_alt", models.CharField(blank=True, max_length=250)),
                ("starts_at", models.DateTimeField(blank=True, null=True)),
                ("place", models.CharField(blank=True, max_length=160)),
                ("publish_at", models.DateTimeField(blank=True, null=True)),
                ("ends_at", models.DateTimeField(blank=True, null=True)),
                ("announced_at", models.DateTimeField(blank=True, null=True)),
                ("reminded_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField(default=nomade.kernel.clock.now)),
                ("version", models.PositiveIntegerField(default=0)),
                ("words", django.contrib.postgres.search.SearchVectorField(null=True)),
                (
                    "author",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agent"),
                ),
                (
                    "picture",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="files.storedfile",
                    ),
                ),
                (
                    "published_by",
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
            name="ArticleEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, serialize=False)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("article", "Article"),
                            ("note", "Note courte"),
                            ("alert", "Alerte"),
                            ("event", "Événement"),
                        ],
                        default="article",
                        max_length=8,
                    ),
                ),
                ("title", models.CharField(max_length=160)),
                ("summary", models.CharField(max_length=300)),
                ("body", models.TextField(blank=True)),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Brouillon"),
                            ("review", "En relecture"),
                            ("published", "Publié"),
                            ("withdrawn", "Retiré"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("pinned", models.BooleanField(default=False)),
                ("must_read", models.BooleanField(default=False)),
                ("picture_alt", models.CharField(blank=True, max_length=250)),
                ("starts_at", models.DateTimeField(blank=True, null=True)),
                ("place", models.CharField(blank=True, max_length=160)),
                ("publish_at", models.DateTimeField(blank=True, null=True)),
                ("ends_at", models.DateTimeField(blank=True, null=True)),
                ("announced_at", models.DateTimeField(blank=True, null=True)),
                ("reminded_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField(default=nomade.kernel.clock.now)),
                ("version", models.PositiveIntegerField(default=0)),
                ("words", django.contrib.postgres.search.SearchVectorField(null=True)),
                (
                    "author",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="people.agent",
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
                        to="news.article",
                    ),
                ),
                (
                    "picture",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="files.storedfile",
                    ),
                ),
                (
                    "published_by",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="people.agent",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="attachments", to="news.article"
                    ),
                ),
                (
                    "file",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="files.storedfile"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Opening",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("day", models.DateField()),
                ("count", models.PositiveIntegerField(default=0)),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="openings", to="news.article"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Page",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("slug", models.SlugField(max_length=80, unique=True)),
                ("title", models.CharField(max_length=120)),
                ("summary", models.CharField(blank=True, max_length=200)),
                ("body", models.TextField(blank=True)),
                ("review_by", models.DateField()),
                ("order", models.PositiveSmallIntegerField(default=100)),
                ("is_shown", models.BooleanField(default=True)),
                ("updated_at", models.DateTimeField(default=nomade.kernel.clock.now)),
                ("version", models.PositiveIntegerField(default=0)),
                ("words", django.contrib.postgres.search.SearchVectorField(null=True)),
                (
                    "owner",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agent"),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="children",
                        to="news.page",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="PageEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("slug", models.SlugField(db_index=False, max_length=80)),
                ("title", models.CharField(max_length=120)),
                ("summary", models.CharField(blank=True, max_length=200)),
                ("body", models.TextField(blank=True)),
                ("review_by", models.DateField()),
                ("order", models.PositiveSmallIntegerField(default=100)),
                ("is_shown", models.BooleanField(default=True)),
                ("updated_at", models.DateTimeField(default=nomade.kernel.clock.now)),
                ("version", models.PositiveIntegerField(default=0)),
                ("words", django.contrib.postgres.search.SearchVectorField(null=True)),
                (
                    "owner",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="people.agent",
                    ),
                ),
                (
                    "parent",
                    models.ForeignKey(
                        blank=True,
                        db_constraint=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        related_query_name="+",
                        to="news.page",
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
                        to="news.page",
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Receipt",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("read_at", models.DateTimeField(default=nomade.kernel.clock.now)),
                (
                    "agent",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.agent"),
                ),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="receipts", to="news.article"
                    ),
                ),
                (
                    "ticked_by",
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
            name="Target",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
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
                ("category", models.CharField(blank=True, max_length=1)),
                ("place", models.CharField(blank=True, max_length=160)),
                (
                    "article",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="targets", to="news.article"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="people.orgunit",
                    ),
                ),
            ],
        ),
        migrations.AddIndex(
            model_name="article",
            index=models.Index(
                condition=models.Q(("state", "published")),
                fields=["-pinned", "-publish_at", "-created_at"],
                name="article_shown",
            ),
        ),
        migrations.AddIndex(
            model_name="article",
            index=django.contrib.postgres.indexes.GinIndex(fields=["words"], name="article_words"),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("picture__isnull", True), models.Q(("picture_alt", ""), _negated=True), _connector="OR"
                ),
                name="article_picture_has_words",
            ),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("ends_at__isnull", True),
                    ("publish_at__isnull", True),
                    ("ends_at__gt", models.F("publish_at")),
                    _connector="OR",
                ),
                name="article_moments_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="article",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "published"), _negated=True), ("publish_at__isnull", False), _connector="OR"
                ),
                name="article_published_has_a_moment",
            ),
        ),
        migrations.AddConstraint(
            model_name="opening",
            constraint=models.UniqueConstraint(fields=("article", "day"), name="opening_once_a_day"),
        ),
        migrations.AddIndex(
            model_name="page",
            index=django.contrib.postgres.indexes.GinIndex(fields=["words"], name="page_words"),
        ),
        migrations.AddConstraint(
            model_name="page",
            constraint=models.CheckConstraint(
                condition=models.Q(("parent", models.F("id")), _negated=True), name="page_not_below_itself"
            ),
        ),
        migrations.AddIndex(
            model_name="receipt",
            index=models.Index(fields=["agent", "article"], name="receipt_of_agent"),
        ),
        migrations.AddConstraint(
            model_name="receipt",
            constraint=models.UniqueConstraint(fields=("article", "agent"), name="receipt_once"),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="article",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "news_articleevent" ("announced_at", "author_id", "body", "created_at", "ends_at", "id", "kind", "must_read", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "picture_alt", "picture_id", "pinned", "place", "publish_at", "published_by_id", "reminded_at", "starts_at", "state", "summary", "title", "version", "words") VALUES (NEW."announced_at", NEW."author_id", NEW."body", NEW."created_at", NEW."ends_at", NEW."id", NEW."kind", NEW."must_read", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."picture_alt", NEW."picture_id", NEW."pinned", NEW."place", NEW."publish_at", NEW."published_by_id", NEW."reminded_at", NEW."starts_at", NEW."state", NEW."summary", NEW."title", NEW."version", NEW."words"); RETURN NULL;',
                    hash="29e3a76a608cb815872eda5f947259b912f5b290",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_12d52",
                    table="news_article",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="article",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "news_articleevent" ("announced_at", "author_id", "body", "created_at", "ends_at", "id", "kind", "must_read", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "picture_alt", "picture_id", "pinned", "place", "publish_at", "published_by_id", "reminded_at", "starts_at", "state", "summary", "title", "version", "words") VALUES (OLD."announced_at", OLD."author_id", OLD."body", OLD."created_at", OLD."ends_at", OLD."id", OLD."kind", OLD."must_read", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."picture_alt", OLD."picture_id", OLD."pinned", OLD."place", OLD."publish_at", OLD."published_by_id", OLD."reminded_at", OLD."starts_at", OLD."state", OLD."summary", OLD."title", OLD."version", OLD."words"); RETURN NULL;',
                    hash="cccdffc90689e208c71cfc6892c33a44d9e10f8a",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_bcd3d",
                    table="news_article",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="page",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "news_pageevent" ("body", "id", "is_shown", "order", "owner_id", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "review_by", "slug", "summary", "title", "updated_at", "version", "words") VALUES (NEW."body", NEW."id", NEW."is_shown", NEW."order", NEW."owner_id", NEW."parent_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."review_by", NEW."slug", NEW."summary", NEW."title", NEW."updated_at", NEW."version", NEW."words"); RETURN NULL;',
                    hash="397989c5caff0e9460a85be78c75aaaeb0d48ddd",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_4550c",
                    table="news_page",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="page",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "news_pageevent" ("body", "id", "is_shown", "order", "owner_id", "parent_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "review_by", "slug", "summary", "title", "updated_at", "version", "words") VALUES (OLD."body", OLD."id", OLD."is_shown", OLD."order", OLD."owner_id", OLD."parent_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."review_by", OLD."slug", OLD."summary", OLD."title", OLD."updated_at", OLD."version", OLD."words"); RETURN NULL;',
                    hash="35f87970a40f8c612d97fae102dd52b0f8f59b22",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_b0836",
                    table="news_page",
                    when="AFTER",
                ),
            ),
        ),
    ]
