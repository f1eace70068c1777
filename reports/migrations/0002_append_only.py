from django.db import migrations

from nap_monitor.lib.audit import append_only


class Migration(migrations.Migration):
    dependencies = [("reports", "0001_initial")]
    operations = [append_only.operation("reports_snapshot")]
