"""The forms of handing over and of revoking that."""

import datetime as dt
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from ministries.forms.people import ServiceForm
from ministries.forms.steps import reason_field
from ministries.models.handover import NOTE_LENGTH
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from nap_monitor.lib.forms import DateField


class HandoverForm(ServiceForm):
    """Who succeeds, from which day, and what they should know."""

    email = forms.EmailField(
        label=_("Successor's e-mail address"),
        max_length=User._meta.get_field("email").max_length,
        help_text=_("Somebody of the own body. Who has no account yet gets an invitation there."),
    )
    name = forms.CharField(
        label=_("Successor's name"),
        required=False,
        max_length=User._meta.get_field("name").max_length,
        help_text=_("Needed where the address has no account yet."),
    )
    language = forms.ChoiceField(label=_("Language of e-mails"), choices=settings.LANGUAGES)
    on = DateField(
        label=_("First day of the successor"),
        help_text=_("The predecessor's last day is the day before. Today: the predecessor's rights end at once."),
    )
    note = forms.CharField(
        label=_("Note to the successor"),
        required=False,
        max_length=NOTE_LENGTH,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("What is under way, whom to ask. It goes to the successor by e-mail."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["initial"] = {"on": clock.today() + dt.timedelta(days=1), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)


class RevokeForm(ServiceForm):
    """Revoking a handover, with the reason."""

    reason = reason_field()
