"""The pages of the gallery. They show and check; nothing is saved."""

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from nap_monitor.gallery.forms import SampleFilter, SampleForm, SampleRows
from nap_monitor.gallery.samples import page_of, samples
from nap_monitor.lib.forms import unjudged

SORTS = ("number", "-number")


@require_http_methods(["GET", "POST"])
def gallery(request: HttpRequest) -> HttpResponse:
    """Every component. The sample form can be sent: its errors are then shown as on any page."""
    _require_gallery()
    is_sent = request.method == "POST"
    form = SampleForm(request.POST, request.FILES) if is_sent else SampleForm()
    formset = SampleRows(request.POST if is_sent else None, prefix="rows")
    if formset.asks_for_row:
        unjudged(form, formset)
    elif is_sent and all([form.is_valid(), formset.is_valid()]):
        messages.success(request, _("All fields are in order. Nothing was saved."))
        return redirect("gallery")
    sort = request.GET.get("sort", "")
    context = {
        "form": form,
        "formset": formset,
        "filter": SampleFilter(request.GET, auto_id="filter_%s"),
        "page": page_of(request.GET.get("page", "6")),
        **samples(sort if sort in SORTS else ""),
    }
    return render(request, "gallery/index.html", context, status=400 if form.errors else 200)


@require_safe
def gallery_modal(request: HttpRequest) -> HttpResponse:
    """The page that the modal of the gallery shows."""
    _require_gallery()
    return render(request, "gallery/modal.html", {"form": SampleForm()})


def _require_gallery() -> None:
    if not settings.COMPONENT_GALLERY:
        raise Http404
