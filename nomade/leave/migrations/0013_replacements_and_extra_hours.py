"""A colleague who stands in for an absence; hours done beyond the cycle, given back as time."""


import django.db.models.deletion
import nomade.kernel.clock
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('leave', '0012_find_changes_asked'),
        ('people', '0005_positions_and_hours'),
    ]

    operations = [
        migrations.CreateModel(
            name='ExtraHours',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('reference', models.CharField(max_length=20, unique=True)),
                ('submitted_at', models.DateTimeField(default=nomade.kernel.clock.now)),
                ('version', models.PositiveIntegerField(default=1)),
                ('state', models.CharField(choices=[('submitted', 'en attente'), ('approved', 'validée'), ('refused', 'refusée'), ('cancelled', 'annulée')], default='submitted', max_length=16)),
                ('promised_on', models.DateField(blank=True, null=True)),
                ('day', models.DateField()),
                ('minutes', models.PositiveSmallIntegerField()),
                ('period', models.CharField(choices=[('jour', 'en journée'), ('nuit', 'de nuit'), ('dimanche_ferie', 'un dimanche ou un jour férié')], default='jour', max_length=16)),
                ('given', models.PositiveSmallIntegerField()),
                ('reason', models.CharField(max_length=200)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('decision_reason', models.CharField(blank=True, max_length=300)),
            ],
        ),
        migrations.AddField(
            model_name='leaverequest',
            name='replacement',
            field=models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.agent'),
        ),
        migrations.AddField(
            model_name='leaverequest',
            name='replacement_reminded_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddIndex(
            model_name='leaverequest',
            index=models.Index(condition=models.Q(('replacement__isnull', False)), fields=['replacement', 'first_day'], name='leave_request_replaced'),
        ),
        migrations.AddConstraint(
            model_name='leaverequest',
            constraint=models.CheckConstraint(condition=models.Q(('replacement__isnull', True), models.Q(('replacement', models.F('owner')), _negated=True), _connector='OR'), name='leave_request_replaced_by_another'),
        ),
        migrations.AddField(
            model_name='extrahours',
            name='decided_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.agent'),
        ),
        migrations.AddField(
            model_name='extrahours',
            name='entered_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='people.agent'),
        ),
        migrations.AddField(
            model_name='extrahours',
            name='owner',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='%(app_label)s_%(class)s_set', to='people.agent'),
        ),
        migrations.AddIndex(
            model_name='extrahours',
            index=models.Index(fields=['owner', 'day'], name='leave_extra_of_owner'),
        ),
        migrations.AddIndex(
            model_name='extrahours',
            index=models.Index(condition=models.Q(('state', 'submitted')), fields=['owner'], name='leave_extra_waiting'),
        ),
        migrations.AddConstraint(
            model_name='extrahours',
            constraint=models.CheckConstraint(condition=models.Q(('decided_by__isnull', True), models.Q(('decided_by', models.F('owner')), _negated=True), _connector='OR'), name='leave_extra_decided_by_another'),
        ),
        migrations.AddConstraint(
            model_name='extrahours',
            constraint=models.CheckConstraint(condition=models.Q(('given__gt', 0), ('minutes__gt', 0)), name='leave_extra_some_time'),
        ),
        migrations.AddConstraint(
            model_name='extrahours',
            constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['submitted', 'approved'])), fields=('owner', 'day', 'period'), name='leave_extra_once'),
        ),
    ]
