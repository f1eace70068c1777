"""The accessibility statement: what is aimed at, what is tested, what is known to be missing, and whom to tell."""

import datetime as dt

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

#: The day on which somebody last held the statement against the tests; ``docs/accessibility.md`` says the same day.
CHECKED_ON = dt.date(2026, 11, 28)


@login_not_required
@require_safe
def statement(request: HttpRequest) -> HttpResponse:
    """For everybody: who cannot sign in because of a barrier must be able to say so."""
    context = {"checked_on": CHECKED_ON, "contact": settings.ACCESSIBILITY_CONTACT}
    return render(request, "accessibility.html", context)
