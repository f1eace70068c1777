from django.db import migrations, models

from nap_monitor.lib.audit import append_only


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0002_append_only'),
    ]

    operations = [
        append_only.suspension('audit_event'),
        migrations.RemoveIndex(
            model_name='event',
            name='event_by_object',
        ),
        migrations.AddField(
            model_name='event',
            name='actor_body',
            field=models.CharField(blank=True, default='', max_length=40, verbose_name='body of the person'),
        ),
        migrations.AddField(
            model_name='event',
            name='actor_role',
            field=models.CharField(blank=True, default='', max_length=40, verbose_name='acting role'),
        ),
        migrations.AddField(
            model_name='event',
            name='from_state',
            field=models.CharField(blank=True, default='', max_length=40, verbose_name='state before'),
        ),
        migrations.AddField(
            model_name='event',
            name='object_body',
            field=models.CharField(blank=True, default='', max_length=40, verbose_name='body of the object'),
        ),
        migrations.AddField(
            model_name='event',
            name='to_state',
            field=models.CharField(blank=True, default='', max_length=40, verbose_name='state after'),
        ),
        migrations.AddField(
            model_name='event',
            name='version',
            field=models.PositiveIntegerField(blank=True, null=True, verbose_name='version'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(fields=['object_kind', 'object_id', 'at', 'sequence'], name='event_by_object'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(fields=['at', 'sequence', 'id'], name='event_by_time'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(fields=['actor_id', 'at'], name='event_by_person'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(fields=['object_body', 'at'], name='event_by_body'),
        ),
        migrations.AddIndex(
            model_name='event',
            index=models.Index(fields=['kind', 'at'], name='event_by_kind'),
        ),
        append_only.operation('audit_event'),
    ]
