"""The page on which a coordinator gives one mark to an action plan that several bodies carry."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ministries.enums import Rating
from ministries.forms.review import AssessmentForm
from ministries.models import Round
from ministries.selectors import assessments as selectors
from ministries.services import assessments as services
from ministries.views.submission_page import entry_of
from ministries.workflow import Refused, WrongState
from objectives.models import ActionPlan


@require_http_methods(["GET", "POST"])
def assessment_change(request: HttpRequest, plan: int, year: int, code: str) -> HttpResponse:
    """Each body's marks, and beside them the one mark of the action plan, with its reason and all earlier ones."""
    found = get_object_or_404(Round.objects.select_related("plan"), plan__number=plan, year=year)
    if not request.user.has_perm("ministries.view_assessment"):
        raise Http404
    action_plan = selectors.find_joint(found, code)
    if not request.user.has_perm(services.PERMISSION):
        raise PermissionDenied
    stored = selectors.assessment_on(found, action_plan)
    if request.method == "GET":
        return _page(request, found, action_plan, AssessmentForm(stored=stored))
    form = AssessmentForm(request.POST, stored=stored)
    if not form.is_valid():
        return _page(request, found, action_plan, form, status=400)
    try:
        services.assess(round=found, action_plan=action_plan, by=request.user, **form.cleaned_data)
    except Refused as error:
        form.add_error(error.field or None, str(error.message))
        return _page(request, found, action_plan, form, status=400)
    except WrongState as error:
        # What was typed can be saved over what somebody else saved, now that it has been seen.
        data = request.POST.copy()
        data["seen"] = str(stored.count if stored else 0)
        form = AssessmentForm(data, stored=stored)
        form.add_error(None, str(error))
        return _page(request, found, action_plan, form, status=409)
    messages.success(request, _("Saved."))
    return redirect("ministries:action_plan_detail", plan, code)


def _page(
    request: HttpRequest, round: Round, action_plan: ActionPlan, form: AssessmentForm, status: int = 200
) -> HttpResponse:
    stored = selectors.assessment_on(round, action_plan)
    context = {
        "form": form,
        "round": round,
        "action_plan": action_plan,
        "bodies": selectors.body_marks(request.user, round, action_plan),
        "history": [entry_of(event) for event in selectors.history_of(stored)],
        "stored": stored,
        "stored_rating": Rating(stored.rating) if stored else None,
    }
    return render(request, "ministries/assessment.html", context, status=status)
