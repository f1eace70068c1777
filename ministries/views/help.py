"""The help: an index by role, and a guide for each role."""

import re
from dataclasses import dataclass

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.html import strip_tags
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from ministries.enums import Role
from ministries.selectors import guides
from nap_monitor.lib.links import Link

#: A part of a guide begins like this.
SECTION = re.compile(r'<section id="([\w-]+)">\s*<h2>(.*?)</h2>', re.DOTALL)


@dataclass(frozen=True)
class Guide:
    """A role's guide: its text, and its parts by their anchors."""

    role: Role
    text: SafeString
    sections: list[tuple[str, str]]


def read_guide(role: Role) -> Guide:
    """The guide of this role in the active language."""
    text = render_to_string(guides.guide_template(role))
    return Guide(role, SafeString(text), [(anchor, strip_tags(title)) for anchor, title in SECTION.findall(text)])


@require_safe
def help_index(request: HttpRequest) -> HttpResponse:
    """The year in short, and the guides; those of the reader's own roles first."""
    order, own = guides.in_order_for(request.user)
    context = {
        "guides": [read_guide(role) for role in order],
        "own": own,
        "year": f"help/{guides.language()}/year.html",
    }
    return render(request, "ministries/help.html", context)


@require_safe
def help_guide(request: HttpRequest, topic: str) -> HttpResponse:
    """The guide of a role, step by step; beside it the other guides and its own parts."""
    if topic not in Role.values:
        raise Http404
    guide = read_guide(Role(topic))
    order, own = guides.in_order_for(request.user)
    context = {"guide": guide, "own": own, "side": [_link(role, guide) for role in order]}
    return render(request, "ministries/help_guide.html", context)


def _link(role: Role, shown: Guide) -> Link:
    address, is_shown = reverse("help_guide", args=[role.value]), role is shown.role
    parts = [Link(f"{address}#{anchor}", title) for anchor, title in shown.sections] if is_shown else []
    return Link(address, str(role.label), is_shown, entries=parts)
