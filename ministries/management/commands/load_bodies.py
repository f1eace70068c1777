"""``manage.py load_bodies FILE``: the implementing bodies of a reference or plan file, with their names."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from ministries.management.reporting import about_bodies, refusals
from ministries.services.bodies import load_bodies


class Command(BaseCommand):
    """Loads bodies; says what changed, or every fault of the file."""

    help = "Load the implementing bodies of a reference or plan file (docs/plan-file.md). Twice changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="YAML file with the key 'bodies'")

    def handle(self, *args: Any, **options: Any) -> None:
        with refusals(options["file"]):
            saved = load_bodies(path=options["file"])
        for line in about_bodies(saved):
            self.stdout.write(line)
