"""The filters above the record."""

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from ministries.selectors import record as selectors
from ministries.selectors.record import RecordSearch
from ministries.words import numbers_in
from nap_monitor.accounts.models import User
from nap_monitor.lib.forms import DateField

Choices = Sequence[tuple[Any, Any]]


class RecordFilterForm(forms.Form):
    """Person, submission, body, kind, days and words. What cannot be understood is said beside its field."""

    person = forms.CharField(label=_("Person"), required=False, max_length=100)
    submission = forms.CharField(label=_("Submission, such as 2022 MND 1.1"), required=False, max_length=100)
    body = forms.ChoiceField(label=_("Implementing body"), required=False)
    kind = forms.ChoiceField(label=_("Kind"), required=False)
    start = DateField(label=_("From"), required=False)
    end = DateField(label=_("To"), required=False)
    q = forms.CharField(label=_("Words in name or reason"), required=False, max_length=100)

    def __init__(self, *args: Any, user: Any, bodies: Iterable[tuple[str, Any]], kinds: Choices, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user, self.people = user, list[User]()
        self.fields["body"].choices = [("", _("All")), *((code, str(name)) for code, name in bodies)]  # type: ignore[attr-defined]
        self.fields["kind"].choices = [("", _("All")), *kinds]  # type: ignore[attr-defined]

    def clean_person(self) -> User | None:
        """The person who is meant; where several may be, none is."""
        words = self.cleaned_data["person"]
        found = selectors.people_called(words)
        if words.strip() and not found:
            raise forms.ValidationError(_("Nobody has this name or e-mail address."))
        self.people = found if len(found) > 1 else []
        if self.people:
            raise forms.ValidationError(_("Several people are called so. Choose one of them."))
        return found[0] if found else None

    def clean_submission(self) -> Any:
        """The submission that is meant."""
        words = self.cleaned_data["submission"]
        found = selectors.submission_called(self.user, words)
        if words.strip() and found is None:
            raise forms.ValidationError(_("There is no such submission. Give year, body and number."))
        return found

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        start, end = cleaned.get("start"), cleaned.get("end")
        if start and end and end < start:
            self.add_error("end", _now("The last day lies before the first day."))
        return cleaned

    def wanted(self) -> RecordSearch | None:
        """What is looked for; nothing where something was not understood."""
        if not self.is_valid():
            return None
        valid = self.cleaned_data
        return RecordSearch(
            submission=valid["submission"],
            person=valid["person"],
            body=valid["body"],
            kind=valid["kind"],
            start=valid["start"],
            end=valid["end"],
            words=numbers_in(valid["q"].strip()),
        )
