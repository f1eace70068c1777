"""Reading notices: how many are unread, and the notices with all that a line of the list shows."""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from ministries.models import Notice
from ministries.models.notice import NoticeQuerySet
from ministries.notice_rules import has_notices
from ministries.rules import roles_of
from nap_monitor.lib.audit.models import Event
from nap_monitor.lib.prepared import number_of, prepared

if TYPE_CHECKING:
    from ministries.rules import Person


def unread_number(user: "Person") -> int | None:
    """How many notices ``user`` has not read; nothing for who is never told any. One query."""
    if not has_notices(user):
        return None
    key = ("unread", user.pk, roles_of(user).key)
    query = prepared(key, lambda: Notice.objects.visible_to(user).unread().order_by().values_list(number_of()))
    return int(query.rows()[0][0])


def notices_of(user: "Person", *, unread: bool = False) -> NoticeQuerySet:
    """The notices of ``user``, newest first, with what they are about."""
    found = (
        Notice.objects.visible_to(user)
        .select_related("body", "round__plan", "submission__round__plan", "submission__assignment__body")
        .select_related("submission__assignment__action_plan")
        .prefetch_related("body__names")
        .order_by("-at", "-id")
    )
    return found.unread() if unread else found


def events_of(notices: Iterable[Notice]) -> dict[object, Event]:
    """The events that these notices tell of, by their ids. One query."""
    found: dict[object, Event] = Event.objects.in_bulk([notice.event for notice in notices])
    return found
