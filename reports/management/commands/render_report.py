"""Writes a round's report as a PDF file."""

import os
import tempfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from ministries.models import Round
from nap_monitor.lib.pdf import Pdf, PdfError
from objectives.models import Plan
from reports.selectors.report_content import report_content
from reports.services.rendering import render_short, render_summary


class Command(BaseCommand):
    help = "Writes the report of a plan's year as a PDF file."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--plan", type=int, required=True, help="number of the plan")
        parser.add_argument("--year", type=int, required=True, help="year that was reported on")
        parser.add_argument("--language", default=settings.LANGUAGE_CODE, help="language of the report")
        parser.add_argument("--summary", action="store_true", help="the summary instead of the full report")
        parser.add_argument("--output", type=Path, required=True, help="file to write; an older one is replaced")

    def handle(self, *args: Any, **options: Any) -> None:
        language, output = options["language"], options["output"]
        known = [code for code, _name in settings.LANGUAGES]
        if language not in known:
            raise CommandError(
                _("There is no report in the language “%(language)s”. There is one in: %(known)s.")
                % {"language": language, "known": ", ".join(known)}
            )
        content = report_content(_round(options["plan"], options["year"]))
        _check_output(output)
        try:
            render = render_short if options["summary"] else render_summary
            pdf = render(content=content, language=language)
        except PdfError as error:
            raise CommandError(_("The report could not be rendered. %(why)s") % {"why": error}) from error
        _write(output, pdf.data)
        self._tell(output, pdf, content)

    def _tell(self, output: Path, pdf: Pdf, content: dict[str, Any]) -> None:
        total = content["figures"]["all"]["completeness"]
        self.stdout.write(
            _("%(file)s: %(pages)s pages, %(size)s kB.")
            % {"file": output, "pages": pdf.pages, "size": f"{len(pdf.data) / 1000:,.0f}"}
        )
        self.stdout.write(
            _("Of %(total)s assignments, %(review)s are under review and %(missing)s have no report.")
            % {"total": total["total"], "review": total["under_review"], "missing": total["no_report"]}
        )
        for warning in pdf.warnings:
            self.stderr.write(warning)


def _round(number: int, year: int) -> Round:
    plan = Plan.objects.filter(number=number).first()
    if plan is None:
        raise CommandError(_("There is no plan with the number %(number)s.") % {"number": number})
    round = Round.objects.select_related("plan").filter(plan=plan, year=year).first()
    if round is None:
        years = ", ".join(str(known) for known in plan.rounds.order_by("year").values_list("year", flat=True))
        if not years:
            raise CommandError(_("Plan %(number)s has no round yet.") % {"number": number})
        raise CommandError(
            _("Plan %(number)s has no round of the year %(year)s. It has: %(years)s.")
            % {"number": number, "year": year, "years": years}
        )
    return round


def _check_output(output: Path) -> None:
    """Say before the long work whether its result can be kept."""
    folder = output.parent
    if not folder.is_dir():
        raise CommandError(_("The folder %(folder)s does not exist.") % {"folder": folder})
    if output.is_dir():
        raise CommandError(_("%(file)s is a folder. Name a file.") % {"file": output})
    if not os.access(folder, os.W_OK):
        raise CommandError(_("The folder %(folder)s may not be written to.") % {"folder": folder})


def _write(output: Path, data: bytes) -> None:
    """The whole file or nothing: written beside its place, then moved there."""
    try:
        handle, name = tempfile.mkstemp(dir=output.parent, prefix=f".{output.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
            os.chmod(name, 0o644)  # a report is made to be read
            os.replace(name, output)
        except OSError:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise CommandError(
            _("%(file)s could not be written: %(why)s.") % {"file": output, "why": error.strerror}
        ) from error
