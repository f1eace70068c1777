"""Where a person begins, and the help."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from ministries import rules
from ministries.enums import Role
from ministries.models import Round
from ministries.selectors.submissions import scopes_for


def home(request: HttpRequest) -> HttpResponse:
    """To the list of the latest round for those who report, review or read; else to what the role is about."""
    if scopes_for(request.user):
        rounds = Round.objects.select_related("plan").order_by("-plan__number", "-year")
        latest = next((found for found in rounds if found.is_open()), None) or rounds.first()
        return redirect(latest) if latest else redirect("ministries:round_list")
    if rules.allows(request.user, "reports.view_figures"):
        latest = Round.objects.select_related("plan").order_by("-plan__number", "-year").first()
        return (
            redirect("reports:summary", latest.plan.number, latest.year)
            if latest
            else redirect("ministries:round_list")
        )
    if rules.allows(request.user, "ministries.view_people"):
        return redirect("ministries:person_list")
    if rules.allows(request.user, "objectives.view_plan"):
        return redirect("ministries:round_list")
    return render(request, "ministries/no_role.html")


def help_page(request: HttpRequest) -> HttpResponse:
    """What each role does, step by step; the reader's own roles first."""
    roles = rules.roles_of(request.user)
    own = [role for role in Role if roles.has(role)]
    order = [*own, *(role for role in Role if role not in own)]
    return render(request, "ministries/help.html", {"roles": order, "own": own})
