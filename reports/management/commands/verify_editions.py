"""Holds issued editions against what was issued."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from reports.models import Edition
from reports.services.verification import verify


class Command(BaseCommand):
    help = (
        "Checks the hashes of every issued edition and of its files, renders its documents again and compares them: "
        "byte for byte where the renderer is the same, else by their text. Ends with an error where anything differs."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--plan", type=int, help="only of this plan")
        parser.add_argument("--year", type=int, help="only of this year")
        parser.add_argument("--number", type=int, help="only the edition of this number")
        parser.add_argument("--no-render", action="store_true", help="only hashes; nothing is rendered")

    def handle(self, *args: Any, **options: Any) -> None:
        chosen = {"plan_number": options["plan"], "year": options["year"], "number": options["number"]}
        found = Edition.objects.filter(**{name: value for name, value in chosen.items() if value is not None})
        wrong = total = 0
        for edition in found.select_related("snapshot").order_by("plan_number", "year", "number"):
            for finding in verify(edition, render=not options["no_render"]):
                total += 1
                wrong += bool(finding.fault)
                self.stdout.write(f"{edition}: {finding.what}: {finding.fault or _('as issued')}")
        if not total:
            raise CommandError(_("There is no such edition."))
        if wrong:
            raise CommandError(
                _("%(wrong)s of %(total)s are not as they were issued.") % {"wrong": wrong, "total": total}
            )
        self.stdout.write(_("All %(total)s are as they were issued.") % {"total": total})
