"""Writing the record."""

from typing import Any

from django.db import models

from nap_monitor.accounts.models import User
from nap_monitor.lib.audit.models import Event


def record(
    *,
    kind: str,
    subject: models.Model,
    by: User | None,
    label: str = "",
    reason: str = "",
    data: dict[str, Any] | None = None,
) -> Event:
    """Append an event on ``subject``. Call it in the transaction of the change it records.

    ``by`` is nobody where a command or the worker acts. ``label`` names the object for readers after it is gone.
    """
    object_kind = subject._meta.label_lower
    identity = str(subject.pk)
    return Event.objects.create(
        kind=kind,
        sequence=Event.objects.filter(object_kind=object_kind, object_id=identity).count(),
        object_kind=object_kind,
        object_id=identity,
        object_label=(label or str(subject))[:300],
        actor_id=str(by.pk) if by else "",
        actor_label=(f"{by.name} <{by.email}>" if by.name else by.email)[:200] if by else "",
        reason=reason,
        data=data or {},
    )
