"""Who may do what: the one table of role and permission, the same as a predicate and as a ``Q``.

Nothing else in the project decides a permission. Pages, services and templates ask :func:`allows` (through
``user.has_perm``) or filter with :func:`visible_submissions`; a test holds the two against each other. Who reads which
remark and which evidence file is worked out from this table in :mod:`ministries.remark_rules` and
:mod:`ministries.evidence_rules`.
"""

import datetime as dt
import enum
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import F, Model, Q

from ministries.enums import Disclosure, Role, State, StateLabel
from nap_monitor.lib import clock
from nap_monitor.lib.prepared import prepared

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from ministries.models import Handover, Submission, SubmissionVersion
    from nap_monitor.accounts.models import User

    Person = User | AnonymousUser


class Reach(enum.Enum):
    """How far a role's permission reaches."""

    OWN = "own body"
    ALL = "all bodies"


OWN, ALL = Reach.OWN, Reach.ALL
FOCAL, APPROVER, COORDINATOR = Role.FOCAL_POINT, Role.APPROVER, Role.COORDINATOR
PANEL, COMMITTEE, ADMINISTRATOR = Role.PANEL_MEMBER, Role.COMMITTEE_READER, Role.ADMINISTRATOR

EVERY_ROLE = dict.fromkeys(Role, ALL)
BODY = {FOCAL: OWN, APPROVER: OWN}
LEAD = {COORDINATOR: ALL}

PERMISSIONS: dict[str, dict[Role, Reach]] = {
    # the plan
    "objectives.view_plan": EVERY_ROLE,
    "objectives.change_plan": LEAD,
    # a submission, as it is read
    "ministries.view_state": {**BODY, **LEAD},
    "ministries.view_draft": BODY,
    "ministries.view_submitted": {**BODY, **LEAD},
    "ministries.view_confirmed": {FOCAL: ALL, APPROVER: ALL, COORDINATOR: ALL, PANEL: ALL},
    "ministries.view_restricted": {**BODY, **LEAD},
    # a submission, as it is written
    "ministries.change_submission": BODY,
    "ministries.translate_submission": {**BODY, **LEAD},  # a coordinator what was submitted: CONDITIONS
    "ministries.sign_off_submission": BODY,  # a focal point only where no approver is appointed: CONDITIONS
    "ministries.send_back_submission": {APPROVER: OWN},
    "ministries.take_back_submission": BODY,
    "ministries.submit_submission": BODY,
    "ministries.return_submission": LEAD,
    "ministries.confirm_submission": LEAD,  # not by who wrote, signed off or submitted it: CONDITIONS
    "ministries.reopen_submission": LEAD,
    "ministries.extend_submission": LEAD,
    "ministries.ask_extension": BODY,
    # a remark on it
    "ministries.comment_submission": LEAD,  # on what was submitted: CONDITIONS
    "ministries.remark_inside_body": BODY,
    "ministries.answer_remark": BODY,
    "ministries.view_internal_remark": LEAD,
    "ministries.view_remark": {**BODY, **LEAD},
    "ministries.view_panel_remark": {PANEL: ALL},  # on what was confirmed and is not restricted: remark_rules
    "ministries.view_inside_remark": BODY,
    # a decision on it
    "ministries.review_submission": LEAD,
    "ministries.rate_submission": LEAD,  # not by who wrote, signed off or submitted it: CONDITIONS
    "ministries.change_assessment": LEAD,
    "ministries.view_assessment": {FOCAL: ALL, APPROVER: ALL, COORDINATOR: ALL, PANEL: ALL, COMMITTEE: ALL},
    # the work around it
    "ministries.view_overview": LEAD,
    "ministries.change_round": LEAD,
    "ministries.change_reminders": LEAD,  # rules, log, and sending by hand
    "ministries.change_escalation": {COORDINATOR: ALL, APPROVER: OWN},
    "ministries.change_indicator": {**LEAD, **BODY},  # a body those of its own assignment: body_of
    "ministries.change_body_field": BODY,
    "ministries.view_people": {COORDINATOR: ALL, ADMINISTRATOR: ALL},
    "ministries.change_people": {COORDINATOR: ALL, ADMINISTRATOR: ALL},  # nobody the own: CONDITIONS
    "ministries.hand_over": {**BODY, COORDINATOR: ALL, ADMINISTRATOR: ALL},  # whose role: CONDITIONS
    "ministries.view_record": {COORDINATOR: ALL, ADMINISTRATOR: ALL},  # which events: record_rules
    # the reading
    "reports.view_figures": {FOCAL: ALL, APPROVER: ALL, COORDINATOR: ALL, PANEL: ALL, COMMITTEE: ALL},
    "reports.view_draft_report": {FOCAL: ALL, APPROVER: ALL, COORDINATOR: ALL, PANEL: ALL},
    "reports.make_report": LEAD,
    "reports.compose_report": LEAD,
    "reports.issue_edition": LEAD,
    "reports.publish_edition": LEAD,
    "reports.view_edition": EVERY_ROLE,
    "reports.view_approval": BODY,  # what a body prints for its own approval, drafts too; it asks for it as well
}


