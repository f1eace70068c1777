"""Writing the record."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import models

from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from nap_monitor.lib.audit.models import Event


@dataclass(frozen=True)
class Circumstances:
    """What is known of an event by whoever knows roles and bodies: as text, since the event outlives them."""

    role: str = ""
    actor_body: str = ""
    object_body: str = ""


#: Gives the circumstances of an event of this kind on this subject by this person, with these details.
Describe = Callable[[str, models.Model, "User | None", Mapping[str, Any]], Circumstances]


def _unknown(kind: str, subject: models.Model, by: User | None, data: Mapping[str, Any]) -> Circumstances:
    return Circumstances()


_describing: list[Describe] = [_unknown]


def describe_with(describe: Describe) -> None:
    """Ask ``describe`` for the circumstances of every event. The floor that knows the roles calls this as it starts."""
    _describing[0] = describe


#: Does what follows from an event on this subject by this person, in the same transaction.
Follow = Callable[[Event, models.Model, "User | None"], None]


def _nothing(event: Event, subject: models.Model, by: User | None) -> None:
    pass


_following: list[Follow] = [_nothing]


def follow_with(follow: Follow) -> None:
    """Call ``follow`` after every event on an object. The floor that tells people of events calls this as it starts."""
    _following[0] = follow


def record(
    *,
    kind: str,
    subject: models.Model,
    by: User | None,
    label: str = "",
    reason: str = "",
    data: dict[str, Any] | None = None,
    states: tuple[str, str] = ("", ""),
    version: int | None = None,
) -> Event:
    """Append an event on ``subject``. Call it in the transaction of the change it records.

    ``by`` is nobody where a command or the worker acts. ``label`` names the object for readers after it is gone;
    without one it is the object's ``record_label``, else its usual name.
    ``states`` are those before and after, ``version`` is the number of the version that was written. ``data`` says
    what changed as ``before`` and ``after``, each by name. The acting role and the bodies are filled in here.
    """
    known = _describing[0](kind, subject, by, data or {})
    event = _append(
        kind=kind,
        object_kind=subject._meta.label_lower,
        object_id=str(subject.pk),
        object_label=label or getattr(subject, "record_label", "") or str(subject),
        object_body=known.object_body,
        by=by,
        actor_role=known.role,
        actor_body=known.actor_body,
        from_state=states[0],
        to_state=states[1],
        version=version,
        reason=reason,
        data=data or {},
    )
    _following[0](event, subject, by)
    return event


def record_export(
    *, subject: models.Model, by: User, what: str, form: str, label: str = "", data: dict[str, Any] | None = None
) -> Event:
    """Put on record that somebody took a list out of the program: the one way for every export.

    ``subject`` is what the list is about (a round, a body; for a list about nothing in particular, the person).
    ``what`` names the list (``overview``, ``record``), ``form`` is that of the file (``xlsx``, ``csv``, ``pdf``);
    ``data`` says more: the filters, how many rows. A GET that answers with the file calls this, and nothing else that
    writes; ``tests.page_lists.RECORDED`` names its address (docs/decisions/0023-record.md).
    """
    return record(kind="export", subject=subject, by=by, label=label, data={"what": what, "form": form, **(data or {})})


def record_stranger(*, kind: str, object_kind: str, data: dict[str, Any]) -> Event:
    """Append an event about somebody or something that is unknown here, such as a sign-in without an account."""
    return _append(kind=kind, object_kind=object_kind, object_id="", object_label="", by=None, reason="", data=data)


def _append(*, by: User | None, object_kind: str, object_id: str, object_label: str, **facts: Any) -> Event:
    at = clock.now()
    # The order among events of one moment: one more than the last one of the object that is not later. By the index
    # of objects that is one row, however long the history.
    last = Event.objects.of(object_kind, object_id).filter(at__lte=at).reverse().values_list("sequence", flat=True)
    before = last.first()
    return Event.objects.create(
        at=at,
        sequence=0 if before is None else before + 1,
        object_kind=object_kind,
        object_id=object_id,
        object_label=object_label[:300],
        actor_id=str(by.pk) if by else "",
        actor_label=by.record_label[:200] if by else "",
        **facts,
    )
