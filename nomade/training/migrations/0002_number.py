from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("training", "0001_initial")]
    operations = [
        migrations.RunSQL("CREATE SEQUENCE training_session_number", "DROP SEQUENCE training_session_number")
    ]
