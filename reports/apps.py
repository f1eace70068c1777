from django.apps import AppConfig
from django.core.checks import register
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = _("The reading")

    def ready(self) -> None:
        from reports.checks import pdf_libraries

        register(pdf_libraries)
