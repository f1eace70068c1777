"""All that the page of one submission shows to one person."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from ministries import fields, locks, remark_rules, rules, workflow
from ministries.content import content_of
from ministries.content_evidence import KEY as EVIDENCE
from ministries.enums import Lock, Rating, ReminderTo, Role
from ministries.forms.steps import FORMS, ExtendForm
from ministries.rules import Reading
from ministries.selectors import evidence
from ministries.selectors import submissions as selectors
from ministries.selectors.extensions import extensions_of
from ministries.selectors.guidance import guidance_for
from ministries.selectors.remarks import remarks_on
from ministries.selectors.reminder_pages import sent_about
from ministries.selectors.versions import VersionRow, versions_of
from ministries.translations import Translations, attach
from ministries.words import stage_words

if TYPE_CHECKING:
    from ministries.models import Submission
    from nap_monitor.accounts.models import User

#: What the events of a submission are called.
EVENT_LABELS = {
    "save": _("Saved"),
    "sign_off": _("Signed off"),
    "send_back": _("Sent back in the body"),
    "take_back": _("Sign-off taken back"),
    "submit": _("Submitted"),
    "return": pgettext_lazy("event", "Returned"),
    "confirm": _("Confirmed"),
    "reopen": _("Reopened"),
    "extend": _("Due date extended"),
    "end_extension": _("Exception ended"),
    "ask_extension": _("More time asked for"),
    "decline_extension": _("Request for more time declined"),
    "withdraw_request": _("Request for more time taken back"),
    "add_remark": _("Remark written"),
    "answer_remark": _("Remark answered"),
    "widen_remark": _("Remark opened to more readers"),
    "resolve": _("Remark resolved"),
    "open_remark": _("Remark opened again"),
    "add_internal_remark": _("Remark written, coordinators only"),
    "resolve_internal_remark": _("Remark resolved, coordinators only"),
    "open_internal_remark": _("Remark opened again, coordinators only"),
    "add_inside_remark": _("Remark written, inside the body"),
    "resolve_inside_remark": _("Remark resolved, inside the body"),
    "open_inside_remark": _("Remark opened again, inside the body"),
    "rate": _("Rating saved"),
    "assess": _("Rating saved"),
    "translate": _("Translated"),
    "add_file": _("File added"),
    "change_file": _("File changed"),
    "remove_file": _("File removed"),
    "hold_file": _("File kept aside"),
    "discard_file": _("File kept aside discarded"),
    "infected_file": _("Infected file deleted"),
}
#: The icons before them.
EVENT_SIGNS = {
    "save": "save",
    "sign_off": "state-signed-off",
    "send_back": "state-sent-back",
    "take_back": "edit",
    "submit": "state-submitted",
    "return": "state-returned",
    "confirm": "state-confirmed",
    "reopen": "revision",
    **dict.fromkeys(rules.TIME_STEPS, "calendar"),
    **dict.fromkeys(("add_remark", "add_internal_remark", "add_inside_remark", "answer_remark"), "comment"),
    **dict.fromkeys(("open_remark", "open_internal_remark", "open_inside_remark", "widen_remark"), "comment"),
    **dict.fromkeys(("resolve", "resolve_internal_remark", "resolve_inside_remark"), "check"),
    "rate": "save",
    "assess": "save",
}


#: Events that are about a rating: it stands beside what they are called.
RATED = ("rate", "assess")
#: Events that are about one file: its name stands in the place of a reason.
NAMED = ("add_file", "change_file", "remove_file", "infected_file")


@dataclass(frozen=True)
class Entry:
    """A line of the history; ``version`` is the version that the step wrote, where the reader may see it."""

    at: Any
    kind: str
    label: Any
    actor: str
    reason: str
    sign: str
    version: VersionRow | None = None


@dataclass(frozen=True)
class Action:
    """A step that the reader may take: its name, what its button says, and its form."""

    name: str
    label: Any
    form: Any
    is_open: bool

    @property
    def has_questions(self) -> bool:
        """Whether its form asks anything, so that it opens before it is posted."""
        return bool(self.form.visible_fields())

    @property
    def is_primary(self) -> bool:
        """Whether it leads on to the next state; the others go back or aside."""
        return self.name in ("sign_off", "submit")


def submission_page(user: "User", submission: "Submission", bound: dict[str, Any] | None = None) -> dict[str, Any]:
    """What the page shows. ``bound`` holds the posted form of a step that was refused."""
    reading = rules.reading_of(user, submission)
    shows_state = rules.allows(user, "ministries.view_state", submission)
    state = rules.label_for(user, submission)
    why = locks.why_locked(submission, user)
    is_own = reading is Reading.WORKING_COPY
    version = _version(submission, reading)
    remarks, can_remark = remarks_on(user, submission), bool(remark_rules.remark_choices(user, submission))
    versions = {row.id: row for row in versions_of(user, submission)}
    history = [entry_of(event, versions) for event in selectors.history(user, submission)]
    if shows_state:
        history = _with_reminders(history, submission)
    return {
        **frame(submission),
        "submission": submission,
        "reading": reading.name.lower(),
        "version": version,
        "can_compare": bool(versions) and rules.allows(user, "ministries.view_submitted", submission),
        "sections": _sections(submission, reading, version),
        "files": evidence.files_of(user, submission),
        "guidance": guidance_for(submission) if shows_state else "",
        "shows_state": shows_state,
        "state": state,
        "way": workflow.way_of(state) if shows_state else [],
        "is_own": is_own,
        "can_change": why is None,
        "can_review": submission.state == "submitted" and rules.allows(user, "ministries.review_submission"),
        "can_remind": _remind_url(user, submission),
        "can_translate": rules.allows(user, "ministries.translate_submission", submission),
        "why": why if why and why.lock is not Lock.OTHERS else None,
        "why_not_submitted": _why_not_submitted(user, submission) if is_own else None,
        "extensions": extensions_of(submission) if shows_state else [],
        "ask_url": _ask_url(user, submission),
        "may_end_extension": rules.allows(user, "ministries.extend_submission", submission),
        "gaps": fields.gaps(submission) if is_own and why is None else [],
        "remarks": remarks,
        "can_remark": can_remark,
        "remark_url": reverse("ministries:comment_add", args=submission.address) if can_remark else "",
        "remarkable": fields.REMARKABLE,
        "open_inside": sum(each.is_inside and each.resolved_at is None for each in remarks),
        "history": history,
        "last_reason": last_reason(submission, history) if shows_state else None,
        "actions": _actions(user, submission, bound or {}),
        "coordinator_rating": _rating(submission, reading),
        "confirm_fault": _confirm_fault(user, submission),
    }


def _with_reminders(history: list[Entry], submission: "Submission") -> list[Entry]:
    """The history with the reminders that were sent, each to whom by role. Of two at one time the event comes first."""
    sent = [
        Entry(each.at, "remind", _("Reminder sent"), each.by, _sent_to(each.recipients, each.days), "bell")
        for each in sent_about(submission)
    ]
    return sorted([*history, *sent], key=lambda entry: entry.at, reverse=True)


def _sent_to(recipients: Iterable[ReminderTo], days: int | None) -> str:
    told = ", ".join(str(each.label) for each in recipients)
    return told if days is None else f"{told} · {_now('Due date')}: {stage_words(days)}"


def _why_not_submitted(user: "User", submission: "Submission") -> locks.Why | None:
    """Why what is signed off can't be submitted now."""
    return locks.why_not_submitted(submission, user) if submission.state == "signed-off" else None


