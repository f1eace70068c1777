"""Reading handovers: what one may hand over, what was handed over, which work is open."""

from dataclasses import dataclass

from django.db.models import Q, QuerySet

from ministries import rules
from ministries.enums import AWAITED, BODY_ROLES, Role, State
from ministries.models import Appointment, Handover, ImplementingBody, ReviewComment, Submission
from ministries.remark_rules import FOR_BODY
from nap_monitor.accounts.models import User


@dataclass(frozen=True)
class OpenWork:
    """What a body still has to do: reports awaited (of these returned ones), reports under review, open remarks."""

    awaited: list[Submission]
    returned: int
    under_review: int
    open_remarks: int | None


def open_work(body: ImplementingBody, reader: "rules.Person | None" = None) -> OpenWork:
    """The open work of a body in all rounds, the most urgent first.

    Of remarks those that coordinators opened to the body; ``None``, and not 0, where a ``reader`` is given who reads
    none.
    """
    submissions = (
        Submission.objects.filter(assignment__body=body)
        .select_related("round__plan", "assignment__body", "assignment__action_plan")
        .order_by("round__due_date", "assignment__action_plan__order")
    )
    awaited = [each for each in submissions if each.state in AWAITED]
    remarks = ReviewComment.objects.open().filter(submission__assignment__body=body, visibility__in=FOR_BODY)
    is_told = reader is None or rules.allows(reader, "ministries.view_remark", body)
    return OpenWork(
        awaited=awaited,
        returned=sum(each.state == State.RETURNED for each in awaited),
        under_review=sum(each.state == State.SUBMITTED for each in submissions),
        open_remarks=remarks.count() if is_told else None,
    )


def to_hand_over(user: "rules.Person") -> list[Appointment]:
    """The appointments that ``user`` may hand over in the own bodies: the own ones, and an approver's focal points'."""
    roles = rules.roles_of(user)
    held = Q(user=user, body__in=roles.own_bodies)
    of_focal_points = Q(role=Role.FOCAL_POINT, body__in=roles.bodies.get(Role.APPROVER, frozenset()))
    found = (
        Appointment.objects.holding()
        .filter(held | of_focal_points, role__in=BODY_ROLES)
        .select_related("user", "body")
        .prefetch_related("body__names")
        .order_by("body__order", "role", "user__name", "user__email")
    )
    return [each for each in found if rules.allows(user, "ministries.hand_over", each)]


def handovers_of(user: User) -> QuerySet[Handover]:
    """What this person gave and received, newest first."""
    return _whole().filter(Q(giver=user) | Q(receiver=user))


def handovers_in(bodies: frozenset[int]) -> QuerySet[Handover]:
    """What was handed over in these bodies, newest first."""
    return _whole().filter(body__in=bodies)


def find_for_mail(handover_id: str) -> Handover | None:
    """A handover as an e-mail needs it; nothing where it is gone."""
    return _whole().filter(pk=handover_id).first()


def _whole() -> QuerySet[Handover]:
    return Handover.objects.select_related("giver", "receiver", "made_by", "revoked_by", "body").prefetch_related(
        "body__names"
    )
