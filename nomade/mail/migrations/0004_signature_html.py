from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('mail', '0003_writing'),
    ]

    operations = [
        migrations.AddField(
            model_name='mailidentity',
            name='signature_html',
            field=models.TextField(blank=True, default='', max_length=10000, verbose_name='Signature mise en forme'),
        ),
    ]
