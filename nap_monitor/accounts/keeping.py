"""The key of what a browser keeps for a person: what is typed and not saved outlives the session, read by nobody else.

The browser's store is open to whoever sits at the machine; without the key, which only the person's own pages carry, it
holds noise. Another ``SECRET_KEY`` makes what browsers have kept unreadable.
"""

import base64
from dataclasses import dataclass

from django.utils.crypto import salted_hmac

from nap_monitor.accounts.models import User


@dataclass(frozen=True)
class Keeping:
    """``owner`` tells a person's copies from others' without naming anybody; ``key`` is one of AES-256, in base 64."""

    owner: str
    key: str


def keeping_of(user: User) -> Keeping:
    """What the pages of this person carry."""
    owner = salted_hmac("nap_monitor.kept.owner", str(user.pk), algorithm="sha256").hexdigest()[:32]
    key = salted_hmac("nap_monitor.kept.key", str(user.pk), algorithm="sha256").digest()
    return Keeping(owner, base64.b64encode(key).decode())
