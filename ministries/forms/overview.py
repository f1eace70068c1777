"""The filter above the overview of a round."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ministries.enums import Rating, StateLabel
from ministries.selectors.overview import LATE, NOT_REPORTED, TO_REVIEW, UNRATED, Choice, Column, Item
from ministries.selectors.submissions import OVERDUE

#: What can be asked for beside the states themselves, and what it is called.
MORE_STATES = {
    OVERDUE: _("Overdue"),
    TO_REVIEW: _("Waits for review"),
    NOT_REPORTED: _("Not reported yet"),
    LATE: _("First submitted late"),
}
#: The states that a coordinator is told.
STATES = [(value, label) for value, label in StateLabel.choices if value != StateLabel.SENT_BACK]


class OverviewFilter(forms.Form):
    """What is chosen of a round; a value that is no choice chooses all."""

    part = forms.ChoiceField(label=_("Area or objective"), required=False)
    body = forms.ChoiceField(label=_("Implementing body"), required=False)
    state = forms.ChoiceField(label=_("State"), required=False)
    rating = forms.ChoiceField(label=_("Coordinator's rating"), required=False)
    q = forms.CharField(label=_("Number or words"), required=False, max_length=100)
    last = forms.ChoiceField(label=_("In the cells"), required=False)

    def __init__(self, *args: Any, offered: Mapping[str, list[tuple[str, str]]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everything = [("", _("All"))]
        choices: dict[str, list[tuple[str, Any]]] = {
            **{name: [*everything, *these] for name, these in offered.items()},
            "state": [*everything, *MORE_STATES.items(), *STATES],
            "rating": [*everything, *Rating.choices, (UNRATED, _("Not rated yet"))],
            "last": [("", _("This year")), ("1", _("With last year's rating"))],
        }
        for name, these in choices.items():
            self.fields[name].choices = these  # type: ignore[attr-defined]

    @staticmethod
    def offered(items: Iterable[Item], bodies: Iterable[Column]) -> dict[str, list[tuple[str, str]]]:
        """What the round has to choose from."""
        return {"part": _parts(items), "body": [(body.code, str(body.name)) for body in bodies]}

    @staticmethod
    def choice_of(data: Mapping[str, str]) -> Choice:
        """What was asked for, as the selector takes it."""
        state, rating = data.get("state", ""), data.get("rating", "")
        return Choice(
            part=data.get("part", "")[:100],
            body=data.get("body", "")[:40],
            state=state if state in {*dict(STATES), *MORE_STATES} else "",
            rating=rating if rating in {*Rating.values, UNRATED} else "",
            search=data.get("q", "")[:100],
        )

    @staticmethod
    def shows_last(data: Mapping[str, str]) -> bool:
        """Whether last year's rating stands in the cells."""
        return data.get("last", "") == "1"


def _parts(items: Iterable[Item]) -> list[tuple[str, str]]:
    """The areas, each with its objectives below it."""
    found: dict[str, str] = {}
    for item in items:
        area, objective = item.area, item.objective
        found.setdefault(area[0], str(area[1]))
        found.setdefault(f"{area[0]}:{objective[0]}", f"– {objective[0]} {objective[1]}")
    return list(found.items())
