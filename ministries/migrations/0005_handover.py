import django.db.models.deletion
import nap_monitor.lib.clock
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ministries', '0004_desk_activities'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Handover',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('role', models.CharField(choices=[('focal-point', 'Focal point'), ('approver', 'Approver'), ('coordinator', 'Coordinator'), ('panel-member', 'Panel member'), ('committee-reader', 'Committee reader'), ('administrator', 'Administrator')], max_length=20, verbose_name='role')),
                ('previous_end', models.DateField(blank=True, null=True, verbose_name='last day before the handover')),
                ('on', models.DateField(verbose_name='first day of the successor')),
                ('note', models.TextField(blank=True, max_length=5000, verbose_name='note to the successor')),
                ('made_at', models.DateTimeField(default=nap_monitor.lib.clock.now, verbose_name='made')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='revoked')),
                ('revoke_reason', models.TextField(blank=True, max_length=2000, verbose_name='reason of the revocation')),
                ('begun', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='ministries.appointment', verbose_name='appointment that began')),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='handovers', to='ministries.implementingbody', verbose_name='implementing body')),
                ('ended', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='ministries.appointment', verbose_name='appointment that ended')),
                ('giver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='given', to=settings.AUTH_USER_MODEL, verbose_name='predecessor')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='proposed by')),
                ('receiver', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='received', to=settings.AUTH_USER_MODEL, verbose_name='successor')),
                ('revoked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='revoked by')),
            ],
            options={
                'verbose_name': 'handover',
                'verbose_name_plural': 'handovers',
                'ordering': ['-made_at'],
            },
        ),
        migrations.AddConstraint(
            model_name='handover',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('revoked_at__isnull', True), ('revoked_by__isnull', True)), models.Q(('revoked_at__isnull', False), ('revoked_by__isnull', False)), _connector='OR'), name='handover_revoked_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='handover',
            constraint=models.CheckConstraint(condition=models.Q(('giver', models.F('receiver')), _negated=True), name='handover_to_somebody_else'),
        ),
    ]
