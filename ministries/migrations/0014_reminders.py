import django.db.models.deletion
import nap_monitor.lib.clock
import uuid
from django.conf import settings
from django.db import migrations, models


#: Days after the due date, and to whom: as `services.reminder_rules.DEFAULTS` was when this was written.
DEFAULTS = [(-14, "focal-point"), (-3, "focal-point"), (1, "focal-point"), (4, "approver"), (8, "escalation")]


def give_rules(apps, schema_editor):
    """The rounds that are there get the rules that a new one is made with."""
    Round, ReminderRule = apps.get_model("ministries", "Round"), apps.get_model("ministries", "ReminderRule")
    ReminderRule.objects.bulk_create(
        ReminderRule(round=round, days=days, recipient=recipient)
        for round in Round.objects.all()
        for days, recipient in DEFAULTS
    )


class Migration(migrations.Migration):

    dependencies = [
        ('ministries', '0012_rounds'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='implementingbody',
            name='escalation_address',
            field=models.EmailField(blank=True, max_length=254, verbose_name='escalation address'),
        ),
        migrations.CreateModel(
            name='ReminderMail',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('occasion', models.CharField(choices=[('scheduled', 'By the schedule'), ('manual', 'By a coordinator'), ('message', 'Message of a coordinator')], max_length=10, verbose_name='occasion')),
                ('address', models.EmailField(blank=True, max_length=254, verbose_name='address of an office')),
                ('subject', models.CharField(blank=True, max_length=150, verbose_name='subject')),
                ('text', models.TextField(blank=True, max_length=5000, verbose_name='text')),
                ('only', models.JSONField(blank=True, default=list, verbose_name='chosen submissions')),
                ('batch', models.UUIDField(blank=True, null=True, verbose_name='batch')),
                ('made_at', models.DateTimeField(default=nap_monitor.lib.clock.real_now, verbose_name='made')),
                ('message_id', models.CharField(max_length=200, verbose_name='Message-ID')),
                ('state', models.CharField(choices=[('waiting', 'Waiting to be sent'), ('claimed', 'Being sent'), ('sent', 'Sent'), ('failed', 'Not sent'), ('replaced', 'Replaced by a later one'), ('dropped', 'No longer needed')], default='waiting', max_length=8, verbose_name='state')),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('lease_until', models.DateTimeField(blank=True, null=True, verbose_name='claimed until')),
                ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='taken by the mail server')),
                ('fault', models.CharField(blank=True, choices=[('recipient', 'The mail server refused the address.'), ('message', 'The mail server refused the message.'), ('server', 'The mail server did not answer.'), ('program', 'The message could not be written. See the log of the program.')], max_length=10, verbose_name='why it was not sent')),
                ('smtp_code', models.PositiveSmallIntegerField(blank=True, null=True, verbose_name='answer of the mail server')),
                ('made_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='sent by')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
            ],
            options={
                'verbose_name': 'e-mail of the reminders',
                'verbose_name_plural': 'e-mails of the reminders',
                'ordering': ['-made_at'],
            },
        ),
        migrations.CreateModel(
            name='Reminder',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('recipient', models.CharField(choices=[('focal-point', 'Focal point'), ('approver', 'Approver'), ('escalation', 'Escalation address')], max_length=12, verbose_name='recipient')),
                ('address', models.EmailField(blank=True, max_length=254, verbose_name='address of an office')),
                ('days', models.SmallIntegerField(blank=True, null=True, verbose_name='days after the due date')),
                ('due_date', models.DateField(blank=True, null=True, verbose_name='due date')),
                ('body', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to='ministries.implementingbody', verbose_name='implementing body')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='reminders', to='ministries.round', verbose_name='round')),
                ('user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='person')),
                ('mail', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reminders', to='ministries.remindermail', verbose_name='e-mail')),
            ],
            options={
                'verbose_name': 'reminder',
                'verbose_name_plural': 'reminders',
                'ordering': ['round', 'body', 'due_date', 'days'],
            },
        ),
        migrations.CreateModel(
            name='ReminderRule',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('days', models.SmallIntegerField(verbose_name='days after the due date')),
                ('recipient', models.CharField(choices=[('focal-point', 'Focal point'), ('approver', 'Approver'), ('escalation', 'Escalation address')], max_length=12, verbose_name='recipient')),
                ('round', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reminder_rules', to='ministries.round', verbose_name='round')),
            ],
            options={
                'verbose_name': 'reminder rule',
                'verbose_name_plural': 'reminder rules',
                'ordering': ['round', 'days', 'recipient'],
            },
        ),
        migrations.CreateModel(
            name='ScheduleRun',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('started_at', models.DateTimeField(default=nap_monitor.lib.clock.real_now, verbose_name='started')),
                ('finished_at', models.DateTimeField(blank=True, null=True, verbose_name='finished')),
                ('as_of', models.DateTimeField(default=nap_monitor.lib.clock.now, verbose_name='as of')),
                ('sent', models.PositiveIntegerField(default=0, verbose_name='e-mails sent')),
                ('failed', models.PositiveIntegerField(default=0, verbose_name='e-mails not sent')),
            ],
            options={
                'verbose_name': 'run of the schedule',
                'verbose_name_plural': 'runs of the schedule',
                'ordering': ['-started_at'],
                'indexes': [models.Index(fields=['-finished_at'], name='schedule_run_by_end')],
            },
        ),
        migrations.AddIndex(
            model_name='remindermail',
            index=models.Index(fields=['state', 'occasion'], name='reminder_mail_by_state'),
        ),
        migrations.AddConstraint(
            model_name='remindermail',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('address', ''), ('user__isnull', False)), models.Q(('user__isnull', True), models.Q(('address', ''), _negated=True)), _connector='OR'), name='reminder_mail_to_one'),
        ),
        migrations.AddConstraint(
            model_name='remindermail',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('sent_at__isnull', False), ('state', 'sent')), models.Q(models.Q(('state', 'sent'), _negated=True), ('sent_at__isnull', True)), _connector='OR'), name='reminder_mail_sent_at_some_time'),
        ),
        migrations.AddConstraint(
            model_name='remindermail',
            constraint=models.UniqueConstraint(condition=models.Q(('batch__isnull', False), ('user__isnull', False)), fields=('batch', 'user'), name='reminder_mail_once_a_person'),
        ),
        migrations.AddConstraint(
            model_name='remindermail',
            constraint=models.UniqueConstraint(condition=models.Q(('batch__isnull', False), ('user__isnull', True)), fields=('batch', 'address'), name='reminder_mail_once_an_office'),
        ),
        migrations.AddConstraint(
            model_name='reminder',
            constraint=models.UniqueConstraint(condition=models.Q(('days__isnull', False), ('user__isnull', False)), fields=('round', 'body', 'recipient', 'user', 'days', 'due_date'), name='reminder_once_a_person'),
        ),
        migrations.AddConstraint(
            model_name='reminder',
            constraint=models.UniqueConstraint(condition=models.Q(('days__isnull', False), ('user__isnull', True)), fields=('round', 'body', 'recipient', 'address', 'days', 'due_date'), name='reminder_once_an_office'),
        ),
        migrations.AddConstraint(
            model_name='reminderrule',
            constraint=models.UniqueConstraint(fields=('round', 'days', 'recipient'), name='reminder_rule_unique'),
        ),
        migrations.RunPython(give_rules, migrations.RunPython.noop),
    ]
