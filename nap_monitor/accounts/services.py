"""Making accounts, and closing and opening them. Who may do so is decided by the floor that knows the roles."""

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction

from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from nap_monitor.lib.audit.services import record


@transaction.atomic
def create_user(
    *, email: str, by: User | None, name: str = "", language: str | None = None, is_sample: bool = False
) -> User:
    """A new account without a password: its person comes in with a link. Raises ``ValidationError``.

    ``language`` is that of e-mails; by default the installation's.
    """
    user = User(email=email.strip().lower(), name=name.strip(), is_sample=is_sample)
    if language is not None:
        user.language = language
    user.set_unusable_password()
    user.full_clean()
    user.save()
    record(kind="create", subject=user, by=by, label=user.email)
    return user


@transaction.atomic
def deactivate(*, user: User, by: User, reason: str = "") -> bool:
    """Close the account and end its sessions. Tells whether that changed anything."""
    changed = User.objects.filter(pk=user.pk, is_active=True).update(is_active=False)
    user.is_active = False
    end_sessions(user)
    if changed:
        record(kind="deactivate", subject=user, by=by, label=user.email, reason=reason)
    return bool(changed)


@transaction.atomic
def activate(*, user: User, by: User) -> bool:
    """Open a closed account again; its password stays. Tells whether that changed anything."""
    changed = User.objects.filter(pk=user.pk, is_active=False).update(is_active=True)
    user.is_active = True
    if changed:
        record(kind="activate", subject=user, by=by, label=user.email)
    return bool(changed)


def end_sessions(user: User) -> int:
    """Sign the person out everywhere; how many sessions ended.

    A session's owner stands inside its signed data, so all sessions that still hold are read.
    """
    ended = [
        session.session_key
        for session in Session.objects.filter(expire_date__gte=clock.now()).iterator()
        if session.get_decoded().get(SESSION_KEY) == str(user.pk)
    ]
    Session.objects.filter(session_key__in=ended).delete()
    return len(ended)
