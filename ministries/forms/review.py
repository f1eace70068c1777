"""The forms of the coordinators' desk: what the queue shows, which of it is confirmed, and the rating beforehand."""

from collections.abc import Iterable, Mapping
from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.utils.http import urlencode
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ministries.enums import Rating
from ministries.forms.fields import NOTHING_CHOSEN
from ministries.forms.filters import with_present
from ministries.forms.signoff import LONGEST_STEP
from ministries.forms.steps import StepForm, reason_field
from ministries.forms.versions import CHANGED
from ministries.models import Assessment, SavedRating, Submission
from ministries.selectors.review import AGAIN, NEW, RATED, REMARKS, SORTS, Choices, QueueRow

PROGRESS = {
    NEW: _("Nothing said yet"),
    RATED: _("Rating saved"),
    REMARKS: _("Remarks open"),
    AGAIN: _("Submitted again"),
}
EVERYTHING = ("", _("All"))


class QueueFilter(forms.Form):
    """Body, area, how far the review has come, and the order; a value that is no choice filters nothing."""

    body = forms.ChoiceField(label=_("Implementing body"), required=False)
    area = forms.ChoiceField(label=_("Area"), required=False)
    review = forms.ChoiceField(label=pgettext_lazy("queue", "Review"), required=False)
    sort = forms.ChoiceField(label=_("Sort by"), required=False)

    def __init__(
        self, *args: Any, bodies: Iterable[tuple[str, Any]], areas: Iterable[tuple[str, Any]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        offered = {
            "body": [EVERYTHING, *((code, str(name)) for code, name in bodies)],
            "area": [EVERYTHING, *((code, str(name)) for code, name in areas)],
            "review": [EVERYTHING, *PROGRESS.items()],
            "sort": with_present(ORDERS, known_sort(self.data.get("sort", ""))),
        }
        for name, choices in offered.items():
            self.fields[name].choices = choices  # type: ignore[attr-defined]


ORDERS: list[tuple[str, Any]] = [
    ("", _("Submitted again, then oldest first")),
    ("last", _("Oldest first")),
    ("-last", _("Newest first")),
    ("code", _("Order of the plan")),
    ("body", _("Implementing body")),
    ("self", _("Self-rating")),
    ("saved", _("Saved rating")),
]


def known_sort(asked: str) -> str:
    """What was asked for, where the queue can be sorted so (a hyphen in front for descending); else nothing."""
    return asked if asked.removeprefix("-") in SORTS else ""


def choices_of(data: Mapping[str, str]) -> Choices:
    """What was asked for in an address, as the selectors take it: no value that means nothing."""
    review = data.get("review", "")
    found = {
        "body": data.get("body", "")[:40],
        "area": data.get("area", "")[:40],
        "review": review if review in PROGRESS else "",
        "sort": known_sort(data.get("sort", "")),
    }
    return {name: value for name, value in found.items() if value}


def carried_of(data: Mapping[str, str]) -> Choices:
    """What the page of a review carries on in its addresses: the queue that it came from, and whether it shows
    everything or only what changed."""
    shown = {"show": CHANGED} if data.get("show") == CHANGED else {}
    return {**choices_of(data), **shown}


def query_of(choices: Choices) -> str:
    """The same for an address that leads on: with its question mark, or empty."""
    return f"?{urlencode(choices)}" if choices else ""


class ChosenField(forms.Field):
    """The ticked boxes of the queue: body and action plan, count of steps, count of savings (``MND/2.1.3:4:1``).

    ``rows`` are those that may be chosen. Cleans into the row and both counts.
    """

    widget = forms.MultipleHiddenInput
    default_error_messages = {
        "required": _("Choose at least one submission."),
        "invalid": _("What was chosen is not among the submissions of this page. Choose again."),
    }
    rows: Mapping[str, QueueRow] = {}

    def to_python(self, value: Any) -> list[tuple[QueueRow, int, int]]:
        return [self._read(text) for text in dict.fromkeys(value or ())]

    def _read(self, text: str) -> tuple[QueueRow, int, int]:
        key, *counts = text.rsplit(":", 2)
        if key not in self.rows or len(counts) != 2 or not all(_is_count(count) for count in counts):
            raise forms.ValidationError(self.error_messages["invalid"], code="invalid")
        return (self.rows[key], int(counts[0]), int(counts[1]))


def _is_count(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) <= LONGEST_STEP


class BulkConfirmForm(forms.Form):
    """Confirming all that is ticked, each with its saved rating."""

    row = ChosenField(label=_("Submissions"))

    def __init__(self, *args: Any, rows: Mapping[str, QueueRow], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["row"].rows = rows  # type: ignore[attr-defined]

    @property
    def chosen(self) -> list[tuple[QueueRow, int, int]]:
        """What was chosen: the row, the steps and the savings that its person was looking at."""
        found: list[tuple[QueueRow, int, int]] = self.cleaned_data["row"]
        return found

    @property
    def seen(self) -> list[tuple[Submission, int | None]]:
        """The same as a bulk step takes it."""
        return [(row.submission, step) for row, step, _count in self.chosen]

    @property
    def own(self) -> dict[int, dict[str, int]]:
        """What the bulk step takes for each row apart."""
        return {row.submission.pk: {"seen": count} for row, _step, count in self.chosen}

    @property
    def refusal(self) -> str:
        """Why nothing could be done."""
        return " ".join(str(error) for error in self.errors.get("row", ()))


class RatingForm(StepForm):
    """The coordinators' rating and its reason. ``seen`` is the count of savings that the person is looking at."""

    rating = forms.ChoiceField(label=_("Coordinator's rating"), choices=[NOTHING_CHOSEN, *Rating.choices])
    reason = reason_field(label=_("Reason of the rating"), required=False)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)

    def __init__(self, *args: Any, submission: Submission, saved: SavedRating | None, **kwargs: Any) -> None:
        stored = {"rating": saved.rating, "reason": saved.reason} if saved else {}
        if not saved and submission.coordinator_rating:
            stored = {"rating": submission.coordinator_rating, "reason": submission.coordinator_reason}
        kwargs["initial"] = {**stored, "seen": saved.count if saved else 0}
        super().__init__(*args, submission=submission, **kwargs)


class AssessmentForm(forms.Form):
    """The one mark of a joint action plan. ``seen`` is the count of savings that the person is looking at."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    rating = forms.ChoiceField(label=_("Rating of the action plan"), choices=[NOTHING_CHOSEN, *Rating.choices])
    reason = reason_field(label=_("Reason of the rating"), required=False)

    def __init__(self, *args: Any, stored: Assessment | None, **kwargs: Any) -> None:
        now = {"rating": stored.rating, "reason": stored.reason, "seen": stored.count} if stored else {"seen": 0}
        super().__init__(*args, **{**kwargs, "initial": now})
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
