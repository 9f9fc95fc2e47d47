from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_initial")]

    operations = [migrations.RunSQL("CREATE SEQUENCE cases_reference", "DROP SEQUENCE cases_reference")]
