from datetime import timedelta

from django.db import migrations
from django.utils import timezone


def give_a_life(apps, _schema):
    """Provisional passwords given before this migration open for seven days more."""
    at = timezone.now()
    account, given = apps.get_model("accounts", "Account"), apps.get_model("accounts", "ProvisionalPassword")
    waiting = account.objects.filter(password_is_provisional=True)
    given.objects.bulk_create(
        [
            given(account=one, made_at=at, handed_over_at=at, expires_at=at + timedelta(days=7))
            for one in waiting.iterator()
        ],
        batch_size=2000,
    )
    waiting.update(first_steps_pending=True)


class Migration(migrations.Migration):
    dependencies = [("accounts", "0005_provisional_passwords")]
    operations = [migrations.RunPython(give_a_life, migrations.RunPython.noop)]
