"""Pages of people: who holds which role, inviting, appointing, ending, closing an account."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from ministries import rules
from ministries.forms.people import AppointmentForm, DeactivateForm, EndForm, InviteForm, PeopleFilterForm
from ministries.models import Appointment
from ministries.selectors import people as selectors
from ministries.selectors.handovers import handovers_of
from ministries.selectors.rounds import current_round
from ministries.selectors.staffing import ending, vacancies
from ministries.services import people as services
from ministries.workflow import Refused
from nap_monitor.accounts.models import User
from nap_monitor.lib.addresses import require_post
from nap_monitor.lib.parts import asks_for_part, render_part

PAGE_SIZE = 50
PERMISSION = "ministries.change_people"


@require_safe
def person_list(request: HttpRequest) -> HttpResponse:
    """The people with a role today or later, or whom the filters ask for."""
    people = _visible(request)
    form = PeopleFilterForm(request.GET or {"status": "current"})
    wanted = form.wanted()
    sort = selectors.known_sort(request.GET.get("sort", ""))
    found = selectors.ordered_people(selectors.filter_people(people, wanted), sort)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "people": selectors.as_people(page),
        "filter": form,
        "sort": sort,
        "is_filtered": bool(request.GET.keys() - {"sort", "page"}),
        "may_change": request.user.has_perm(PERMISSION),
    }
    if not asks_for_part(request):
        context |= {"vacancies": vacancies(current_round()), "ending": ending()}
    return render_part(request, "ministries/person_list.html", "ministries/partials/_people.html", context)


@require_http_methods(["GET", "POST"])
def person_invite(request: HttpRequest) -> HttpResponse:
    """Give a role to somebody by e-mail address; where that is new, the account is made and the invitation sent."""
    _visible(request)
    _require(request)
    form = InviteForm(request.POST or None, initial={"language": request.LANGUAGE_CODE})
    if request.method == "POST" and form.is_valid():
        try:
            made = services.appoint(by=request.user, **form.cleaned_data)
        except Refused as error:
            form.refuse(error)
        else:
            _tell_appointed(request, made)
            return redirect("ministries:person_detail", made.user_id)
    return _form_page(request, "ministries/person_invite.html", form)


@require_safe
def person_detail(request: HttpRequest, person: str) -> HttpResponse:
    """One person: appointments, state of the invitation, what was done with the account."""
    user = _find(request, person)
    (shown,) = selectors.as_people([user])
    handovers = list(handovers_of(user))
    context = {
        "person": shown,
        "history": selectors.history(user),
        "handovers": handovers,
        "revocable": [each for each in handovers if rules.may_revoke(request.user, each)],
        "to_hand_over": [each for each in shown.lasting if request.user.has_perm("ministries.hand_over", each)],
        "may_change": request.user.has_perm(PERMISSION, user),
        "is_self": user.pk == request.user.pk,
    }
    return render(request, "ministries/person_detail.html", context)


@require_http_methods(["GET", "POST"])
def person_appoint(request: HttpRequest, person: str) -> HttpResponse:
    """Another role for this person."""
    user = _find(request, person)
    _require(request, user)
    form = AppointmentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.appoint(user=user, by=request.user, **form.cleaned_data)
        except Refused as error:
            form.refuse(error)
        else:
            _tell_appointed(request, made)
            return redirect("ministries:person_detail", user.pk)
    return _form_page(request, "ministries/person_appoint.html", form, person=user)


@require_http_methods(["GET", "POST"])
def appointment_end(request: HttpRequest, appointment: str) -> HttpResponse:
    """End an appointment, at once or on a day."""
    visible = selectors.visible_appointments(request.user)
    found = get_object_or_404(visible.prefetch_related("body__names"), pk=appointment)
    _back_to(request, found.user)
    _require(request, found.user)
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.end_appointment(appointment=found, by=request.user, **form.cleaned_data)
        except Refused as error:
            form.refuse(error)
        else:
            messages.success(request, _("The appointment was ended."))
            return redirect("ministries:person_detail", found.user_id)
    return _form_page(request, "ministries/appointment_end.html", form, appointment=found, person=found.user)


@require_post
def person_invite_again(request: HttpRequest, person: str) -> HttpResponse:
    """Send the invitation once more."""
    user = _find(request, person)
    _require(request, user)
    services.invite(user=user, by=request.user)
    messages.success(request, _("The invitation is on its way to %(email)s.") % {"email": user.email})
    return redirect("ministries:person_detail", user.pk)


@require_http_methods(["GET", "POST"])
def person_deactivate(request: HttpRequest, person: str) -> HttpResponse:
    """Close the account; its sessions end."""
    user = _find(request, person)
    _require(request, user)
    form = DeactivateForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.deactivate(user=user, by=request.user, **form.cleaned_data)
        except Refused as error:
            form.refuse(error)
        else:
            messages.success(request, _("The account was deactivated, and the person is signed out."))
            return redirect("ministries:person_detail", user.pk)
    return _form_page(request, "ministries/person_deactivate.html", form, person=user)


@require_post
def person_activate(request: HttpRequest, person: str) -> HttpResponse:
    """Open a closed account again."""
    user = _find(request, person)
    _require(request, user)
    services.activate(user=user, by=request.user)
    messages.success(request, _("The account was activated."))
    return redirect("ministries:person_detail", user.pk)


def _visible(request: HttpRequest) -> Any:
    """All people; 404 for who may not see the list, and so not that there is one."""
    if not request.user.has_perm("ministries.view_people"):
        raise Http404
    return selectors.visible_people(request.user)


def _find(request: HttpRequest, person: str) -> User:
    user = get_object_or_404(selectors.ordered_people(selectors.visible_people(request.user)), pk=person)
    _back_to(request, user)
    return user


def _back_to(request: HttpRequest, user: User) -> None:
    request.back_url = reverse("ministries:person_detail", args=[user.pk])


def _require(request: HttpRequest, user: User | None = None) -> None:
    if not request.user.has_perm(PERMISSION, user):
        raise PermissionDenied


def _tell_appointed(request: HttpRequest, made: Appointment) -> None:
    if made.user.has_usable_password():
        sentence = gettext_lazy("The appointment was made; the news is on its way to %(email)s.")
    else:
        sentence = gettext_lazy("The appointment was made; the invitation is on its way to %(email)s.")
    messages.success(request, sentence % {"email": made.user.email})


def _form_page(request: HttpRequest, template: str, form: Any, **context: Any) -> HttpResponse:
    return render(request, template, {"form": form, **context}, status=400 if form.errors else 200)
