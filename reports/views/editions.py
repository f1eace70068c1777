"""Issued editions: the list, one edition, what differs from the one before, its files; and the coordinator's acts."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.core.files.storage import storages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ministries.models import Round
from ministries.views.round_navigation import EDITIONS, round_navigation
from ministries.workflow import Refused, WrongState
from nap_monitor.lib.addresses import require_post
from nap_monitor.lib.parts import asks_for_part
from reports.forms.editions import IssueForm, OutcomeForm
from reports.models import Edition
from reports.models.render_job import content_type_of
from reports.selectors import editions as selectors
from reports.selectors.counts import completeness
from reports.selectors.edition_differences import differences
from reports.selectors.summary import leaves
from reports.services import editions as services
from reports.services import jobs
from reports.services.edition_files import record_download


@login_not_required
@require_safe
def edition_list(request: HttpRequest, plan: int, year: int) -> HttpResponse:
    """The editions of a round's report, the last one first. Who has no role sees those that were published."""
    found = get_object_or_404(Round.objects.select_related("plan"), plan__number=plan, year=year)
    visible = list(selectors.visible_editions(request.user, plan_number=plan, year=year))
    if not visible and not request.user.has_perm("reports.view_edition"):
        return _nothing(request)
    context = {
        "round": found,
        "side": round_navigation(request.user, found, EDITIONS),
        "states": [selectors.state_of(edition) for edition in visible],
        "may_issue": request.user.has_perm(services.ISSUE),
    }
    return render(request, "reports/edition_list.html", context)


@login_not_required
@require_safe
def edition_detail(request: HttpRequest, plan: int, year: int, number: int) -> HttpResponse:
    """One edition: what it says of itself, its files with their hashes, and what was done with it since."""
    try:
        edition = selectors.find_edition(request.user, plan_number=plan, year=year, number=number)
    except Http404:
        return _nothing(request)
    return _detail(request, edition, OutcomeForm())


def _detail(request: HttpRequest, edition: Edition, form: OutcomeForm, status: int = 200) -> HttpResponse:
    content = edition.snapshot.read()
    context = {
        "edition": edition,
        "state": selectors.state_of(edition),
        "counts": completeness(entry for _plan, entry in leaves(content)),
        "schema": edition.snapshot.schema,
        "is_sample": content["is_sample"],
        "may_publish": request.user.has_perm(services.PUBLISH),
        "form": form,
        "later": selectors.last_edition(plan_number=edition.plan_number, year=edition.year),
    }
    return render(request, "reports/edition_detail.html", context, status=status)


@require_safe
def edition_files(request: HttpRequest, plan: int, year: int, number: int) -> HttpResponse:
    """How far the files of an edition are, for the page that waits for them; a browser is led to the page."""
    edition = selectors.find_edition(request.user, plan_number=plan, year=year, number=number)
    if not asks_for_part(request):
        return redirect("reports:edition_detail", plan, year, number)
    context = {
        "edition": edition,
        "state": selectors.state_of(edition),
        "may_publish": request.user.has_perm(services.PUBLISH),
        "is_part": True,
    }
    return render(request, "reports/partials/_edition_progress.html", context)


@login_not_required
@require_safe
def edition_changes(request: HttpRequest, plan: int, year: int, number: int) -> HttpResponse:
    """What differs from the edition before, item by item."""
    try:
        edition = selectors.find_edition(request.user, plan_number=plan, year=year, number=number)
        before = selectors.find_edition(request.user, plan_number=plan, year=year, number=number - 1)
    except Http404:
        return _nothing(request)
    parts = differences(before.snapshot.read(), edition.snapshot.read())
    context = {"edition": edition, "before": before, "parts": parts}
    return render(request, "reports/edition_changes.html", context)