@dataclass(frozen=True)
class Roles:
    """The roles that a person holds today: by role, the bodies (or nothing, for a role without a body)."""

    bodies: dict[Role, frozenset[int]]

    def has(self, role: Role) -> bool:
        """Whether the person holds this role anywhere."""
        return role in self.bodies

    def in_body(self, role: Role, body_id: int | None) -> bool:
        """Whether the person holds this role in this body."""
        return body_id in self.bodies.get(role, frozenset())

    @property
    def key(self) -> tuple[tuple[str, tuple[int, ...]], ...]:
        """All of it, as what is kept by roles is found."""
        return tuple(sorted((role.value, tuple(sorted(ids))) for role, ids in self.bodies.items()))

    @property
    def own_bodies(self) -> frozenset[int]:
        """The bodies for which the person reports, as focal point or approver."""
        return self.bodies.get(FOCAL, frozenset()) | self.bodies.get(APPROVER, frozenset())


def roles_of(user: "Person") -> Roles:
    """The roles of ``user`` today; read once for each loaded user object."""
    if not user.is_authenticated or not user.is_active:
        return Roles({})
    today = clock.today()
    # Kept on the person, not on the request's wrapper around them: both are asked.
    cached: tuple[dt.date, Roles] | None = getattr(user, "_roles", None)
    if cached and cached[0] == today:
        return cached[1]
    held = prepared(
        ("roles", user.pk, today), lambda: user.appointments.holding(today).order_by().values_list("role", "body_id")
    )
    bodies: dict[Role, set[int]] = {}
    for role, body_id in held.rows():
        bodies.setdefault(Role(role), set()).update({body_id} if body_id else ())
    roles = Roles({role: frozenset(ids) for role, ids in bodies.items()})
    user._roles = (today, roles)  # type: ignore[attr-defined]
    return roles


def forget_roles(user: "Person") -> None:
    """Read the roles of ``user`` anew when they are next asked: after a step that may have changed them."""
    if hasattr(user, "_roles"):
        del user._roles


def body_of(obj: Model | None) -> int | None:
    """The implementing body to which an object belongs, or nothing."""
    if obj is None:
        return None
    name = obj._meta.model_name
    if name == "implementingbody":
        return int(obj.pk)
    if name == "submission":
        return int(obj.assignment.body_id)  # type: ignore[attr-defined]
    if name == "indicator":
        assignment = obj.assignment  # type: ignore[attr-defined]
        return int(assignment.body_id) if assignment else None
    body_id = getattr(obj, "body_id", None)
    return int(body_id) if body_id is not None else None


def allows(user: "Person", permission: str, obj: Model | None = None) -> bool:
    """Whether ``user`` has ``permission``, on ``obj`` where one is given.

    Without an object the question is whether the person has it anywhere. Raises ``KeyError`` for an unknown permission:
    a misspelt rule is a fault of ours and must not read as 'no'.
    """
    grants = PERMISSIONS[permission]
    roles = roles_of(user)
    body_id = body_of(obj)
    granted = any(
        roles.has(role) and (reach is ALL or obj is None or roles.in_body(role, body_id))
        for role, reach in grants.items()
    )
    if not granted or obj is None:
        return granted
    condition = CONDITIONS.get(permission)
    return condition is None or condition(user, roles, obj)


