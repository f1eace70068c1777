"""The person's own page: name and language of e-mails."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from nap_monitor.accounts.forms import DetailsForm
from nap_monitor.accounts.models import User
from nap_monitor.accounts.services import change_details


@require_http_methods(["GET", "POST"])
def details(request: HttpRequest) -> HttpResponse:
    """Show and change the own name and the language of e-mails."""
    person = User.objects.get(pk=str(request.user.pk))  # the form writes into it before it is known to be right
    form = DetailsForm(request.POST or None, instance=person)
    if request.method == "POST" and form.is_valid():
        changed = change_details(user=person, by=person, **form.cleaned_data)
        messages.success(request, _("Saved.") if changed else _("Nothing was changed."))
        return redirect("account_details")
    return render(request, "accounts/details.html", {"form": form}, status=400 if form.errors else 200)
