from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("certificates", "0001_initial")]

    operations = [migrations.RunSQL("CREATE SEQUENCE certificates_number", "DROP SEQUENCE certificates_number")]
