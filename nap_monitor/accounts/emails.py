"""E-mails about the account itself."""

from nap_monitor.accounts.links import set_password_link
from nap_monitor.accounts.models import User
from nap_monitor.lib.mail import Mail, email, write


@email
def password_reset(user_id: str) -> Mail | None:
    """The link to set a new password; nothing for an account that has been deactivated meanwhile."""
    user = User.objects.filter(pk=user_id, is_active=True).first()
    if user is None:
        return None
    context = {"user": user, "link": set_password_link(user)}
    return write("password_reset", to=user.email, language=user.language, context=context)