def has_approver(body_id: int | None) -> bool:
    """Whether an approver is appointed in this body today."""
    from ministries.models import Appointment

    return Appointment.objects.holding().filter(role=APPROVER, body_id=body_id, user__is_active=True).exists()


def _may_sign_off(user: "Person", roles: Roles, obj: Any) -> bool:
    """The approver of the body; a focal point where no approver is appointed today."""
    body_id = body_of(obj)
    return roles.in_body(APPROVER, body_id) or not has_approver(body_id)


#: Steps that make somebody an author of a submission.
TAKING_PART = ("save", "add_file", "change_file", "remove_file", "sign_off", "submit")


def took_part(user: "Person", submission: "Submission") -> bool:
    """Whether this person wrote, signed off or submitted it, in any year's step that its record holds."""
    from nap_monitor.lib.audit.models import Event

    return (
        Event.objects.of("ministries.submission", str(submission.pk))
        .filter(actor_id=str(user.pk), kind__in=TAKING_PART)
        .exists()
    )


def _may_confirm(user: "Person", roles: Roles, obj: Any) -> bool:
    """Nobody confirms what they wrote, signed off or submitted themselves."""
    return not took_part(user, obj)


def _may_change_people(user: "Person", roles: Roles, obj: Any) -> bool:
    """Nobody changes the own appointments, nor closes the own account; a role in a body may be handed over."""
    person_id = obj.pk if obj._meta.model_name == "user" else obj.user_id
    return bool(person_id != user.pk)


def _may_hand_over(user: "Person", roles: Roles, obj: Any) -> bool:
    """A role in a body: the own one, an approver also that of a focal point; who changes people, that of others."""
    if obj.role not in (FOCAL, APPROVER):
        return False
    if obj.user_id == user.pk:
        return roles.in_body(obj.role, obj.body_id)
    if obj.role == FOCAL and roles.in_body(APPROVER, obj.body_id):
        return True
    return roles.has(COORDINATOR) or roles.has(ADMINISTRATOR)


def may_revoke(user: "Person", handover: "Handover") -> bool:
    """Whether ``user`` may put back what a handover changed: it changes the appointments of both people."""
    return all(allows(user, "ministries.change_people", each) for each in (handover.giver, handover.receiver))


def _may_translate(user: "Person", roles: Roles, obj: Any) -> bool:
    """The body at any time; a coordinator while the text is settled, for what a body is writing is its own."""
    return body_of(obj) in roles.own_bodies or obj.state in (State.SUBMITTED, State.CONFIRMED)


def _was_submitted(user: "Person", roles: Roles, obj: Any) -> bool:
    """A coordinator remarks on what was submitted, not on what a body is writing."""
    return obj._meta.model_name != "submission" or obj.submitted_version_id is not None


CONDITIONS = {
    "ministries.comment_submission": _was_submitted,
    "ministries.translate_submission": _may_translate,
    "ministries.sign_off_submission": _may_sign_off,
    "ministries.confirm_submission": _may_confirm,
    "ministries.rate_submission": _may_confirm,
    "ministries.change_people": _may_change_people,
    "ministries.hand_over": _may_hand_over,
}


def visible_submissions(user: "Person") -> Q:
    """The submissions of which ``user`` may see anything at all, as a filter on ``Submission``."""
    roles = roles_of(user)
    if reaches_all(roles, "ministries.view_state"):
        return Q()
    seen = Q(assignment__body_id__in=roles.own_bodies)
    if reaches_all(roles, "ministries.view_confirmed"):
        seen |= Q(confirmed_version__is_restricted=False) & ~Q(disclosure=Disclosure.RESTRICTED)
    return seen


def reaches_all(roles: Roles, permission: str) -> bool:
    return any(reach is ALL and roles.has(role) for role, reach in PERMISSIONS[permission].items())


