"""Who reads, writes and settles which review remark: worked out from the table of :mod:`ministries.rules`.

Everything that shows, counts or names a remark goes through :func:`visible_remarks` or :func:`reads_remark`; a test
holds the two against each other.
"""

from typing import TYPE_CHECKING

from django.db.models import F, Q

from ministries.enums import Disclosure, Visibility
from ministries.rules import PERMISSIONS, allows, reaches_all, roles_of

if TYPE_CHECKING:
    from ministries.models import ReviewComment, Submission
    from ministries.rules import Person

#: What the coordinators opened to the body.
FOR_BODY = (Visibility.BODY, Visibility.PANEL)
#: The permission that reads a remark of this visibility. Panel members read those for the panel besides.
REMARK_READERS = {
    Visibility.COORDINATORS: "ministries.view_internal_remark",
    Visibility.BODY: "ministries.view_remark",
    Visibility.PANEL: "ministries.view_remark",
    Visibility.INSIDE: "ministries.view_inside_remark",
}


def visible_remarks(user: "Person") -> Q:
    """The remarks that ``user`` may read, as a filter on ``ReviewComment``: the filter of :func:`reads_remark`.

    The panel reads those on a version no later than the confirmed one, and none where anything of it is restricted.
    """
    roles, seen = roles_of(user), Q(pk__in=[])
    for visibility, permission in REMARK_READERS.items():
        bodies = {body for role in PERMISSIONS[permission] for body in roles.bodies.get(role, ())}
        reach = Q() if reaches_all(roles, permission) else Q(submission__assignment__body_id__in=bodies)
        seen |= Q(visibility=visibility) & reach
    if reaches_all(roles, "ministries.view_panel_remark"):
        seen |= Q(
            visibility=Visibility.PANEL,
            version__is_restricted=False,
            version__number__lte=F("submission__confirmed_version__number"),
            submission__confirmed_version__is_restricted=False,
        ) & ~Q(submission__disclosure=Disclosure.RESTRICTED)
    return seen


def reads_remark(user: "Person", remark: "ReviewComment") -> bool:
    """Whether ``user`` may read this remark: the same answer as :func:`visible_remarks`, for one object."""
    submission, on, confirmed = remark.submission, remark.version, remark.submission.confirmed_version
    if allows(user, REMARK_READERS[Visibility(remark.visibility)], submission):
        return True
    if remark.visibility != Visibility.PANEL or not allows(user, "ministries.view_panel_remark", submission):
        return False
    if on is None or confirmed is None or on.number > confirmed.number:
        return False
    return not (on.is_restricted or _is_restricted(submission))


def _is_restricted(submission: "Submission") -> bool:
    confirmed = submission.confirmed_version
    return submission.disclosure == Disclosure.RESTRICTED or (confirmed is not None and confirmed.is_restricted)


def settles_remark(user: "Person", remark: "ReviewComment") -> bool:
    """Whether ``user`` resolves this remark and opens it again: a coordinator theirs, a body those inside it."""
    inside = remark.visibility == Visibility.INSIDE
    permission = "ministries.remark_inside_body" if inside else "ministries.comment_submission"
    return allows(user, permission, remark.submission)


def answers_remark(user: "Person", remark: "ReviewComment") -> bool:
    """Whether ``user`` may answer this remark: the body one that the coordinators opened to it."""
    is_for_body = remark.visibility in FOR_BODY
    return is_for_body and allows(user, "ministries.answer_remark", remark.submission)


def reads_replies(user: "Person", remark: "ReviewComment") -> bool:
    """Whether ``user`` may read what the body answered: a matter of the body and the coordinators, not of the panel."""
    return allows(user, "ministries.view_remark", remark.submission)


def remark_choices(user: "Person", submission: "Submission") -> list[Visibility]:
    """For whom ``user`` may write a remark on this submission, the narrowest first; empty where for nobody."""
    found = []
    if allows(user, "ministries.comment_submission", submission):
        found = [Visibility.COORDINATORS, Visibility.BODY]
        found += [] if _is_restricted(submission) else [Visibility.PANEL]
    if allows(user, "ministries.remark_inside_body", submission):
        found.append(Visibility.INSIDE)
    return found


def wider(user: "Person", remark: "ReviewComment") -> list[Visibility]:
    """To whom ``user`` may open this remark besides those who read it already. What is inside a body stays there."""
    if remark.visibility == Visibility.INSIDE:
        return []
    known = list(Visibility)
    place = known.index(Visibility(remark.visibility))
    return [
        each
        for each in remark_choices(user, remark.submission)
        if each != Visibility.INSIDE and known.index(each) > place
    ]
