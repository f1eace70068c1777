"""Files of what a page of a round shows: all of it, as it is filtered and sorted, as a workbook or as CSV."""

from collections.abc import Sequence

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ministries.forms.overview import OverviewFilter
from ministries.models import Round
from ministries.selectors.overview import overview
from ministries.views.export_tables import list_table, matrix_table, overview_table
from ministries.views.overview import find_round
from ministries.views.submissions import asked_list
from nap_monitor.lib import clock
from nap_monitor.lib.audit.services import record_export
from nap_monitor.lib.canonical import sha256
from nap_monitor.lib.files.kinds import XLSX
from nap_monitor.lib.tabular.delimited import csv_bytes
from nap_monitor.lib.tabular.writing import Table, add_table, new_workbook, workbook_bytes

#: The forms of an export, with what a browser is told that each is.
FORMS = {"xlsx": XLSX.content_type, "csv": "text/csv; charset=utf-8"}


@require_safe
def overview_export(request: HttpRequest, plan: int, year: int, form: str) -> HttpResponse:
    """What the overview shows: a line for each submission; in the workbook the matrix too. On record."""
    found = find_round(request, plan, year)
    choice, shows_last = OverviewFilter.choice_of(request.GET), OverviewFilter.shows_last(request.GET)
    shown = overview(request.user, found, choice)
    tables = [overview_table(found, shown.chosen), matrix_table(shown, shows_last=shows_last)]
    name = _("overview_%(year)d") % {"year": found.year}
    chosen = {**vars(choice), "last": shows_last}
    return _file(request, found, tables, form=form, page="overview", name=name, chosen=chosen)


@require_safe
def submission_export(request: HttpRequest, plan: int, year: int, form: str) -> HttpResponse:
    """The list of submissions as this person sees it: the same rows, columns and order. On record."""
    asked = asked_list(request, plan, year)
    table = list_table(asked.round, asked.listing, scope=asked.scope, show_body=asked.show_body)
    name = _("submissions_%(year)d") % {"year": asked.round.year}
    chosen = {**asked.chosen, "scope": asked.scope}
    return _file(request, asked.round, [table], form=form, page="submissions", name=name, chosen=chosen)


def _file(
    request: HttpRequest,
    round: Round,
    tables: Sequence[Table],
    *,
    form: str,
    page: str,
    name: str,
    chosen: dict[str, object],
) -> HttpResponse:
    """The file, put on record where it is fetched. CSV holds one table, the first."""
    if form not in FORMS:
        raise Http404
    at = clock.now()
    content = csv_bytes(tables[0]) if form == "csv" else _workbook(request, tables, name)
    if request.method == "GET":
        facts = {
            "chosen": {name: value for name, value in chosen.items() if value},
            "rows": len(list(tables[0].rows)),
            "sha256": sha256(content),
        }
        record_export(subject=round, by=request.user, what=page, form=form, data=facts)
    sample = _("sample") + "_" if round.is_sample or settings.SAMPLE_INSTALLATION else ""
    response = HttpResponse(content, content_type=FORMS[form])
    response["Content-Disposition"] = content_disposition_header(True, f"{sample}{name}_{at:%Y%m%d-%H%M}.{form}")
    response["X-Content-Type-Options"] = "nosniff"
    response["Cache-Control"] = "private, no-store"
    return response


def _workbook(request: HttpRequest, tables: Sequence[Table], title: str) -> bytes:
    workbook = new_workbook(title=title, by=request.user.name or request.user.email)
    for table in tables:
        add_table(workbook, table)
    return workbook_bytes(workbook, at=clock.now())
