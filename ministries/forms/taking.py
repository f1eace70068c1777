"""The button that puts last year's text into a field: it sends the form, which comes back with the text and unsaved."""

from collections.abc import Collection, Mapping

from django.http import QueryDict

#: The button carries the field's name.
TAKE = "take"


def with_last_year(data: QueryDict, texts: Mapping[str, str], lines: Collection[str] = ()) -> tuple[QueryDict, str]:
    """What was posted, with last year's text in the field whose button was pressed, and the name of that field.

    It comes below what is there (behind it, in fields of one line: ``lines``), so that nothing is lost. ``texts`` are
    those that may be taken, by field; for any other name nothing happens.
    """
    name = str(data.get(TAKE, ""))
    before = texts.get(name, "")
    if not before:
        return data, ""
    changed, typed = data.copy(), str(data.get(name, "")).rstrip()
    apart = " " if name in lines else "\n\n"
    changed[name] = before if typed.strip() in ("", before.strip()) else f"{typed}{apart}{before}"
    return changed, name