class Reading(enum.Enum):
    """Which text of a submission a person reads."""

    WORKING_COPY = "working copy"
    LAST_SUBMITTED = "last submitted version"
    LAST_CONFIRMED = "last confirmed version"
    STATE_ONLY = "state only"
    NOTHING = "nothing"


def reading_of(user: "Person", submission: "Submission") -> Reading:
    """What ``user`` reads of ``submission``: the same answer as :func:`visible_submissions`, for one object."""
    if allows(user, "ministries.view_draft", submission):
        return Reading.WORKING_COPY
    if allows(user, "ministries.view_submitted", submission):
        return Reading.LAST_SUBMITTED if submission.submitted_version_id else Reading.STATE_ONLY
    version = submission.confirmed_version
    if version is None or not allows(user, "ministries.view_confirmed", submission):
        return Reading.NOTHING
    hidden = version.is_restricted or submission.disclosure == Disclosure.RESTRICTED
    if hidden and not allows(user, "ministries.view_restricted", submission):
        return Reading.NOTHING
    return Reading.LAST_CONFIRMED


def visible_versions(user: "Person") -> Q:
    """The versions that ``user`` may read, as a filter on ``SubmissionVersion``: the filter of :func:`reads_version`.

    The own body and coordinators read every version; everybody else the last confirmed one, as long as neither it nor
    what the body has said since is restricted. No earlier version opens with it.
    """
    roles = roles_of(user)
    if reaches_all(roles, "ministries.view_submitted"):
        return Q()
    seen = Q(submission__assignment__body_id__in=roles.own_bodies)
    if reaches_all(roles, "ministries.view_confirmed"):
        is_last = Q(submission__confirmed_version=F("pk"), is_restricted=False)
        seen |= is_last & ~Q(submission__disclosure=Disclosure.RESTRICTED)
    return seen


def reads_version(user: "Person", version: "SubmissionVersion") -> bool:
    """Whether ``user`` may read this version: the same answer as :func:`visible_versions`, for one object."""
    submission = version.submission
    if allows(user, "ministries.view_submitted", submission):
        return True
    is_last = submission.confirmed_version_id == version.pk
    return is_last and reading_of(user, submission) is Reading.LAST_CONFIRMED


def label_for(user: "Person", submission: "Submission") -> StateLabel:
    """What its state is called for this reader: that a draft was sent back inside its body is the body's own matter."""
    label = submission.label
    if label is StateLabel.SENT_BACK and not allows(user, "ministries.view_draft", submission):
        return StateLabel.DRAFT
    return label


#: The steps of which each reader sees the record. What happens inside a body stays there.
PUBLIC_STEPS = ("confirm",)
REMARK_STEPS = ("add_remark", "resolve", "open_remark", "widen_remark", "answer_remark")
TIME_STEPS = ("extend", "end_extension", "ask_extension", "decline_extension", "withdraw_request")
REVIEW_STEPS = ("submit", "return", "confirm", "reopen", "create", *TIME_STEPS, *REMARK_STEPS)
#: What coordinators remark and rate among themselves; no body learns that they did. Remarks inside a body have kinds of
#: their own too (``add_inside_remark`` and so on): only those who read all of the body's record read them.
INTERNAL_STEPS = ("rate", "add_internal_remark", "resolve_internal_remark", "open_internal_remark")


def visible_steps(user: "Person", submission: "Submission") -> Q:
    """The events of a submission that ``user`` may read, as a filter on ``Event``."""
    reading, is_lead = reading_of(user, submission), allows(user, "ministries.view_internal_remark", submission)
    if reading is Reading.WORKING_COPY:
        return Q() if is_lead else ~Q(kind__in=INTERNAL_STEPS)
    if reading in (Reading.LAST_SUBMITTED, Reading.STATE_ONLY):
        return Q(kind__in=(*REVIEW_STEPS, *INTERNAL_STEPS) if is_lead else REVIEW_STEPS)
    return Q(kind__in=PUBLIC_STEPS if reading is Reading.LAST_CONFIRMED else ())
