"""What allauth's forms must ask here beyond their own, and without its placeholders, which only repeat the labels."""

from typing import Any

from allauth.account import forms
from allauth.account.adapter import get_adapter
from django.forms import ModelForm

from nap_monitor.accounts.models import User


class Plain:
    """Mixed into a form of allauth: a placeholder says the same as the label and vanishes while one types."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():  # type: ignore[attr-defined]
            field.widget.attrs.pop("placeholder", None)


class LoginForm(Plain, forms.LoginForm):  # type: ignore[misc]
    """Signing in. The way to a new password is offered below the form, not between its two fields."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["password"].help_text = ""


class ResetPasswordForm(Plain, forms.ResetPasswordForm):  # type: ignore[misc]
    """Asking for a link to set a new password."""


class ResetPasswordKeyForm(Plain, forms.ResetPasswordKeyForm):  # type: ignore[misc]
    """Setting a password by that link."""


class ChangePasswordForm(Plain, forms.ChangePasswordForm):  # type: ignore[misc]
    """Changing the password of who is signed in."""


class ActiveUserTokenForm(forms.UserTokenForm):  # type: ignore[misc]
    """The link to set a password is dead for a deactivated account as well."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if not self.reset_user.is_active:
            raise get_adapter().validation_error("invalid_password_reset")
        return cleaned


class DetailsForm(ModelForm[User]):
    """What a person says of themselves: the name that stands in documents, and the language of e-mails."""

    class Meta:
        model = User
        fields = ("name", "language")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = True
        self.fields["name"].widget.attrs["autocomplete"] = "name"
