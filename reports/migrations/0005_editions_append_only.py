from django.db import migrations

from nap_monitor.lib.audit import append_only


class Migration(migrations.Migration):
    dependencies = [("reports", "0004_report_and_editions")]
    operations = [
        append_only.operation("reports_edition"),
        append_only.operation("reports_editionfile"),
        append_only.operation("reports_editionact"),
    ]
