from django.apps import AppConfig


class LibConfig(AppConfig):
    """Template tags and commands that know no domain."""

    name = "nap_monitor.lib"
    label = "lib"
