"""An index on the absences whose owner asks for a change: the list to decide read all of them in a large city."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("leave", "0011_own_forms_and_situations")]
    operations: ClassVar = [
        migrations.AddIndex(
            model_name="leaverequest",
            index=models.Index(
                condition=models.Q(("change_asked", ""), _negated=True),
                fields=["owner"],
                name="leave_request_changing",
            ),
        ),
    ]
