"""allauth's forms without its placeholders, which only repeat the labels and vanish while one types."""

from typing import Any

from allauth.account import forms


class Plain:
    """Mixed into a form of allauth: labels only, help kept."""

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
