"""Which events of the record who may read: worked out from the table and the steps of :mod:`ministries.rules`.

Every reading of the record goes through :func:`visible_events`, its export too. A kind of object that stands in none of
these lists is read by nobody here, until somebody has thought about it.
"""

from typing import TYPE_CHECKING

from django.db.models import F, Q

from ministries import rules
from ministries.enums import Role

if TYPE_CHECKING:
    from ministries.rules import Person

SUBMISSION, BODY, PERSON = "ministries.submission", "ministries.implementingbody", "accounts.user"
#: What is set for everybody's work: the plan, the years, what is asked.
SETTINGS = (
    "objectives.plan",
    "ministries.round",
    "ministries.guidance",
    "ministries.indicator",
    "ministries.bodyfield",
)
#: What is done to a body as such. The rest of its events are its workbooks: what it does before it submits.
OF_BODIES = ("create", "change", "move", "change_escalation")
#: What coordinators decide beside the submissions (it stays theirs until it is printed), what they are asked,
#: and what they write into the report.
OF_LEAD = (
    "ministries.assessment",
    "ministries.extension",
    "ministries.extensionrequest",
    "reports.edition",
    "reports.reporttext",
    "reports.bestcase",
)
#: The reports that are made. One with a body is an attachment to the body's own approval.
DOCUMENT = "reports.renderjob"


def visible_events(user: "Person") -> Q:
    """The events that ``user`` may read in the record, as a filter on ``Event``.

    An administrator reads of people and settings, and of no submission. A coordinator reads besides what
    ``rules.visible_steps`` tells of a submission to somebody outside the body, and who from outside took its files;
    where the coordinator also reports for a body, all of that body's.
    """
    if not rules.allows(user, "ministries.view_record"):
        return Q(pk__in=[])
    roles = rules.roles_of(user)
    settings = Q(object_kind__in=SETTINGS) | Q(object_kind=BODY, kind__in=OF_BODIES)
    if not roles.has(Role.COORDINATOR):
        # Of exports the own ones: what others looked for may name submissions.
        return (Q(object_kind=PERSON) | settings) & (~Q(kind="export") | Q(actor_id=str(user.pk)))
    steps = (*rules.REVIEW_STEPS, *rules.INTERNAL_STEPS)
    outside = Q(object_kind=SUBMISSION) & (Q(kind__in=steps) | (Q(kind="download") & ~Q(actor_body=F("object_body"))))
    documents = Q(object_kind=DOCUMENT, object_body="")
    seen = Q(object_kind__in=(PERSON, *OF_LEAD)) | settings | outside | documents | Q(object_kind=BODY, kind="export")
    own = _own_codes(roles)
    return seen | Q(object_body__in=own) if own else seen


def _own_codes(roles: rules.Roles) -> list[str]:
    if not roles.own_bodies:
        return []
    from ministries.models import ImplementingBody

    return list(
        ImplementingBody.objects.filter(pk__in=roles.own_bodies).order_by("code").values_list("code", flat=True)
    )
