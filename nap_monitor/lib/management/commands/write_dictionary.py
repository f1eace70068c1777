"""``manage.py write_dictionary``: write docs/data-dictionary.md from the models."""

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.management.base import BaseCommand

from nap_monitor.lib.data_dictionary import dictionary

FILE = settings.BASE_DIR / "docs" / "data-dictionary.md"


class Command(BaseCommand):
    """Writes the data dictionary; with ``--check`` says only whether it is up to date."""

    help = "Write docs/data-dictionary.md from the models."

    def add_arguments(self, parser: Any) -> None:
        parser.add_argument("--check", action="store_true", help="only say whether the file is up to date")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write, or compare. Exits with 1 where ``--check`` finds a difference."""
        text = dictionary(own_apps())
        if not options["check"]:
            FILE.write_text(text, encoding="utf-8")
            self.stdout.write(f"Written: {FILE.relative_to(settings.BASE_DIR)}")
        elif not FILE.is_file() or FILE.read_text(encoding="utf-8") != text:
            self.stderr.write("docs/data-dictionary.md is not up to date: run make dictionary.")
            raise SystemExit(1)


def own_apps() -> list[str]:
    """The project's own apps that have models."""
    return [
        config.label
        for config in apps.get_app_configs()
        if config.path.startswith(str(settings.BASE_DIR)) and list(config.get_models()) and "/.venv/" not in config.path
    ]
