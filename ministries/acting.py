"""Under which role somebody acted, and whose matter it was: what each event of the record says as text."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from django.db.models import Model

from ministries import rules
from ministries.enums import BODY_ROLES, Role
from nap_monitor.lib.audit.services import Circumstances

if TYPE_CHECKING:
    from nap_monitor.accounts.models import User

FOCAL, APPROVER = Role.FOCAL_POINT, Role.APPROVER
COORDINATOR, ADMINISTRATOR = Role.COORDINATOR, Role.ADMINISTRATOR

#: Asking for more time, and the answer.
ON_TIME = {
    "ask_extension": "ministries.ask_extension",
    "withdraw_request": "ministries.ask_extension",
    "decline_extension": "ministries.extend_submission",
}
#: The permission that an event of this kind needs, by the kind of its object. Where several roles give it, the first of
#: :func:`_candidates` acted; where nothing stands here, any role counts.
PERMISSIONS: dict[str, dict[str, str]] = {
    "ministries.submission": {
        "save": "ministries.change_submission",
        "add_file": "ministries.change_submission",
        "hold_file": "ministries.change_submission",
        "change_file": "ministries.change_submission",
        "remove_file": "ministries.change_submission",
        "discard_file": "ministries.change_submission",
        "sign_off": "ministries.sign_off_submission",
        "send_back": "ministries.send_back_submission",
        "take_back": "ministries.take_back_submission",
        "submit": "ministries.submit_submission",
        "return": "ministries.return_submission",
        "confirm": "ministries.confirm_submission",
        "reopen": "ministries.reopen_submission",
        "extend": "ministries.extend_submission",
        **ON_TIME,
        "resolve": "ministries.comment_submission",
        "translate": "ministries.translate_submission",
    },
    "ministries.extensionrequest": ON_TIME,
    "ministries.round": {"": "ministries.change_round"},
    "ministries.guidance": {"": "ministries.change_round"},
    "ministries.indicator": {"": "ministries.change_indicator"},
    "ministries.bodyfield": {"": "ministries.change_body_field"},
    "objectives.plan": {"": "objectives.change_plan"},
    "accounts.user": {
        "hand_over": "ministries.hand_over",
        "revoke_handover": "ministries.hand_over",
        **dict.fromkeys(
            ("create", "appoint", "end", "withdraw", "invite", "deactivate", "activate"), "ministries.change_people"
        ),
    },
}
#: What people do with their own account needs no role.
OF_ONESELF = ("details", "sign_in", "sign_out", "change_password", "reset_password", "failed_sign_in")
#: Steps of the approver, whatever else the person holds in the body.
OF_APPROVERS = ("sign_off", "send_back")


def circumstances(kind: str, subject: Model, by: "User | None", data: Mapping[str, Any]) -> Circumstances:
    """The acting role with its body, and the body of the object, by their codes."""
    body = body_code_of(subject)
    if not body and subject._meta.label_lower == "accounts.user":
        body = str(data.get("body") or "")  # an appointment is an event of the person
    if by is None or kind in OF_ONESELF:
        return Circumstances(object_body=body)
    role = acting_role(kind, subject, by)
    return Circumstances(role or "", _actor_body(role, subject, by, body), body)


def acting_role(kind: str, subject: Model, by: "User") -> Role | None:
    """The role under which ``by`` may do this; nothing for somebody who holds none that fits."""
    kinds = PERMISSIONS.get(subject._meta.label_lower, {})
    permission = kinds.get(kind, "" if kind == "export" else kinds.get("", ""))
    return next(_candidates(kind, permission, by, rules.body_of(_holder(subject))), None)


def _candidates(kind: str, permission: str, by: "User", body_id: int | None) -> Iterator[Role]:
    """Roles of the object's own body first, then those of the whole plan, then those of other bodies."""
    roles = rules.roles_of(by)
    grants = rules.PERMISSIONS[permission] if permission else rules.EVERY_ROLE
    own = (APPROVER, FOCAL) if kind in OF_APPROVERS else (FOCAL, APPROVER)
    yield from (role for role in own if role in grants and roles.in_body(role, body_id))
    for role in (COORDINATOR, ADMINISTRATOR, FOCAL, APPROVER, Role.PANEL_MEMBER, Role.COMMITTEE_READER):
        if roles.has(role) and grants.get(role) is rules.ALL:
            yield role


def body_code_of(subject: Model) -> str:
    """The code of the body to which an object belongs; empty where it belongs to none."""
    holder = _holder(subject)
    name = holder._meta.model_name
    if name == "implementingbody":
        return str(holder.code)
    if name in ("submission", "indicator"):
        assignment = holder.assignment
        return str(assignment.body.code) if assignment else ""
    known = getattr(holder, "record_body", None)
    if known is not None:
        return str(known)
    body = getattr(holder, "body", None)
    return str(body.code) if body is not None and hasattr(body, "code") else ""


def _holder(subject: Model) -> Any:
    """A part of a submission belongs where the submission does."""
    submission = getattr(subject, "submission", None)
    return submission if isinstance(submission, Model) else subject


def _actor_body(role: Role | None, subject: Model, by: "User", object_body: str) -> str:
    if role not in BODY_ROLES:
        return ""
    roles = rules.roles_of(by)
    if object_body and roles.in_body(role, rules.body_of(_holder(subject))):
        return object_body
    # Once for each loaded user object: a step in bulk writes many events.
    codes: dict[frozenset[int], str] = by.__dict__.setdefault("_body_codes", {})
    held = roles.bodies.get(role, frozenset())
    if held not in codes:
        from ministries.models import ImplementingBody

        found = ImplementingBody.objects.filter(pk__in=held).order_by("code").values_list("code", flat=True)
        codes[held] = ", ".join(found)[:40]
    return codes[held]
