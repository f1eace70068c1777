"""Pages on which indicators are defined: a coordinator those of an action plan, a body those of its assignment."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ministries.forms.indicators import IndicatorForm
from ministries.models import Indicator
from ministries.selectors import plans as selectors
from ministries.services import indicators as services
from ministries.views.plans import breadcrumbs
from ministries.workflow import Refused
from objectives.models import ActionPlan


@require_http_methods(["GET", "POST"])
def indicator_create(request: HttpRequest, plan: int, code: str) -> HttpResponse:
    """A new indicator of an action plan."""
    action_plan = _find_action_plan(request, plan, code)
    form = _form(request, action_plan, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.create_indicator(action_plan=action_plan, values=form.values(), by=request.user)
        except Refused as error:
            form.refuse(error)
        else:
            messages.success(request, _("The indicator was added."))
            return redirect(_way_back(request, action_plan))
    return _form_page(request, action_plan, form)


@require_http_methods(["GET", "POST"])
def indicator_change(request: HttpRequest, plan: int, code: str, indicator: str) -> HttpResponse:
    """Change an indicator. What somebody else changed meanwhile is shown beside what was typed."""
    action_plan = _find_action_plan(request, plan, code)
    found = _find_indicator(request, action_plan, indicator)
    form = _form(request, action_plan, request.POST or None, found)
    if request.method == "POST" and form.is_valid():
        try:
            result = services.change_indicator(indicator=found, changes=form.changes(), by=request.user)
        except Refused as error:
            form.refuse(error)
        else:
            if not result.conflicts:
                messages.success(request, _("The indicator was changed."))
                return redirect(_way_back(request, action_plan))
            fresh = Indicator.objects.select_related("assignment__body", "action_plan__plan").get(pk=found.pk)
            form = _form(request, action_plan, indicator=fresh)
            form.show_conflicts(result)
            return _form_page(request, action_plan, form, fresh, status=409)
    return _form_page(request, action_plan, form, found)


@require_http_methods(["GET", "POST"])
def indicator_remove(request: HttpRequest, plan: int, code: str, indicator: str) -> HttpResponse:
    """Remove an indicator on which nobody has reported, after asking."""
    action_plan = _find_action_plan(request, plan, code)
    found = _find_indicator(request, action_plan, indicator)
    if request.method == "GET":
        context = {
            "plan": action_plan.plan,
            "action_plan": action_plan,
            "indicator": found,
            "breadcrumbs": [*breadcrumbs(action_plan), {"url": _address(action_plan), "label": action_plan.code}],
            "asked": request.GET.urlencode(),
        }
        return render(request, "ministries/indicator_remove.html", context)
    try:
        services.remove_indicator(indicator=found, by=request.user)
    except Refused as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("The indicator was removed."))
    return redirect(_way_back(request, action_plan))


def _find_action_plan(request: HttpRequest, plan: int, code: str) -> ActionPlan:
    action_plan = selectors.find_action_plan(request.user, plan, code)
    if not request.user.has_perm(services.PERMISSION):
        raise PermissionDenied
    return action_plan


def _find_indicator(request: HttpRequest, action_plan: ActionPlan, code: str) -> Indicator:
    indicators = action_plan.indicators.select_related("assignment__body", "action_plan__plan")
    found: Indicator = get_object_or_404(indicators, code=code)
    if not request.user.has_perm(services.PERMISSION, found):
        raise PermissionDenied
    return found


def _form(
    request: HttpRequest, action_plan: ActionPlan, data: Any = None, indicator: Indicator | None = None
) -> IndicatorForm:
    """The form, with those bodies of whose assignments this person may define indicators."""
    may = request.user.has_perm
    carriers = [
        (label.code, label.name, assignment)
        for label, assignment in selectors.bodies_of(action_plan)
        if may(services.PERMISSION, assignment)
    ]
    is_for_all = may(services.PERMISSION, action_plan)
    if not carriers and not is_for_all:
        raise PermissionDenied
    return IndicatorForm(data, action_plan=action_plan, carriers=carriers, indicator=indicator, is_for_all=is_for_all)


def _address(action_plan: ActionPlan) -> str:
    return reverse("ministries:action_plan_detail", args=[action_plan.plan.number, action_plan.code])


def _way_back(request: HttpRequest, action_plan: ActionPlan) -> str:
    """The step of the report from which one came (``?year=2023&body=MND``), else the page of the action plan."""
    year, body = request.GET.get("year", ""), request.GET.get("body", "")
    found = selectors.submission_on(request.user, action_plan, int(year), body) if _is_year(year) else None
    if found is None:
        return f"{_address(action_plan)}#indicators"
    return reverse("ministries:submission_write_step", args=[*found.address, "indicators"])


def _is_year(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) == len("2023")


def _form_page(
    request: HttpRequest,
    action_plan: ActionPlan,
    form: IndicatorForm,
    indicator: Indicator | None = None,
    status: int = 200,
) -> HttpResponse:
    context = {
        "form": form,
        "plan": action_plan.plan,
        "action_plan": action_plan,
        "indicator": indicator,
        "breadcrumbs": [*breadcrumbs(action_plan), {"url": _address(action_plan), "label": action_plan.code}],
        "is_removable": indicator is not None and not indicator.results.exists(),
        "is_frozen": indicator is not None and services.figures_reported(indicator),
        "frozen": services.FROZEN_SENTENCE,
        "back_url": _way_back(request, action_plan),
        "asked": request.GET.urlencode(),
    }
    return render(request, "ministries/indicator_form.html", context, status=400 if form.errors else status)
