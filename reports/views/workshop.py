"""The coordinator's workshop: the outline of a round's report, its texts place by place, and all their versions."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ministries.models import Round
from ministries.services.changes import Change
from ministries.views.round_navigation import WORKSHOP, round_navigation
from ministries.workflow import Refused
from nap_monitor.lib.wording import differing_words
from reports.forms.workshop import ByLanguageForm, PlaceForm
from reports.selectors import best_cases as cases
from reports.selectors import workshop as selectors
from reports.selectors.outline import Place
from reports.services.texts import PERMISSION, write_place, write_text
from reports.words import number as shown_number


def find_round(request: HttpRequest, plan: int, year: int) -> Round:
    """The round, for who writes its report; others cannot find what they may not see."""
    if not request.user.has_perm(PERMISSION):
        raise Http404
    return get_object_or_404(Round.objects.select_related("plan"), plan__number=plan, year=year)


@require_safe
def workshop(request: HttpRequest, plan: int, year: int) -> HttpResponse:
    """Every place of the report by chapter: how far its texts are, who wrote last, and what is still missing."""
    found = find_round(request, plan, year)
    rows, names = selectors.rows_of(found), dict(settings.LANGUAGES)
    context = {
        "round": found,
        "side": round_navigation(request.user, found, WORKSHOP),
        "chapters": selectors.chapters_of(rows),
        "progress": [(names[each.language], each) for each in selectors.progress_of(rows)],
        "missing": [row for row in rows if row.is_missing],
        "languages": settings.LANGUAGES,
        "completeness": selectors.completeness_of(found),
        "cases": list(cases.best_cases(found)),
    }
    return render(request, "reports/workshop.html", context)


@require_http_methods(["GET", "POST"])
def workshop_place(request: HttpRequest, plan: int, year: int, place: str) -> HttpResponse:
    """The texts of one place. What somebody else wrote meanwhile is shown beside what was typed."""
    found = find_round(request, plan, year)
    before, here, after = selectors.find_place(found, place)
    if request.method == "GET":
        return _place_page(request, found, here, before, after)
    form = PlaceForm(request.POST, texts=texts_of(found, here))
    if not form.is_valid():
        return _place_page(request, found, here, before, after, form=form, status=400)
    try:
        result = write_place(round=found, place=here.key, changes=form.changes(), by=request.user)
    except Refused as error:
        form.add_error(None, str(error.message))
        return _place_page(request, found, here, before, after, form=form, status=400)
    if result.conflicts:
        form = PlaceForm(texts=texts_of(found, here))
        form.show_conflicts(result)
        return _place_page(request, found, here, before, after, form=form, status=409)
    say_saved(request, bool(result.saved))
    return redirect(saved_at(address(found, after if "next" in request.POST and after else here), form))


@require_safe
def workshop_versions(request: HttpRequest, plan: int, year: int, place: str) -> HttpResponse:
    """Every version of the texts of one place: who wrote it and when."""
    found = find_round(request, plan, year)
    here = selectors.find_place(found, place)[1]
    versions = list(selectors.versions(found, here))
    by_language = [
        (code, name, [version for version in versions if version.language == code]) for code, name in settings.LANGUAGES
    ]
    context = {"round": found, "place": here, "by_language": by_language}
    return render(request, "reports/workshop_versions.html", context)


@require_http_methods(["GET", "POST"])
def workshop_version(
    request: HttpRequest, plan: int, year: int, place: str, language: str, number: int
) -> HttpResponse:
    """One version beside the one before it; posted, it is taken again, as a new version."""
    found = find_round(request, plan, year)
    here = selectors.find_place(found, place)[1]
    version, before, last = selectors.find_version(found, here, language, number)
    status, seen = 200, last.number
    if request.method == "POST":
        try:
            seen = int(request.POST.get("seen", ""))
            started = selectors.find_version(found, here, language, seen)[0]
        except ValueError as error:
            raise Http404 from error
        change = Change(started.text, version.text)
        result = write_text(round=found, place=here.key, language=language, change=change, by=request.user, as_new=True)
        if not result.conflicts:
            messages.success(
                request, _("This text is in the report again.") if result.saved else _("Nothing was changed.")
            )
            return redirect(address(found, here))
        status, seen = 409, last.number
    context = {
        "round": found,
        "place": here,
        "version": version,
        "language_name": dict(settings.LANGUAGES)[language],
        "last": last,
        "seen": seen,
        "is_conflict": status == 409,
        "pieces": differing_words(before, version.text) if before else None,
    }
    return render(request, "reports/workshop_version.html", context, status=status)


def say_saved(request: HttpRequest, is_saved: bool) -> None:
    """What one reads after pressing the button: the page may have saved it all by itself before."""
    messages.success(request, _("Saved.") if is_saved or request.POST.get("autosaved") else _("Nothing was changed."))


def saved_at(address: str, form: ByLanguageForm) -> str:
    """The address, telling the browser whose copy it may forget."""
    return f"{address}?saved={form.token}" if "token" in form.data else address


def address(round: Round, place: Place) -> str:
    """Where the text of a place is written."""
    return reverse("reports:workshop_place", args=[round.plan.number, round.year, place.key])


def texts_of(round: Round, place: Place) -> dict[str, str]:
    """The stored texts of a place by language."""
    return {language: version.text for language, version in selectors.stored(round, place).items()}


def _place_page(
    request: HttpRequest,
    round: Round,
    place: Place,
    before: Place | None,
    after: Place | None,
    *,
    form: PlaceForm | None = None,
    status: int = 200,
) -> HttpResponse:
    stored, beside = selectors.stored(round, place), selectors.beside(round, place)
    budget = (
        {key: shown_number(beside.budget[key]) for key in ("budget", "executed", "rate")} if beside.budget else None
    )
    context: dict[str, Any] = {
        "round": round,
        "place": place,
        "before": before,
        "after": after,
        "form": form or PlaceForm(texts={language: version.text for language, version in stored.items()}),
        "stored": [(name, stored[code]) for code, name in settings.LANGUAGES if code in stored],
        "beside": beside,
        "budget": budget,
    }
    return render(request, "reports/workshop_place.html", context, status=status)
