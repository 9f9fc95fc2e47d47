"""Rows made before types had a configuration and counters an end."""

from __future__ import annotations

from typing import Any

from django.db import migrations


def fill(apps: Any, _schema_editor: Any) -> None:
    """Annual leave and RTT get the configuration that is shipped; a counter is good for its civil year."""
    from nomade.leave.shipped import shipped_types

    for row in shipped_types():
        kept = {name: row[name] for name in ("label", "short_label", "team_label", "help", "order", "source")}
        given = {name: value for name, value in row.items() if name not in {*kept, "code", "valid_from", "valid_until"}}
        apps.get_model("leave", "LeaveType").objects.filter(code=row["code"]).update(**given)


class Migration(migrations.Migration):
    dependencies = [("leave", "0003_types_counters_operations")]
    operations = [
        migrations.RunPython(fill, migrations.RunPython.noop, elidable=True),
        migrations.RunSQL(
            "UPDATE leave_counter SET usable_from = make_date(year, 1, 1), expires_on = make_date(year, 12, 31) "
            "WHERE year > 0",
            migrations.RunSQL.noop,
            elidable=True,
        ),
    ]
