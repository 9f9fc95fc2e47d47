import datetime
import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations, models


class Migration(migrations.Migration):
    # What it replaces: a base that has all of them goes on without anything to do.
    replaces = [
        ("people", "0001_initial"),
        ("people", "0002_cycles_of_cities"),
        ("people", "0003_file_photo_roles"),
        ("people", "0004_bank_account"),
        ("people", "0005_positions_and_hours"),
    ]

    initial = True

    dependencies = [
        ("pghistory", "0007_auto_20250421_0444"),
    ]

    operations = [
        migrations.CreateModel(
            name="Agent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("matricule", models.CharField(max_length=20, unique=True)),
                ("login", models.CharField(max_length=254, unique=True)),
                ("civility", models.CharField(blank=True, max_length=8)),
                ("first_name", models.CharField(max_length=80)),
                ("last_name", models.CharField(max_length=80)),
                ("usage_name", models.CharField(blank=True, max_length=80)),
                ("birth_date", models.DateField(blank=True, null=True)),
                ("phone", models.CharField(blank=True, max_length=32)),
                ("mobile", models.CharField(blank=True, max_length=32)),
                ("personal_email", models.EmailField(blank=True, max_length=254)),
                ("personal_email_confirmed", models.BooleanField(default=False)),
                ("address", models.CharField(blank=True, max_length=300)),
                ("has_mailbox", models.BooleanField(default=True)),
                ("entry_date", models.DateField()),
                ("exit_date", models.DateField(blank=True, null=True)),
                ("search_name", models.CharField(editable=False, max_length=260)),
                ("sort_name", models.CharField(editable=False, max_length=170)),
            ],
        ),
        migrations.CreateModel(
            name="AgentEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("matricule", models.CharField(max_length=20)),
                ("login", models.CharField(max_length=254)),
                ("civility", models.CharField(blank=True, max_length=8)),
                ("first_name", models.CharField(max_length=80)),
                ("last_name", models.CharField(max_length=80)),
                ("usage_name", models.CharField(blank=True, max_length=80)),
                ("birth_date", models.DateField(blank=True, null=True)),
                ("phone", models.CharField(blank=True, max_length=32)),
                ("mobile", models.CharField(blank=True, max_length=32)),
                ("personal_email", models.EmailField(blank=True, max_length=254)),
                ("personal_email_confirmed", models.BooleanField(default=False)),
                ("address", models.CharField(blank=True, max_length=300)),
                ("has_mailbox", models.BooleanField(default=True)),
                ("entry_date", models.DateField()),
                ("exit_date", models.DateField(blank=True, null=True)),
                ("search_name", models.CharField(editable=False, max_length=260)),
                ("sort_name", models.CharField(editable=False, max_length=170)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("post", models.CharField(blank=True, max_length=160)),
                ("place", models.CharField(blank=True, max_length=160)),
                ("is_main", models.BooleanField(default=True)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="AssignmentEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("post", models.CharField(blank=True, max_length=160)),
                ("place", models.CharField(blank=True, max_length=160)),
                ("is_main", models.BooleanField(default=True)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Delegation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField()),
            ],
        ),
        migrations.CreateModel(
            name="DelegationEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="FormerEmail",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.EmailField(max_length=254)),
                ("replaced_at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="OrgUnit",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=40)),
                ("path", models.CharField(max_length=400, unique=True)),
                ("label", models.CharField(max_length=200)),
                ("kind", models.CharField(blank=True, max_length=60)),
                ("valid_from", models.DateField(default=datetime.date(1900, 1, 1))),
                ("valid_to", models.DateField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="OrgUnitEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("code", models.CharField(max_length=40)),
                ("path", models.CharField(max_length=400)),
                ("label", models.CharField(max_length=200)),
                ("kind", models.CharField(blank=True, max_length=60)),
                ("valid_from", models.DateField(default=datetime.date(1900, 1, 1))),
                ("valid_to", models.DateField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="RoleGrant",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("hr_officer", "gestionnaire RH"),
                            ("pay_officer", "gestionnaire de paie"),
                            ("training_officer", "responsable de formation"),
                            ("support_technician", "technicien du support"),
                            ("editor", "rédacteur"),
                            ("administrator", "administrateur"),
                            ("auditor", "auditeur"),
                            ("disability_referent", "référent handicap"),
                            ("data_protection_officer", "délégué à la protection des données"),
                        ],
                        max_length=24,
                    ),
                ),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
            ],
        ),
        migrations.CreateModel(
            name="RoleGrantEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("hr_officer", "gestionnaire RH"),
                            ("pay_officer", "gestionnaire de paie"),
                            ("training_officer", "responsable de formation"),
                            ("support_technician", "technicien du support"),
                            ("editor", "rédacteur"),
                            ("administrator", "administrateur"),
                            ("auditor", "auditeur"),
                            ("disability_referent", "référent handicap"),
                            ("data_protection_officer", "délégué à la protection des données"),
                        ],
                        max_length=24,
                    ),
                ),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Situation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                (
                    "status",
                    models.CharField(
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
                ("corps", models.CharField(blank=True, max_length=120)),
                ("grade", models.CharField(blank=True, max_length=120)),
                ("echelon", models.CharField(blank=True, max_length=8)),
                ("indice_majore", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("quotite", models.DecimalField(decimal_places=2, default=100, max_digits=5)),
                ("weekly_minutes", models.PositiveSmallIntegerField(default=2100)),
                (
                    "position",
                    models.CharField(
                        choices=[
                            ("activite", "en activité"),
                            ("mise_a_disposition", "mis à disposition"),
                            ("detachement_entrant", "accueilli en détachement"),
                            ("detachement", "en détachement ailleurs"),
                            ("disponibilite", "en disponibilité"),
                            ("conge_parental", "en congé parental"),
                            ("exclusion_temporaire", "en exclusion temporaire"),
                            ("suspension", "suspendu de ses fonctions"),
                        ],
                        default="activite",
                        max_length=24,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SituationEvent",
            fields=[
                ("pgh_id", models.AutoField(primary_key=True, serialize=False)),
                ("pgh_created_at", models.DateTimeField(auto_now_add=True)),
                ("pgh_label", models.TextField(help_text="The event label.")),
                ("id", models.BigIntegerField()),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(blank=True, null=True)),
                (
                    "status",
                    models.CharField(
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
                ("corps", models.CharField(blank=True, max_length=120)),
                ("grade", models.CharField(blank=True, max_length=120)),
                ("echelon", models.CharField(blank=True, max_length=8)),
                ("indice_majore", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("quotite", models.DecimalField(decimal_places=2, default=100, max_digits=5)),
                ("weekly_minutes", models.PositiveSmallIntegerField(default=2100)),
                (
                    "position",
                    models.CharField(
                        choices=[
                            ("activite", "en activité"),
                            ("mise_a_disposition", "mis à disposition"),
                            ("detachement_entrant", "accueilli en détachement"),
                            ("detachement", "en détachement ailleurs"),
                            ("disponibilite", "en disponibilité"),
                            ("conge_parental", "en congé parental"),
                            ("exclusion_temporaire", "en exclusion temporaire"),
                            ("suspension", "suspendu de ses fonctions"),
                        ],
                        default="activite",
                        max_length=24,
                    ),
                ),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="WorkCycle",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("code", models.CharField(max_length=40, unique=True)),
                ("label", models.CharField(blank=True, max_length=120)),
                (
                    "weeks",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=7), help_text="seven signs a week", size=None
                    ),
                ),
                ("anchor", models.DateField(default=datetime.date(2024, 1, 1))),
                ("works_holidays", models.BooleanField(default=False)),
                ("annual_minutes", models.PositiveIntegerField(blank=True, null=True)),
                (
                    "week_minutes",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.PositiveSmallIntegerField(), blank=True, default=list, size=None
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AgentPhoto",
            fields=[
                (
                    "agent",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="photo",
                        serialize=False,
                        to="people.agent",
                    ),
                ),
                ("file", models.UUIDField(unique=True)),
                ("visible", models.BooleanField(default=False)),
                ("changed_at", models.DateTimeField()),
            ],
        ),
        migrations.AddIndex(
            model_name="agent",
            index=models.Index(fields=["sort_name"], name="agent_sort_name"),
        ),
        migrations.AddField(
            model_name="agentevent",
            name="pgh_context",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="pghistory.context",
            ),
        ),
        migrations.AddField(
            model_name="agentevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="people.agent",
            ),
        ),
        migrations.AddField(
            model_name="assignment",
            name="agent",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="assignments", to="people.agent"
            ),
        ),
        migrations.AddField(
            model_name="assignment",
            name="supervisor",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="supervised_assignments",
                to="people.agent",
            ),
        ),
        migrations.AddField(
            model_name="assignmentevent",
            name="agent",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="people.agent",
            ),
        ),
        migrations.AddField(
            model_name="assignmentevent",
            name="pgh_context",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="pghistory.context",
            ),
        ),
        migrations.AddField(
            model_name="assignmentevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="people.assignment",
            ),
        ),
        migrations.AddField(
            model_name="assignmentevent",
            name="supervisor",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="people.agent",
            ),
        ),
        migrations.AddField(
            model_name="delegation",
            name="created_by",
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agent"),
        ),
        migrations.AddField(
            model_name="delegation",
            name="giver",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="delegations_given", to="people.agent"
            ),
        ),
        migrations.AddField(
            model_name="delegation",
            name="receiver",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="delegations_received", to="people.agent"
            ),
        ),
        migrations.AddField(
            model_name="delegationevent",
            name="created_by",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="people.agent",
            ),
        ),
        migrations.AddField(
            model_name="delegationevent",
            name="giver",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="people.agent",
            ),
        ),
        migrations.AddField(
            model_name="delegationevent",
            name="pgh_context",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="pghistory.context",
            ),
        ),
        migrations.AddField(
            model_name="delegationevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="people.delegation",
            ),
        ),
        migrations.AddField(
            model_name="delegationevent",
            name="receiver",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="people.agent",
            ),
        ),
        migrations.AddField(
            model_name="formeremail",
            name="agent",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="former_emails", to="people.agent"
            ),
        ),
        migrations.AddField(
            model_name="orgunit",
            name="head",
            field=models.ForeignKey(
                blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="+", to="people.agent"
            ),
        ),
        migrations.AddField(
            model_name="orgunit",
            name="parent",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="children",
                to="people.orgunit",
            ),
        ),
        migrations.AddField(
            model_name="assignmentevent",
            name="unit",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="people.orgunit",
            ),
        ),
        migrations.AddField(
            model_name="assignment",
            name="unit",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="assignments", to="people.orgunit"
            ),
        ),
        migrations.AddField(
            model_name="orgunitevent",
            name="head",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="people.agent",
            ),
        ),
        migrations.AddField(
            model_name="orgunitevent",
            name="parent",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="people.orgunit",
            ),
        ),
        migrations.AddField(
            model_name="orgunitevent",
            name="pgh_context",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="pghistory.context",
            ),
        ),
        migrations.AddField(
            model_name="orgunitevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="people.orgunit",
            ),
        ),
        migrations.AddField(
            model_name="rolegrant",
            name="agent",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="role_grants", to="people.agent"
            ),
        ),
        migrations.AddField(
            model_name="rolegrant",
            name="granted_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.agent"
            ),
        ),
        migrations.AddField(
            model_name="rolegrant",
            name="perimeter",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="people.orgunit",
            ),
        ),
        migrations.AddField(
            model_name="rolegrantevent",
            name="agent",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="people.agent",
            ),
        ),
        migrations.AddField(
            model_name="rolegrantevent",
            name="granted_by",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="people.agent",
            ),
        ),
        migrations.AddField(
            model_name="rolegrantevent",
            name="perimeter",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="people.orgunit",
            ),
        ),
        migrations.AddField(
            model_name="rolegrantevent",
            name="pgh_context",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="pghistory.context",
            ),
        ),
        migrations.AddField(
            model_name="rolegrantevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="people.rolegrant",
            ),
        ),
        migrations.AddField(
            model_name="situation",
            name="agent",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="situations", to="people.agent"
            ),
        ),
        migrations.AddField(
            model_name="situationevent",
            name="agent",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="people.agent",
            ),
        ),
        migrations.AddField(
            model_name="situationevent",
            name="pgh_context",
            field=models.ForeignKey(
                db_constraint=False,
                null=True,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                to="pghistory.context",
            ),
        ),
        migrations.AddField(
            model_name="situationevent",
            name="pgh_obj",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="events",
                to="people.situation",
            ),
        ),
        migrations.AddField(
            model_name="situationevent",
            name="cycle",
            field=models.ForeignKey(
                db_constraint=False,
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="+",
                related_query_name="+",
                to="people.workcycle",
            ),
        ),
        migrations.AddField(
            model_name="situation",
            name="cycle",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="people.workcycle"
            ),
        ),
        migrations.AddConstraint(
            model_name="delegation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                ),
                name="delegation_days_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="delegation",
            constraint=models.CheckConstraint(
                condition=models.Q(("giver", models.F("receiver")), _negated=True), name="delegation_to_another"
            ),
        ),
        migrations.AddIndex(
            model_name="orgunit",
            index=models.Index(fields=["path"], name="orgunit_path_prefix", opclasses=["varchar_pattern_ops"]),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("is_main", True)),
                expressions=[
                    (
                        models.Func(
                            models.F("agent_id"), models.F("agent_id"), models.Value("[]"), function="int8range"
                        ),
                        "&&",
                    ),
                    (
                        models.Func(
                            models.F("valid_from"),
                            models.F("valid_to"),
                            models.Value("[]"),
                            function="daterange",
                            output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="assignment_one_main_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="assignment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                ),
                name="assignment_days_in_order",
            ),
        ),
        migrations.AddIndex(
            model_name="rolegrant",
            index=models.Index(fields=["agent", "role"], name="role_of_agent"),
        ),
        migrations.AddConstraint(
            model_name="rolegrant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                ),
                name="role_days_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="situation",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                expressions=[
                    (
                        models.Func(
                            models.F("agent_id"), models.F("agent_id"), models.Value("[]"), function="int8range"
                        ),
                        "&&",
                    ),
                    (
                        models.Func(
                            models.F("valid_from"),
                            models.F("valid_to"),
                            models.Value("[]"),
                            function="daterange",
                            output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                        ),
                        "&&",
                    ),
                ],
                name="situation_one_a_day",
            ),
        ),
        migrations.AddConstraint(
            model_name="situation",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True), ("valid_to__gte", models.F("valid_from")), _connector="OR"
                ),
                name="situation_days_in_order",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="agent",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "people_agentevent" ("address", "birth_date", "civility", "entry_date", "exit_date", "first_name", "has_mailbox", "id", "last_name", "login", "matricule", "mobile", "personal_email", "personal_email_confirmed", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "search_name", "sort_name", "usage_name") VALUES (NEW."address", NEW."birth_date", NEW."civility", NEW."entry_date", NEW."exit_date", NEW."first_name", NEW."has_mailbox", NEW."id", NEW."last_name", NEW."login", NEW."matricule", NEW."mobile", NEW."personal_email", NEW."personal_email_confirmed", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."phone", NEW."search_name", NEW."sort_name", NEW."usage_name"); RETURN NULL;',
                    hash="51e4ed060a65bb54266ad355b82933984a30afe8",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_803f3",
                    table="people_agent",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="agent",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "people_agentevent" ("address", "birth_date", "civility", "entry_date", "exit_date", "first_name", "has_mailbox", "id", "last_name", "login", "matricule", "mobile", "personal_email", "personal_email_confirmed", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "phone", "search_name", "sort_name", "usage_name") VALUES (OLD."address", OLD."birth_date", OLD."civility", OLD."entry_date", OLD."exit_date", OLD."first_name", OLD."has_mailbox", OLD."id", OLD."last_name", OLD."login", OLD."matricule", OLD."mobile", OLD."personal_email", OLD."personal_email_confirmed", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."phone", OLD."search_name", OLD."sort_name", OLD."usage_name"); RETURN NULL;',
                    hash="f67616a5c310da8ac7312d80a3a710705cc0a5e0",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_c86cc",
                    table="people_agent",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="delegation",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "people_delegationevent" ("created_by_id", "giver_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "receiver_id", "valid_from", "valid_to") VALUES (NEW."created_by_id", NEW."giver_id", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."receiver_id", NEW."valid_from", NEW."valid_to"); RETURN NULL;',
                    hash="9902d464030b1abe7d45dd42f65b183743592de6",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_d16d1",
                    table="people_delegation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="delegation",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "people_delegationevent" ("created_by_id", "giver_id", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "receiver_id", "valid_from", "valid_to") VALUES (OLD."created_by_id", OLD."giver_id", OLD."id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."receiver_id", OLD."valid_from", OLD."valid_to"); RETURN NULL;',
                    hash="b68850b167971fd4a0b347c4dfbbea44f4cbde1c",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_ce4c4",
                    table="people_delegation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="orgunit",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "people_orgunitevent" ("code", "head_id", "id", "kind", "label", "parent_id", "path", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "valid_from", "valid_to") VALUES (NEW."code", NEW."head_id", NEW."id", NEW."kind", NEW."label", NEW."parent_id", NEW."path", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."valid_from", NEW."valid_to"); RETURN NULL;',
                    hash="b90f1a87c0381df11c813688fb0c45cc49f588f1",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_d6604",
                    table="people_orgunit",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="orgunit",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "people_orgunitevent" ("code", "head_id", "id", "kind", "label", "parent_id", "path", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "valid_from", "valid_to") VALUES (OLD."code", OLD."head_id", OLD."id", OLD."kind", OLD."label", OLD."parent_id", OLD."path", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."valid_from", OLD."valid_to"); RETURN NULL;',
                    hash="34bc3caf1503bd490fed6558b105020d419b0312",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_0d98b",
                    table="people_orgunit",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="assignment",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "people_assignmentevent" ("agent_id", "id", "is_main", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "post", "supervisor_id", "unit_id", "valid_from", "valid_to") VALUES (NEW."agent_id", NEW."id", NEW."is_main", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."place", NEW."post", NEW."supervisor_id", NEW."unit_id", NEW."valid_from", NEW."valid_to"); RETURN NULL;',
                    hash="28b55280beb4d6ae8a893cf8b2782f76cf77463b",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_b2165",
                    table="people_assignment",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="assignment",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "people_assignmentevent" ("agent_id", "id", "is_main", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "post", "supervisor_id", "unit_id", "valid_from", "valid_to") VALUES (OLD."agent_id", OLD."id", OLD."is_main", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."place", OLD."post", OLD."supervisor_id", OLD."unit_id", OLD."valid_from", OLD."valid_to"); RETURN NULL;',
                    hash="77f0b359b6baa7a84422fa471b5e17f9afaf27b9",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_27e23",
                    table="people_assignment",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="rolegrant",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "people_rolegrantevent" ("agent_id", "granted_by_id", "id", "perimeter_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "valid_from", "valid_to") VALUES (NEW."agent_id", NEW."granted_by_id", NEW."id", NEW."perimeter_id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."role", NEW."valid_from", NEW."valid_to"); RETURN NULL;',
                    hash="336c85c05955ece7fa489f1afbca8982a5f50f4b",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_caacd",
                    table="people_rolegrant",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="rolegrant",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "people_rolegrantevent" ("agent_id", "granted_by_id", "id", "perimeter_id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "role", "valid_from", "valid_to") VALUES (OLD."agent_id", OLD."granted_by_id", OLD."id", OLD."perimeter_id", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."role", OLD."valid_from", OLD."valid_to"); RETURN NULL;',
                    hash="fd163bc59eb3305ec151d1ff0094dadac5fd815e",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_bd118",
                    table="people_rolegrant",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="situation",
            trigger=pgtrigger.compiler.Trigger(
                name="update_update",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    condition="WHEN (OLD.* IS DISTINCT FROM NEW.*)",
                    func='INSERT INTO "people_situationevent" ("agent_id", "category", "corps", "cycle_id", "echelon", "grade", "id", "indice_majore", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "quotite", "status", "valid_from", "valid_to", "weekly_minutes") VALUES (NEW."agent_id", NEW."category", NEW."corps", NEW."cycle_id", NEW."echelon", NEW."grade", NEW."id", NEW."indice_majore", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."position", NEW."quotite", NEW."status", NEW."valid_from", NEW."valid_to", NEW."weekly_minutes"); RETURN NULL;',
                    hash="cf8861b995680acd6d549ea87d35c70ae35e9034",
                    operation="UPDATE",
                    pgid="pgtrigger_update_update_8459c",
                    table="people_situation",
                    when="AFTER",
                ),
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="situation",
            trigger=pgtrigger.compiler.Trigger(
                name="delete_delete",
                sql=pgtrigger.compiler.UpsertTriggerSql(
                    func='INSERT INTO "people_situationevent" ("agent_id", "category", "corps", "cycle_id", "echelon", "grade", "id", "indice_majore", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "position", "quotite", "status", "valid_from", "valid_to", "weekly_minutes") VALUES (OLD."agent_id", OLD."category", OLD."corps", OLD."cycle_id", OLD."echelon", OLD."grade", OLD."id", OLD."indice_majore", _pgh_attach_context(), NOW(), \'delete\', OLD."id", OLD."position", OLD."quotite", OLD."status", OLD."valid_from", OLD."valid_to", OLD."weekly_minutes"); RETURN NULL;',
                    hash="2003496b52ba962d0f9215e6f7a6e31c97372b48",
                    operation="DELETE",
                    pgid="pgtrigger_delete_delete_ff5c3",
                    table="people_situation",
                    when="AFTER",
                ),
            ),
        ),
    ]
