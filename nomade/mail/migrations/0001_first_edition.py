import django.db.models.deletion
import django.db.models.functions.text
import nomade.kernel.clock
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):
    # What it replaces: a base that has all of them goes on without anything to do.
    replaces = [
        ("mail", "0001_initial"),
        ("mail", "0002_reading"),
        ("mail", "0003_writing"),
        ("mail", "0004_signature_html"),
    ]

    initial = True

    dependencies = [
        ("people", "0001_first_edition"),
    ]

    operations = [
        migrations.CreateModel(
            name="ReadingSettings",
            fields=[
                (
                    "agent",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="people.agent",
                    ),
                ),
                (
                    "pane",
                    models.CharField(
                        choices=[
                            ("right", "À droite de la liste"),
                            ("below", "Sous la liste"),
                            ("alone", "À la place de la liste"),
                        ],
                        default="right",
                        max_length=10,
                    ),
                ),
                (
                    "density",
                    models.CharField(
                        choices=[("roomy", "Aérée"), ("compact", "Serrée")], default="roomy", max_length=10
                    ),
                ),
                ("threaded", models.BooleanField(default=False)),
                (
                    "receipts",
                    models.CharField(
                        choices=[("ask", "Me demander à chaque fois"), ("never", "Ne jamais répondre")],
                        default="ask",
                        max_length=10,
                    ),
                ),
                ("shortcuts", models.BooleanField(default=True)),
                ("notify", models.BooleanField(default=False)),
                ("subscribed_only", models.BooleanField(default=False)),
                ("confirm_delete", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="WritingSettings",
            fields=[
                (
                    "agent",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="people.agent",
                    ),
                ),
                (
                    "signature_place",
                    models.CharField(
                        choices=[("above", "Au-dessus du message cité"), ("below", "Tout en bas")],
                        default="above",
                        max_length=8,
                    ),
                ),
                (
                    "writing_format",
                    models.CharField(
                        choices=[
                            ("plain", "Texte simple"),
                            ("rich", "Texte mis en forme"),
                            ("same", "Texte simple, et les réponses comme le message reçu"),
                        ],
                        default="plain",
                        max_length=8,
                    ),
                ),
                ("undo_seconds", models.PositiveSmallIntegerField(blank=True, null=True)),
                ("confirm_attachment", models.BooleanField(default=True)),
                ("confirm_subject", models.BooleanField(default=True)),
                ("confirm_many", models.BooleanField(default=True)),
                ("confirm_outside", models.BooleanField(default=False)),
            ],
        ),
        migrations.CreateModel(
            name="Contact",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(blank=True, default="", max_length=120, verbose_name="Nom")),
                ("email", models.CharField(max_length=254, verbose_name="Adresse")),
                ("organisation", models.CharField(blank=True, default="", max_length=120, verbose_name="Organisme")),
                ("phone", models.CharField(blank=True, default="", max_length=40, verbose_name="Téléphone")),
                ("note", models.TextField(blank=True, default="", max_length=1000, verbose_name="Note")),
                ("search_name", models.CharField(default="", editable=False, max_length=520)),
                ("changed_at", models.DateTimeField(default=nomade.kernel.clock.now)),
                (
                    "agent",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.agent"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="ContactGroup",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80, verbose_name="Nom")),
                ("search_name", models.CharField(default="", editable=False, max_length=80)),
                (
                    "agent",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.agent"),
                ),
                ("members", models.ManyToManyField(blank=True, related_name="groups", to="mail.contact")),
            ],
            options={
                "ordering": ["name", "id"],
            },
        ),
        migrations.CreateModel(
            name="Correspondent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("email", models.CharField(max_length=254)),
                ("name", models.CharField(blank=True, default="", max_length=120)),
                ("search_name", models.CharField(default="", editable=False, max_length=380)),
                ("times", models.PositiveIntegerField(default=1)),
                ("last_at", models.DateTimeField(default=nomade.kernel.clock.now)),
                (
                    "agent",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.agent"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Done",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("sealed", models.BinaryField()),
                ("created_at", models.DateTimeField(db_index=True, default=nomade.kernel.clock.now)),
                ("undone", models.BooleanField(default=False)),
                (
                    "agent",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.agent"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Label",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("keyword", models.CharField(max_length=60)),
                ("name", models.CharField(max_length=40, verbose_name="nom")),
                (
                    "colour",
                    models.CharField(
                        choices=[
                            ("red", "rouge"),
                            ("orange", "orange"),
                            ("green", "vert"),
                            ("blue", "bleu"),
                            ("violet", "violet"),
                            ("grey", "gris"),
                        ],
                        default="blue",
                        max_length=10,
                        verbose_name="couleur",
                    ),
                ),
                (
                    "agent",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.agent"),
                ),
            ],
            options={
                "ordering": ["name"],
            },
        ),
        migrations.CreateModel(
            name="MailIdentity",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("label", models.CharField(max_length=60, verbose_name="Intitulé")),
                ("name", models.CharField(max_length=120, verbose_name="Nom affiché")),
                (
                    "reply_to",
                    models.CharField(blank=True, default="", max_length=254, verbose_name="Adresse de réponse"),
                ),
                ("signature", models.TextField(blank=True, default="", max_length=2000, verbose_name="Signature")),
                (
                    "signature_html",
                    models.TextField(blank=True, default="", max_length=10000, verbose_name="Signature mise en forme"),
                ),
                ("is_default", models.BooleanField(default=False)),
                (
                    "agent",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.agent"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OutgoingMessage",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("token", models.UUIDField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "Brouillon"),
                            ("waiting", "En attente d’envoi"),
                            ("sending", "Envoi en cours"),
                            ("accepted", "Envoyé"),
                            ("sent", "Envoyé"),
                            ("refused", "Refusé"),
                            ("uncertain", "À vérifier"),
                        ],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("message_id", models.CharField(max_length=300)),
                ("sealed", models.BinaryField(default=b"")),
                ("sealed_problem", models.BinaryField(default=b"")),
                ("attempts", models.PositiveIntegerField(default=0)),
                ("revision", models.PositiveIntegerField(default=0)),
                ("mirrored", models.PositiveIntegerField(default=0)),
                ("leaves_at", models.DateTimeField(blank=True, null=True)),
                ("created_at", models.DateTimeField(default=nomade.kernel.clock.now)),
                ("changed_at", models.DateTimeField(default=nomade.kernel.clock.now)),
                (
                    "agent",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.agent"),
                ),
            ],
        ),
        migrations.CreateModel(
            name="OutgoingAttachment",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ("sealed_name", models.BinaryField()),
                ("content_type", models.CharField(max_length=200)),
                ("content_id", models.CharField(blank=True, default="", max_length=200)),
                ("size", models.PositiveIntegerField()),
                ("sealed", models.BinaryField()),
                ("position", models.PositiveSmallIntegerField(default=0)),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="attachments",
                        to="mail.outgoingmessage",
                    ),
                ),
            ],
            options={
                "ordering": ["position", "id"],
            },
        ),
        migrations.CreateModel(
            name="TrustedSender",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("digest", models.CharField(max_length=64)),
                ("sealed", models.BinaryField()),
                (
                    "agent",
                    models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name="+", to="people.agent"),
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name="contact",
            constraint=models.UniqueConstraint(
                models.F("agent"), django.db.models.functions.text.Lower("email"), name="mail_contact_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="contactgroup",
            constraint=models.UniqueConstraint(
                models.F("agent"), django.db.models.functions.text.Lower("name"), name="mail_group_once"
            ),
        ),
        migrations.AddIndex(
            model_name="correspondent",
            index=models.Index(fields=["agent", "-last_at"], name="mail_correspondent_recent"),
        ),
        migrations.AddConstraint(
            model_name="correspondent",
            constraint=models.UniqueConstraint(fields=("agent", "email"), name="mail_correspondent_once"),
        ),
        migrations.AddConstraint(
            model_name="label",
            constraint=models.UniqueConstraint(fields=("agent", "keyword"), name="label_once_an_agent"),
        ),
        migrations.AddConstraint(
            model_name="mailidentity",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_default", True)), fields=("agent",), name="mail_one_usual_identity"
            ),
        ),
        migrations.AddIndex(
            model_name="outgoingmessage",
            index=models.Index(fields=["agent", "state"], name="outgoing_of_agent"),
        ),
        migrations.AddConstraint(
            model_name="outgoingmessage",
            constraint=models.UniqueConstraint(fields=("agent", "token"), name="outgoing_once_a_form"),
        ),
        migrations.AddConstraint(
            model_name="trustedsender",
            constraint=models.UniqueConstraint(fields=("agent", "digest"), name="sender_once_an_agent"),
        ),
    ]
