"""Pages on which a body defines its own fields: what it asks in its submissions beside what everybody is asked."""

import uuid

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from ministries.forms.body_fields import BodyFieldForm
from ministries.models import BodyField, ImplementingBody
from ministries.selectors import body_fields as selectors
from ministries.selectors.rounds import current_round
from ministries.services import body_fields as services
from ministries.workflow import Refused
from nap_monitor.lib.forms import unjudged


@require_http_methods(["GET", "POST"])
def body_field_list(request: HttpRequest, body: str) -> HttpResponse:
    """The fields of a body in their order. A button sends the field and the place to which it moves."""
    found = selectors.find_own_body(request.user, body)
    if request.method == "POST":
        return _move(request, found)
    round = current_round()
    rows = selectors.own_fields(found)
    context = {
        "body": found,
        "rows": rows,
        "year": round.year if round else None,
        "can_add": len(rows) < services.MOST_FIELDS,
    }
    return render(request, "ministries/body_field_list.html", context)


def _move(request: HttpRequest, body: ImplementingBody) -> HttpResponse:
    pk, _space, place = request.POST.get("move", "").partition(" ")
    try:
        field, to = selectors.find_own_field(body, uuid.UUID(pk)), int(place)
    except ValueError:
        messages.error(request, _("The field was not moved. Reload the page."))
        return redirect(_list(body))
    services.move_body_field(field=field, to=to, by=request.user)
    messages.success(request, _("“%(label)s” was moved.") % {"label": field.label})
    return redirect(f"{_list(body)}#field-{field.pk}")


@require_http_methods(["GET", "POST"])
def body_field_create(request: HttpRequest, body: str) -> HttpResponse:
    """A new field, asked for from the year of the round at work on."""
    found = selectors.find_own_body(request.user, body)
    round = current_round()
    form = BodyFieldForm(request.POST or None, year=round.year if round else None)
    if form.choices.asks_for_row:
        return _unjudged(request, found, form)
    if request.method == "POST" and form.is_valid():
        try:
            services.create_body_field(body=found, values=form.values(), by=request.user)
        except Refused as error:
            form.refuse(error)
        else:
            messages.success(request, _("The field was added."))
            return redirect(_list(found))
    return _form_page(request, found, form)


@require_http_methods(["GET", "POST"])
def body_field_change(request: HttpRequest, body: str, field: uuid.UUID) -> HttpResponse:
    """Change a field. What somebody else changed meanwhile is shown beside what was typed."""
    found = selectors.find_own_body(request.user, body)
    stored = selectors.find_own_field(found, field)
    answers = selectors.answers_to(stored)
    # A kind that was sent while somebody answered is judged, and refused with its reason.
    form = BodyFieldForm(request.POST or None, field=stored, is_fixed=bool(answers) and "kind" not in request.POST)
    if form.choices.asks_for_row:
        return _unjudged(request, found, form, stored, answers)
    if request.method == "POST" and form.is_valid():
        try:
            result = services.change_body_field(field=stored, changes=form.changes(), by=request.user)
        except Refused as error:
            form.refuse(error)
        else:
            if not result.conflicts:
                messages.success(request, _("The field was changed.") if result.saved else _("Nothing was changed."))
                return redirect(f"{_list(found)}#field-{stored.pk}")
            mine = next((each.mine for each in result.conflicts if each.name == "choices"), None)
            stored = selectors.find_own_field(found, field)
            form = BodyFieldForm(field=stored, is_fixed=bool(answers), choices=mine)
            form.show_conflicts(result)
            return _form_page(request, found, form, stored, answers, status=409)
    return _form_page(request, found, form, stored, answers)


@require_http_methods(["GET", "POST"])
def body_field_remove(request: HttpRequest, body: str, field: uuid.UUID) -> HttpResponse:
    """Remove a field that nobody has answered, after asking."""
    found = selectors.find_own_body(request.user, body)
    stored = selectors.find_own_field(found, field)
    if request.method == "GET":
        answers = selectors.answers_to(stored)
        context = {"body": found, "field": stored, "answers": answers}
        return render(request, "ministries/body_field_remove.html", context)
    try:
        services.remove_body_field(field=stored, by=request.user)
    except Refused as error:
        messages.error(request, str(error.message))
    else:
        messages.success(request, _("The field was removed."))
    return redirect(_list(found))


def _list(body: ImplementingBody) -> str:
    return reverse("ministries:body_field_list", args=[body.code])


def _unjudged(
    request: HttpRequest,
    body: ImplementingBody,
    form: BodyFieldForm,
    field: BodyField | None = None,
    answers: int = 0,
) -> HttpResponse:
    """The form with one row more, and not a word about errors."""
    unjudged(form, form.choices)
    return _form_page(request, body, form, field, answers, status=200)


def _form_page(
    request: HttpRequest,
    body: ImplementingBody,
    form: BodyFieldForm,
    field: BodyField | None = None,
    answers: int = 0,
    status: int | None = None,
) -> HttpResponse:
    is_wrong = form.is_bound and (form.errors or any(rows.total_error_count() for rows in form.formsets))
    context = {"body": body, "form": form, "field": field, "answers": answers}
    return render(request, "ministries/body_field_form.html", context, status=status or (400 if is_wrong else 200))
