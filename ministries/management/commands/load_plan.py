"""``manage.py load_plan FILE``: a national action plan with its assignments, and its bodies where the file has them."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from ministries.management.reporting import about_plan, refusals
from ministries.services.plan_file import load_plan


class Command(BaseCommand):
    """Loads a plan; says what changed, or every fault of the file."""

    help = "Load a national action plan (docs/plan-file.md). Twice changes nothing; a faulty file is refused whole."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", help="YAML file with the keys 'plan', 'areas' and, if need be, 'bodies'")

    def handle(self, *args: Any, **options: Any) -> None:
        with refusals(options["file"]):
            loaded = load_plan(path=options["file"])
        for line in about_plan(loaded):
            self.stdout.write(line)
