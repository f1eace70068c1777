"""The forms of the people pages. What an appointment must fulfil is asked by the service, in one place."""

from typing import Any

from crispy_forms.helper import FormHelper
from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ministries.enums import BODY_ROLES, Role
from ministries.forms.fields import NOTHING_CHOSEN
from ministries.forms.filters import with_present
from ministries.forms.steps import reason_field
from ministries.models import ImplementingBody
from ministries.selectors.people import PeopleFilter
from ministries.workflow import Refused
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from nap_monitor.lib.forms import DateField

STATUSES = {
    "current": _("Now or later"),
    "ending": _("Ends soon"),
    "past": _("None at present"),
    "all": _("All"),
}


def bodies() -> Any:
    """The bodies to choose from, with their names in one further query."""
    return ImplementingBody.objects.prefetch_related("names")


class PeopleFilterForm(forms.Form):
    """The filters above the list of people; a value that is no choice filters nothing."""

    #: Days stand in the cells of roles and have no head of their own: the choice is shown beside the heads as well.
    sorts_beyond_heads = True

    q = forms.CharField(label=_("Name or e-mail address"), required=False, max_length=100)
    role = forms.ChoiceField(label=_("Role"), required=False, choices=[("", _("All")), *Role.choices])
    body = forms.ModelChoiceField(
        label=_("Implementing body"),
        required=False,
        queryset=ImplementingBody.objects.none(),
        to_field_name="code",
        empty_label=_("All"),
    )
    status = forms.ChoiceField(label=_("Appointment"), required=False, choices=list(STATUSES.items()))
    sort = forms.ChoiceField(label=_("Sort by"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["body"].queryset = bodies()  # type: ignore[attr-defined]
        orders = [
            ("", _("Name")),
            ("role", _("Role")),
            ("-since", _("Appointed last")),
            ("end", _("Ends first")),
            ("-sign-in", _("Last sign-in, newest first")),
            ("sign-in", _("Last sign-in, oldest first")),
        ]
        self.fields["sort"].choices = with_present(orders, self.data.get("sort", ""))  # type: ignore[attr-defined]

    def wanted(self) -> PeopleFilter:
        """What was asked for, as the selector takes it; without a word on it, people with a role today or later."""
        self.is_valid()
        valid = self.cleaned_data
        return PeopleFilter(
            search=valid.get("q", "").strip(),
            role=valid.get("role", ""),
            body=valid.get("body"),
            status=valid.get("status") or "current",
        )


class ServiceForm(forms.Form):
    """A form whose cleaned values are what a service is called with."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True

    def refuse(self, error: Refused) -> None:
        """Show beside its field why the service refused; above the form where it is about none of them."""
        self.add_error(error.field if error.field in self.fields else None, str(error.message))


class AppointmentForm(ServiceForm):
    """A role for a person who has an account."""

    role = forms.ChoiceField(label=_("Role"), choices=[NOTHING_CHOSEN, *Role.choices])
    body = forms.ModelChoiceField(
        label=_("Implementing body"),
        required=False,
        queryset=ImplementingBody.objects.none(),
        empty_label=pgettext_lazy("body", "None: for the whole plan"),
    )
    start = DateField(label=_("From"))
    end = DateField(label=_("To"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"start": clock.today(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.fields["body"].queryset = bodies()  # type: ignore[attr-defined]
        self.fields["body"].help_text = _("Needed for: %(roles)s.") % {
            "roles": ", ".join(str(role.label) for role in BODY_ROLES)
        }
        self.fields["end"].help_text = _("The last day, included. Leave it empty where it is open.")


class InviteForm(AppointmentForm):
    """A role for a person who may be new: the account is made with it."""

    email = forms.EmailField(
        label=_("E-mail address"),
        max_length=User._meta.get_field("email").max_length,
        help_text=_(
            "The login name. The invitation goes there. An account belongs to one person: "
            "give the person's own address, not one that several people read."
        ),
    )
    name = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=User._meta.get_field("name").max_length,
        help_text=_("The person's name, not that of an office. Needed where the address has no account yet."),
    )
    language = forms.ChoiceField(label=_("Language of e-mails"), choices=settings.LANGUAGES)

    field_order = ["email", "name", "language", "role", "body", "start", "end"]


class EndForm(ServiceForm):
    """Ending an appointment, with the reason."""

    on = DateField(
        label=_("Last day"),
        required=False,
        help_text=_("Included. Leave it empty to end it at once: the rights are gone from the next request on."),
    )
    reason = reason_field()


class DeactivateForm(ServiceForm):
    """Closing an account, with the reason."""

    reason = reason_field()
