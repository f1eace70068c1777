"""Whom a notice tells, and who may still see it: worked out from the table of :mod:`ministries.rules`.

A remark of the coordinators among themselves has no kind here, so nobody is told of it.
"""

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db.models import Q

from ministries.enums import NoticeKind
from ministries.rules import PERMISSIONS, allows, roles_of

if TYPE_CHECKING:
    from ministries.rules import Person

#: The permissions whose holders are told: in the body whose matter it is, and of all bodies.
IN_BODY, OF_ALL = "ministries.change_submission", "ministries.review_submission"
#: What the people of a body are told.
FOR_BODY = (
    NoticeKind.SEND_BACK,
    NoticeKind.RETURN,
    NoticeKind.CONFIRM,
    NoticeKind.REOPEN,
    NoticeKind.REMARK,
    NoticeKind.INSIDE_REMARK,
    NoticeKind.EXTEND,
    NoticeKind.END_EXTENSION,
    NoticeKind.DECLINE,
    NoticeKind.HAND_OVER,
    NoticeKind.REVOKE_HANDOVER,
    NoticeKind.CHANGE_DATES,
    NoticeKind.CLOSE_ROUND,
    NoticeKind.REOPEN_ROUND,
)
#: What coordinators are told.
FOR_LEAD = (
    NoticeKind.SUBMIT,
    NoticeKind.SUBMIT_AGAIN,
    NoticeKind.ANSWER,
    NoticeKind.ASK_EXTENSION,
    NoticeKind.HAND_OVER,
    NoticeKind.REVOKE_HANDOVER,
)


def told(kind: NoticeKind, bodies: Collection[int]) -> Q:
    """Who is told of this in these bodies, as a filter on ``Appointment``."""
    found = Q(pk__in=[])
    if kind in FOR_BODY:
        found |= Q(role__in=list(PERMISSIONS[IN_BODY]), body_id__in=bodies)
    if kind in FOR_LEAD:
        found |= Q(role__in=list(PERMISSIONS[OF_ALL]))
    return found


def has_notices(user: "Person") -> bool:
    """Whether a person of these roles is told anything at all."""
    return allows(user, IN_BODY) or allows(user, OF_ALL)


def visible_notices(user: "Person") -> Q:
    """The notices of ``user`` about what ``user`` may see today, as a filter on ``Notice``.

    With a role go its notices: what one may not see, one does not hear of either.
    """
    if not has_notices(user):
        return Q(pk__in=[])
    seen = Q(kind__in=FOR_BODY, body_id__in=roles_of(user).own_bodies)
    if allows(user, OF_ALL):
        seen |= Q(kind__in=FOR_LEAD)
    return Q(person_id=user.pk) & seen
