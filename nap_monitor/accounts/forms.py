"""What allauth's forms must ask here beyond their own."""

from typing import Any

from allauth.account.adapter import get_adapter
from allauth.account.forms import UserTokenForm


class ActiveUserTokenForm(UserTokenForm):  # type: ignore[misc]
    """The link to set a password is dead for a deactivated account as well."""

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean()
        if not self.reset_user.is_active:
            raise get_adapter().validation_error("invalid_password_reset")
        return cleaned
