"""The help."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from ministries import rules
from ministries.enums import Role


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """What each role does, step by step; the reader's own roles first."""
    roles = rules.roles_of(request.user)
    own = [role for role in Role if roles.has(role)]
    order = [*own, *(role for role in Role if role not in own)]
    return render(request, "ministries/help.html", {"roles": order, "own": own})
