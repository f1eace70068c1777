from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MinistriesConfig(AppConfig):
    name = "ministries"
    verbose_name = _("The work")

    def ready(self) -> None:
        """The record asks this floor under which role somebody acted."""
        from ministries.acting import circumstances
        from nap_monitor.lib.audit.services import describe_with

        describe_with(circumstances)
