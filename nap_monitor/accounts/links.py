"""The one-time link with which a person sets a password: the first one, or another."""

from allauth.account.forms import default_token_generator
from allauth.account.utils import user_pk_to_url_str

from nap_monitor.accounts.models import User
from nap_monitor.lib.mail import absolute_url


def set_password_link(user: User) -> str:
    """The full address, in the person's language, at which ``user`` sets a password.

    It holds until it is used, until the person signs in, and for ``PASSWORD_RESET_TIMEOUT`` seconds at the longest.
    Whoever has it can take the account: send it to the person's own address only.
    """
    return absolute_url(
        "account_reset_password_from_key",
        language=user.language,
        uidb36=user_pk_to_url_str(user),
        key=default_token_generator.make_token(user),
    )
