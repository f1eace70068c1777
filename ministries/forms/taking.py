"""The button that puts last year's text into a field: it sends the form, which comes back with the text and unsaved."""

from collections.abc import Mapping

from django.http import QueryDict

#: The button carries the field's name.
TAKE = "take"


def with_last_year(data: QueryDict, texts: Mapping[str, str]) -> tuple[QueryDict, str]:
    """What was posted, with last year's text in the field whose button was pressed, and the name of that field.

    It comes below what is there, so that nothing is lost. ``texts`` are those that may be taken, by field; for any
    other name nothing happens.
    """
    name = data.get(TAKE, "")
    before = texts.get(name, "")
    if not before:
        return data, ""
    changed = data.copy()
    typed = data.get(name, "").strip()
    changed[name] = before if typed in ("", before.strip()) else f"{data[name].rstrip()}\n\n{before}"
    return changed, name
