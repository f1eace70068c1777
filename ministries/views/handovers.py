"""Pages of handovers: what one may hand over, handing over, revoking."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from ministries import rules
from ministries.forms.handovers import HandoverForm, RevokeForm
from ministries.models import Appointment, Handover
from ministries.selectors import handovers as selectors
from ministries.selectors.people import visible_people
from ministries.services import handovers as services
from ministries.workflow import Refused


@require_safe
def handover_list(request: HttpRequest) -> HttpResponse:
    """What the person may hand over, and what was handed over in the own bodies. 404 for who reports for no body."""
    bodies = rules.roles_of(request.user).own_bodies
    if not bodies:
        raise Http404
    context = {
        "appointments": selectors.to_hand_over(request.user),
        "handovers": selectors.handovers_in(bodies)[:50],
    }
    return render(request, "ministries/handover_list.html", context)


@require_http_methods(["GET", "POST"])
def handover_create(request: HttpRequest, appointment: str) -> HttpResponse:
    """Name the successor. Who may not hand this role over does not learn that there is such an appointment."""
    found = get_object_or_404(
        Appointment.objects.select_related("user", "body").prefetch_related("body__names"), pk=appointment
    )
    if not request.user.has_perm("ministries.hand_over", found) or found.has_ended():
        raise Http404
    is_own_body = found.body_id in rules.roles_of(request.user).own_bodies
    back = "ministries:handover_list" if is_own_body else "ministries:person_detail"
    back_url = reverse(back) if is_own_body else reverse(back, args=[found.user_id])
    form = HandoverForm(request.POST or None, initial={"language": request.LANGUAGE_CODE})
    if request.method == "POST" and form.is_valid():
        try:
            made = services.hand_over(appointment=found, by=request.user, **form.cleaned_data)
        except Refused as error:
            form.refuse(error)
        else:
            messages.success(
                request,
                _("Handed over to %(name)s. The coordinators are told.") % {"name": made.receiver},
            )
            still_in = request.user.has_perm("ministries.view_people") or not is_own_body or _reports(request)
            return redirect(back_url if still_in else "home")
    context = {
        "form": form,
        "appointment": found,
        "work": selectors.open_work(found.body, request.user),
        "is_self": found.user_id == request.user.pk,
        "back_url": back_url,
    }
    return render(request, "ministries/handover_form.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "POST"])
def handover_revoke(request: HttpRequest, handover: str) -> HttpResponse:
    """Put back what was before the handover."""
    people = visible_people(request.user)
    found = get_object_or_404(
        Handover.objects.select_related("giver", "receiver", "body"), pk=handover, giver__in=people
    )
    request.back_url = reverse("ministries:person_detail", args=[found.receiver_id])
    if not rules.may_revoke(request.user, found):
        raise PermissionDenied
    form = RevokeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.revoke_handover(handover=found, by=request.user, **form.cleaned_data)
        except Refused as error:
            form.refuse(error)
        else:
            messages.success(request, _("The handover was revoked. Both are told."))
            return redirect(request.back_url)
    context = {"form": form, "handover": found}
    return render(request, "ministries/handover_revoke.html", context, status=400 if form.errors else 200)


def _reports(request: HttpRequest) -> bool:
    """Whether the person still reports for a body after this."""
    rules.forget_roles(request.user)
    return bool(rules.roles_of(request.user).own_bodies)
