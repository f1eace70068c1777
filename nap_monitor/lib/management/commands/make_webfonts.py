"""``manage.py make_webfonts``: make the web subsets of the font again, after catalogues or templates have grown."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from nap_monitor.lib import webfonts


class Command(BaseCommand):
    help = "Makes static/fonts/web/*.woff2 and static/css/fonts.css from the OTF files in static/fonts/."

    def handle(self, *args: Any, **options: Any) -> None:
        base = Path(settings.BASE_DIR)
        sources = sorted(
            [
                *base.glob("locale/*/LC_MESSAGES/*.po"),
                *base.glob("templates/**/*.html"),
                *base.glob("templates/**/*.txt"),
                *base.glob("fixtures/**/*.yaml"),
            ]
        )
        sizes = webfonts.make(
            base / "static" / "fonts", base / "static" / "css" / "fonts.css", webfonts.characters_in(sources)
        )
        for name, size in sizes.items():
            self.stdout.write(f"{size:>9,} {name}")
        self.stdout.write(f"{sum(sizes.values()):>9,} bytes in {len(sizes)} files")
