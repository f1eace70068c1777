from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MinistriesConfig(AppConfig):
    name = "ministries"
    verbose_name = _("The work")

    def ready(self) -> None:
        """The record asks this floor under which role somebody acted, and whom an event is told."""
        from ministries.acting import circumstances
        from ministries.services.notices import tell
        from nap_monitor.lib.audit.services import describe_with, follow_with

        describe_with(circumstances)
        follow_with(tell)
