from django.apps import AppConfig
from django.core.checks import Tags, register


class LibConfig(AppConfig):
    """Template tags and commands that know no domain."""

    name = "nap_monitor.lib"
    label = "lib"

    def ready(self) -> None:
        from nap_monitor.lib.checks import krds_style_sheets

        # With the static files' own, so that `collectstatic` asks it too.
        register(krds_style_sheets, Tags.staticfiles)
