"""Making accounts, and closing and opening them. Who may do so is decided by the floor that knows the roles."""

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.models import Session
from django.db import transaction
from django.utils.crypto import salted_hmac

from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from nap_monitor.lib.audit.services import record, record_stranger


@transaction.atomic
def create_user(
    *, email: str, by: User | None, name: str = "", language: str | None = None, is_sample: bool = False
) -> User:
    """A new account without a password: its person comes in with a link. Raises ``ValidationError``.

    ``language`` is that of e-mails; by default the installation's.
    """
    user = User(email=email.strip().lower(), name=_one_line(name), is_sample=is_sample)
    if language is not None:
        user.language = language
    user.set_unusable_password()
    user.full_clean()
    user.save()
    record(kind="create", subject=user, by=by, data={"after": {"name": user.name, "language": user.language}})
    return user


@transaction.atomic
def change_details(*, user: User, by: User, name: str, language: str) -> bool:
    """What pages and documents call the person, and the language of their e-mails. Tells whether that changed anything.

    Raises ``ValidationError`` where one of them can't be used.
    """
    locked = User.objects.select_for_update().get(pk=user.pk)
    new = {"name": _one_line(name), "language": language}
    before = {field: getattr(locked, field) for field in new if getattr(locked, field) != new[field]}
    if not before:
        return False
    for field in before:
        setattr(locked, field, new[field])
    locked.full_clean()
    locked.save(update_fields=list(before))
    after = {field: new[field] for field in before}
    record(kind="details", subject=locked, by=by, data={"before": before, "after": after})
    return True


@transaction.atomic
def deactivate(*, user: User, by: User, reason: str = "") -> bool:
    """Close the account and end its sessions. Tells whether that changed anything."""
    changed = User.objects.filter(pk=user.pk, is_active=True).update(is_active=False)
    user.is_active = False
    end_sessions(user)
    if changed:
        record(kind="deactivate", subject=user, by=by, reason=reason, data=_switched(False))
    return bool(changed)


@transaction.atomic
def activate(*, user: User, by: User) -> bool:
    """Open a closed account again; its password stays. Tells whether that changed anything."""
    changed = User.objects.filter(pk=user.pk, is_active=False).update(is_active=True)
    user.is_active = True
    if changed:
        record(kind="activate", subject=user, by=by, data=_switched(True))
    return bool(changed)


def record_visit(*, user: User, kind: str) -> None:
    """Put on record what somebody did at the door: ``sign_in``, ``sign_out``, ``change_password``, ``reset_password``.

    Neither the password nor the machine's address is kept.
    """
    record(kind=kind, subject=user, by=user)


def record_failed_sign_in(*, address: str) -> None:
    """Put a refused sign-in on record: on the account where there is one of this address, with nobody as its actor.

    Where there is none, what was typed may be anything, a password in the wrong field too. So only a keyed hash stays,
    which tells whether the same was typed again and nothing else.
    """
    typed = address.strip().lower()
    user = User.objects.filter(email=typed).first()
    if user is not None:
        record(kind="failed_sign_in", subject=user, by=None)
        return
    digest = salted_hmac("nap_monitor.failed_sign_in", typed, algorithm="sha256").hexdigest()[:16]
    record_stranger(kind="failed_sign_in", object_kind="accounts.user", data={"typed": digest})


def _one_line(name: str) -> str:
    """A name stands in the first line of e-mails: no form of ours sends line breaks, but other programs may."""
    return " ".join(name.split())


def _switched(on: bool) -> dict[str, dict[str, bool]]:
    return {"before": {"is_active": not on}, "after": {"is_active": on}}


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
