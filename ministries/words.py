"""What pages and commands call things that have no model of their own."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext


def stage_words(days: int) -> str:
    """How a stage of the reminders lies to the due date: 3 days before it, on it, 7 days after it."""
    if days == 0:
        return _("on the due date")
    if days < 0:
        return ngettext("%(days)s day before", "%(days)s days before", -days) % {"days": -days}
    return ngettext("%(days)s day after", "%(days)s days after", days) % {"days": days}
