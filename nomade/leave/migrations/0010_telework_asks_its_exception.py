"""Telework asks which situation lifts its limits; a type that HR has changed meanwhile keeps what it asks."""

from typing import Any, ClassVar

from django.db import migrations


def ask(apps: Any, schema_editor: Any) -> None:
    types = apps.get_model("leave", "LeaveType").objects.using(schema_editor.connection.alias)
    types.filter(code="TELETRAVAIL", fields=[]).update(fields=["telework_exception"])


class Migration(migrations.Migration):
    dependencies: ClassVar = [("leave", "0009_time_system")]
    operations: ClassVar = [migrations.RunPython(ask, migrations.RunPython.noop)]
