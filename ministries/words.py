"""What pages and commands call things that have no model of their own, or are known by their numbers alone."""

import re
from collections.abc import Iterator

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override


def stage_words(days: int) -> str:
    """How a stage of the reminders lies to the due date: 3 days before it, on it, 7 days after it."""
    if days == 0:
        return _("on the due date")
    if days < 0:
        return ngettext("%(days)s day before", "%(days)s days before", -days) % {"days": -days}
    return ngettext("%(days)s day after", "%(days)s days after", days) % {"days": days}


def round_words(plan: int | str, year: int | str) -> str:
    """What the round of a plan is called, in the reader's language."""
    return _("National Action Plan %(number)s, %(year)s") % {"number": plan, "year": year}


def numbers_in(words: str) -> str:
    """``words`` with each :func:`round_words`, in any language, as the record has it: plan and year (``3 2023``)."""
    for pattern in _round_patterns():
        words = pattern.sub(r"\g<number> \g<year>", words)
    return words


def _round_patterns() -> Iterator[re.Pattern[str]]:
    for language, _name in settings.LANGUAGES:
        with override(language):
            said = re.escape(round_words("NUMBER", "YEAR"))
        yield re.compile(said.replace("NUMBER", r"(?P<number>\d+)").replace("YEAR", r"(?P<year>\d{4})"), re.IGNORECASE)
