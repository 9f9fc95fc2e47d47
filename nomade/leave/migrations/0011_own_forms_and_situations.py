"""Strike, unpaid leave and training have fields of their own; counting rights again is an operation.

A type that HR has changed meanwhile keeps what it asks.
"""

from typing import Any, ClassVar

from django.db import migrations, models

FIELDS = {
    "GREVE": ["strike_minutes"],
    "SANS_SOLDE": ["unpaid_kind"],
    "FORMATION": ["training_kind", "training_title"],
}


def ask(apps: Any, schema_editor: Any) -> None:
    types = apps.get_model("leave", "LeaveType").objects.using(schema_editor.connection.alias)
    for code, fields in FIELDS.items():
        types.filter(code=code, fields=[]).update(fields=fields)


class Migration(migrations.Migration):
    dependencies: ClassVar = [("leave", "0010_telework_asks_its_exception")]
    operations: ClassVar = [
        migrations.AlterField(
            model_name="operation",
            name="kind",
            field=models.CharField(
                max_length=12,
                choices=[
                    ("fermeture", "jour de fermeture"),
                    ("droit", "droit pour une liste d’agents"),
                    ("reprise", "reprise de compteurs"),
                    ("systeme", "soldes du système de temps"),
                    ("cloture", "clôture d’année"),
                    ("situation", "droits recalculés après un changement de situation"),
                ],
            ),
        ),
        migrations.RunPython(ask, migrations.RunPython.noop),
    ]
