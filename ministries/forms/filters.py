"""The filter above the list of submissions."""

from collections.abc import Iterable, Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from ministries.enums import StateLabel


def with_present(orders: list[tuple[str, Any]], now: str) -> list[tuple[str, Any]]:
    """The orders to choose from, with the present one: the heads of the columns sort in more ways."""
    return orders if now in dict(orders) else [*orders, (now, _("As sorted now"))]


class SubmissionFilter(forms.Form):
    """State, body and words; a value that is no choice filters nothing.

    ``sort`` keeps the order while filtering, and is how one sorts on a phone, where the heads of columns are not shown.
    """

    state = forms.ChoiceField(label=_("State"), required=False)
    body = forms.ChoiceField(label=_("Implementing body"), required=False)
    q = forms.CharField(label=_("Number or words"), required=False, max_length=100)
    sort = forms.ChoiceField(label=_("Sort by"), required=False)

    def __init__(self, *args: Any, bodies: Iterable[tuple[str, Any]], scope: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everything = [("", _("All"))]
        self.fields["state"].choices = [  # type: ignore[attr-defined]
            *everything,
            *StateLabel.choices,
            ("overdue", _("Overdue")),
        ]
        self.fields["body"].choices = [*everything, *((code, str(name)) for code, name in bodies)]  # type: ignore[attr-defined]
        self.fields["sort"].choices = self._orders(scope, self.data.get("sort", ""))  # type: ignore[attr-defined]
        if scope == "confirmed":
            del self.fields["state"]
        if len(list(bodies)) < 2:
            del self.fields["body"]
        if "scope" in self.data:
            self.fields["scope"] = forms.CharField(widget=forms.HiddenInput, required=False)

    @staticmethod
    def _orders(scope: str, now: str) -> list[tuple[str, Any]]:
        orders: list[tuple[str, Any]] = [("", _("Order of the plan"))]
        if scope != "own":
            orders.append(("body", _("Implementing body")))
        if scope != "confirmed":
            orders += [("state", _("State")), ("due", _("Due date, first due first")), ("self", _("Self-rating"))]
        orders += [("coordinator", _("Coordinator's rating")), ("-changed", _("Date, newest first"))]
        return with_present(orders, now)

    @staticmethod
    def choices_of(data: Mapping[str, str]) -> dict[str, str]:
        """What was asked for, as the selector takes it."""
        state = data.get("state", "")
        known = {*StateLabel.values, "overdue"}
        return {
            "state": state if state in known else "",
            "body": data.get("body", "")[:40],
            "search": data.get("q", "")[:100],
            "sort": data.get("sort", "")[:20],
        }