@login_not_required
@require_safe
def edition_download(request: HttpRequest, file: str) -> HttpResponse | FileResponse:
    """A file of an edition; each download by somebody with an account is on record."""
    try:
        found = selectors.find_file(request.user, file)
    except Http404:
        return _nothing(request)
    storage = storages["private"]
    if not storage.exists(found.name):
        raise Http404(_("The file is no longer there."))
    content = storage.open(found.name)
    if request.method == "GET" and request.user.is_authenticated:
        record_download(file=found, by=request.user)
    kind = content_type_of(found.form)
    return FileResponse(content, as_attachment=True, filename=found.download_name, content_type=kind)


@require_http_methods(["GET", "POST"])
def edition_issue(request: HttpRequest, plan: int, year: int) -> HttpResponse:
    """What is about to be issued and what it lacks; then the next edition."""
    found = get_object_or_404(Round.objects.select_related("plan"), plan__number=plan, year=year)
    if not request.user.has_perm("reports.view_edition"):
        raise Http404
    if not request.user.has_perm(services.ISSUE):
        raise PermissionDenied
    last = selectors.last_edition(plan_number=plan, year=year)
    missing = selectors.missing_of(found)
    form = IssueForm(request.POST or None, last=last, is_missing=bool(missing))
    status = 200
    if request.method == "POST":
        status = 400
        if form.is_valid():
            try:
                edition = services.issue_edition(round=found, by=request.user, **form.facts())
            except Refused as error:
                form.add_error(error.field if error.field in form.fields else None, str(error.message))
            except WrongState as error:
                form.add_error(None, str(error))
                status = 409
            else:
                messages.success(request, _("Issued. Its files are being made."))
                return redirect("reports:edition_detail", plan, year, edition.number)
    context = {
        "round": found,
        "side": round_navigation(request.user, found, EDITIONS),
        "last": last,
        "number": last.number + 1 if last else 1,
        "missing": missing,
        "gaps": selectors.gaps_of(found),
        "form": form,
    }
    return render(request, "reports/edition_issue.html", context, status=status)


@require_post
def edition_publish(request: HttpRequest, plan: int, year: int, number: int) -> HttpResponse:
    """Make the edition public from today on."""
    edition = _for_act(request, plan, year, number)
    try:
        services.publish_edition(edition=edition, by=request.user)
    except (Refused, WrongState) as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Published. Everybody can read this edition from now on."))
    return redirect("reports:edition_detail", plan, year, number)


@require_post
def edition_retry(request: HttpRequest, plan: int, year: int, number: int) -> HttpResponse:
    """Have those files of the edition made that could not be made before."""
    edition = _for_act(request, plan, year, number)
    if jobs.request_missing(edition=edition, by=request.user):
        messages.success(request, _("The missing files are being made."))
    return redirect("reports:edition_detail", plan, year, number)


@require_post
def edition_outcome(request: HttpRequest, plan: int, year: int, number: int) -> HttpResponse:
    """Put on record what the Committee made of the edition."""
    edition = _for_act(request, plan, year, number)
    request.back_url = reverse("reports:edition_detail", args=[plan, year, number])  # type: ignore[attr-defined]
    form = OutcomeForm(request.POST)
    if form.is_valid():
        try:
            services.record_outcome(edition=edition, by=request.user, **form.facts())
        except Refused as error:
            form.add_error(error.field or None, str(error.message))
        else:
            messages.success(request, _("Saved."))
            return redirect("reports:edition_detail", plan, year, number)
    return _detail(request, edition, form, status=400)


def _for_act(request: HttpRequest, plan: int, year: int, number: int) -> Edition:
    """The edition, for who may act on it: 404 for who may not see it, 403 for who may only read it."""
    edition = selectors.find_edition(request.user, plan_number=plan, year=year, number=number)
    if not request.user.has_perm(services.PUBLISH):
        raise PermissionDenied
    return edition


def _nothing(request: HttpRequest) -> HttpResponse:
    """What one may not see one cannot find; who is not signed in may do so first."""
    if request.user.is_authenticated:
        raise Http404
    return redirect_to_login(request.get_full_path(), settings.LOGIN_URL)