def frame(submission: "Submission") -> dict[str, Any]:
    """What stands above every page of a submission: the body by its name of the year, and whose the translation is."""
    year = submission.round.year
    return {
        "body_name": submission.assignment.body.name_in(year),
        "unofficial": submission.round.plan.is_unofficial_in((get_language() or "").split("-")[0]),
    }


def _remind_url(user: "User", submission: "Submission") -> str:
    """Where a coordinator reminds of this one, while the body may still submit it."""
    may = rules.allows(user, "ministries.change_reminders")
    if not may or not submission.is_awaited or workflow.period_lock(submission):
        return ""
    body, code = submission.assignment.body.code, submission.assignment.action_plan.code
    send = reverse("ministries:reminder_send", args=[submission.round.plan.number, submission.round.year])
    return f"{send}?{urlencode({'submission': f'{body}:{code}'})}"


def _ask_url(user: "User", submission: "Submission") -> str:
    """Where a body asks for more time for this one, while it still has to submit it."""
    if not submission.is_awaited or not submission.round.is_opened():
        return ""
    if not rules.allows(user, "ministries.ask_extension", submission):
        return ""
    plan, year, body, code = submission.address
    return f"{reverse('ministries:extension_ask', args=[plan, year, body])}?{urlencode({'of': code})}"


