from django.db import migrations, models

from nap_monitor.lib.audit import append_only


class Migration(migrations.Migration):
    dependencies = [("reports", "0002_append_only")]
    operations = [
        append_only.suspension("reports_snapshot"),
        migrations.AddField(
            model_name="snapshot",
            name="kind",
            field=models.CharField(
                choices=[("report", "Annual report"), ("approval", "Attachment to an approval")],
                default="report",
                max_length=10,
                verbose_name="kind",
            ),
        ),
        migrations.AddField(
            model_name="snapshot",
            name="body_code",
            field=models.CharField(blank=True, default="", max_length=20, verbose_name="code of the body"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="snapshot",
            name="narrowed_to",
            field=models.CharField(blank=True, default="", max_length=40, verbose_name="narrowed to"),
            preserve_default=False,
        ),
        migrations.AddConstraint(
            model_name="snapshot",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("body_code", ""), ("kind", "report"), ("narrowed_to", "")),
                    models.Q(("kind", "approval"), models.Q(("body_code", ""), _negated=True)),
                    _connector="OR",
                ),
                name="snapshot_of_an_approval_has_a_body",
            ),
        ),
        append_only.operation("reports_snapshot"),
    ]
