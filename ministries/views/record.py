"""The record: searching it, and taking out what was found."""

import datetime as dt
from collections.abc import Iterator
from itertools import islice
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, override, pgettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from ministries import rules
from ministries.enums import Role
from ministries.forms.record import RecordFilterForm
from ministries.selectors import record as selectors
from ministries.selectors.record import Found, Place, RecordSearch
from ministries.views.record_words import Line, kind_choices, lines
from nap_monitor.lib import clock
from nap_monitor.lib.audit.services import record_export
from nap_monitor.lib.tabular.delimited import csv_lines
from nap_monitor.lib.tabular.writing import Column, Table, add_table, new_workbook, workbook_bytes

#: How many events a file holds at most: of a workbook, which is made in memory, fewer.
MOST = {"csv": 100_000, "xlsx": 10_000}
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
FILTERS = ("person", "submission", "body", "kind", "start", "end", "q")
#: So many events are read at once for a file.
CHUNK = 1_000


@require_safe
def record_list(request: HttpRequest) -> HttpResponse:
    """The events that the filters in the address ask for, newest first, from the place that it names."""
    form = _filter(request)
    search, wrong_place, after = form.wanted(), False, None
    try:
        after = Place.read(request.GET["after"]) if "after" in request.GET else None
    except ValueError:
        wrong_place = True
    found = selectors.find_events(request.user, search, after) if search else Found()
    query = _query(request)
    context = {
        "filter": form,
        "people": form.people,
        "is_filtered": bool(query),
        "query": query.urlencode(),
        "rest": _query(request, without=("person",)).urlencode(),
        "is_understood": search is not None,
        "is_first": after is None,
        "lines": lines(request.user, found.events),
        "total": _total(request, search, found) if search and after is None else None,
        "looked_back_to": found.looked_back_to,
        "next": str(found.next) if found.next else "",
        "wrong_place": wrong_place,
        "most": {form: f"{most:,}" for form, most in MOST.items()},
    }
    status = 400 if wrong_place or search is None else 200
    return render(request, "ministries/record_list.html", context, status=status)


@require_safe
def record_export_file(request: HttpRequest, form: str) -> HttpResponse | StreamingHttpResponse:
    """All that the filters find, not one page of it; each export is on record itself."""
    if form not in MOST:
        raise Http404
    filters = _filter(request)
    search = filters.wanted()
    if search is None:
        return redirect(f"{reverse('ministries:record_list')}?{_query(request).urlencode()}")
    if request.method == "GET":
        asked = {name: request.GET[name] for name in FILTERS if request.GET.get(name)}
        record_export(subject=request.user, by=request.user, what="record", form=form, data={"filters": asked})
    table = _table(request.user, search, form)
    name = f"record-{clock.today():%Y%m%d}.{form}"
    answer: HttpResponse | StreamingHttpResponse
    if form == "csv":
        answer = StreamingHttpResponse(_in_language(csv_lines(table)), content_type=TYPES[form])
    else:
        workbook = new_workbook(title=pgettext("events", "Record"), by=str(request.user))
        add_table(workbook, table)
        answer = HttpResponse(workbook_bytes(workbook, at=clock.now()), content_type=TYPES[form])
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    answer["X-Content-Type-Options"] = "nosniff"
    return answer


def _total(request: HttpRequest, search: RecordSearch, found: Found) -> dict[str, Any]:
    number, is_more = selectors.count_events(request.user, search, found)
    return {"number": number, "shown": f"{number:,}", "is_more": is_more}


def _in_language(parts: Iterator[bytes]) -> Iterator[bytes]:
    """In the language of now: what is written while it is sent would else have that of whatever runs then."""
    language = get_language() or settings.LANGUAGE_CODE

    def written() -> Iterator[bytes]:
        while True:
            with override(language):
                part = next(parts, None)
            if part is None:
                return
            yield part

    return written()


def _filter(request: HttpRequest) -> RecordFilterForm:
    """The filters, for who reads the record; for others there is none."""
    if not request.user.has_perm("ministries.view_record"):
        raise Http404
    return RecordFilterForm(
        {name: request.GET.get(name, "") for name in FILTERS},
        user=request.user,
        bodies=selectors.bodies(),
        kinds=kind_choices(rules.roles_of(request.user).has(Role.COORDINATOR)),
    )


def _query(request: HttpRequest, without: tuple[str, ...] = ()) -> QueryDict:
    """The filters of the address alone, without the place."""
    query = QueryDict(mutable=True)
    for name in FILTERS:
        if request.GET.get(name) and name not in without:
            query[name] = request.GET[name]
    return query


def _table(user: Any, search: RecordSearch, form: str) -> Table:
    columns = [
        Column(_("Time"), 20, "yyyy-mm-dd hh:mm:ss"),
        Column(_("Kind"), 22),
        Column(_("Kind of object"), 16),
        Column(_("Object"), 30),
        Column(_("Implementing body"), 18),
        Column(_("Person"), 20),
        Column(_("E-mail address"), 26),
        Column(_("Role"), 16),
        Column(_("Body of the role"), 14),
        Column(_("State before"), 12),
        Column(_("State after"), 12),
        Column(_("Version"), 8),
        Column(_("Reason"), 40),
        Column(_("Details"), 30),
        Column(_("What changed"), 60),
    ]
    return Table(pgettext("events", "Record"), columns, _rows(user, search, MOST[form]))


def _rows(user: Any, search: RecordSearch, most: int) -> Iterator[list[Any]]:
    events = selectors.all_events(user, search, most + 1, CHUNK)
    held = islice(events, most)
    while waiting := list(islice(held, CHUNK)):
        yield from map(_row, lines(user, waiting))
    if next(events, None) is not None:
        sentence = _("An export holds at most %(most)s events, and there are more. Narrow the search.")
        yield [None, sentence % {"most": f"{most:,}"}, *[""] * 9, None, *[""] * 3]


def _row(line: Line) -> list[Any]:
    changes = [f"{each.name}: {each.before or '–'} → {each.after or '–'}" for each in line.changes]
    moment: dt.datetime = timezone.localtime(line.at).replace(tzinfo=None, microsecond=0)
    return [
        moment,
        line.label,
        line.object_kind,
        f"{line.object} <{line.object_address}>" if line.object_address else line.object,
        line.body,
        line.actor,
        line.address,
        line.role,
        line.actor_body,
        *line.states,
        line.version,
        line.reason,
        "\n".join(line.facts),
        "\n".join(changes)[:30_000],
    ]