def last_reason(submission: "Submission", history: list[Entry]) -> Entry | None:
    """Why it lies with the body again: the newest reason of a return, a reopening or a sending back."""
    if submission.state not in ("draft", "returned"):
        return None
    return next((entry for entry in history if entry.kind in ("return", "reopen", "send_back")), None)


def _version(submission: "Submission", reading: Reading) -> Any:
    """The version that the page shows. The own body reads it too while it lies with the coordinator or is confirmed."""
    if reading is Reading.LAST_CONFIRMED:
        return submission.confirmed_version
    if reading in (Reading.LAST_SUBMITTED, Reading.WORKING_COPY) and submission.state == "confirmed":
        return submission.confirmed_version
    if reading is Reading.LAST_SUBMITTED or (reading is Reading.WORKING_COPY and submission.state == "submitted"):
        return submission.submitted_version
    return None


def _sections(submission: "Submission", reading: Reading, version: Any) -> Any:
    if version is None and reading is not Reading.WORKING_COPY:
        return []
    if version is None:
        sections = content_of(submission)["sections"]
    else:
        sections = version.sections
        attach(sections, Translations.of(submission))  # those too that have come since
    # The files have a list of their own, from which they are opened, each as far as the reader may.
    return [section for section in sections if section["key"] != EVIDENCE]


def version_shown(user: "User", submission: "Submission") -> Any:
    """The version that the page shows this person; nothing for a working copy."""
    return _version(submission, rules.reading_of(user, submission))


def part_about(user: "User", submission: "Submission", name: str) -> list[Any]:
    """The part of what this person reads that a field or a table is: the section with just that."""
    reading = rules.reading_of(user, submission)
    found = []
    for section in _sections(submission, reading, _version(submission, reading)):
        if section["key"] == name:
            found.append(section)
        elif kept := [each for each in section.get("fields") or [] if each["key"] == name]:
            found.append({**section, "fields": kept})
    return found


def _rating(submission: "Submission", reading: Reading) -> Rating | None:
    known = reading is not Reading.NOTHING and submission.confirmed_version_id and submission.coordinator_rating
    return Rating(submission.coordinator_rating) if known else None


def entry_of(event: Any, versions: Mapping[str, VersionRow] | None = None) -> Entry:
    """An event as a line of the history; the person without the address. ``versions``: what the reader sees, by id."""
    actor = event.actor_name
    label, sign = EVENT_LABELS.get(event.kind, event.kind), EVENT_SIGNS.get(event.kind, "")
    if event.kind in RATED:
        label = f"{label}: {Rating(event.data['rating']).label}"
    told = event.data.get("name", "") if event.kind in NAMED else event.reason
    if "comment" in event.data:
        told = str(fields.REMARKABLE.get(event.data.get("field", ""), ""))
    version = (versions or {}).get(event.data.get("version", ""))
    return Entry(event.at, event.kind, label, actor, told, sign, version)


def _actions(user: "User", submission: "Submission", bound: dict[str, Any]) -> list[Action]:
    actions = []
    for step in workflow.steps_for(submission, user):
        if step.name in workflow.REVIEWED:
            continue
        form = bound.get(step.name) or FORMS[step.name](submission=submission, auto_id=f"id_{step.name}_%s")
        label = step.label
        if step.name == "submit" and submission.first_submitted_at:
            label = _("Submit again")
        actions.append(Action(step.name, label, form, step.name in bound))
    # A posted step that is no longer offered still shows what was typed.
    offered = {action.name for action in actions}
    for name, form in bound.items():
        if name not in offered and name in workflow.TRANSITIONS:
            actions.append(Action(name, workflow.TRANSITIONS[name].label, form, True))
    may_extend = rules.allows(user, "ministries.extend_submission", submission)
    if may_extend and (submission.is_awaited or "extend" in bound):
        form = bound.get("extend") or ExtendForm(auto_id="id_extend_%s")
        actions.append(Action("extend", _("Extend"), form, "extend" in bound))
    return actions


def _confirm_fault(user: "User", submission: "Submission") -> Any:
    """Why a coordinator who could otherwise confirm this submission can't."""
    if submission.state != "submitted" or not rules.roles_of(user).has(Role.COORDINATOR):
        return ""
    if rules.allows(user, "ministries.confirm_submission", submission):
        return ""
    return _("You took part in writing this submission, so another coordinator has to confirm it.")
