"""Including a component that is kept in memory: see :mod:`nap_monitor.lib.stencils`."""

from django import template
from django.utils.safestring import SafeString

from nap_monitor.lib.stencils import stencil

register = template.Library()


@register.simple_tag(takes_context=True)
def kept(context: template.Context, component: str, *names: str, late: str = "", **given: object) -> SafeString:
    """The component as ``include … only`` gives it, with these values of the page, and ``given`` ones.

    ``late`` names, between spaces, the values that are another on each page; the component may only print them.
    """
    later = late.split()
    fill = stencil(component, {**{name: context.get(name, "") for name in names}, **given}, later)
    return fill(**{name: context.get(name, "") for name in later})
