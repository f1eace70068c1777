"""The content of what a body attaches to its approval document: its submissions of a round as they stand, or one."""

import datetime as dt
from typing import Any

from django.utils import timezone

from ministries.content import content_of
from ministries.content_parts import in_all_languages
from ministries.enums import Rating, State, StateLabel
from ministries.models import ImplementingBody, Round, Submission, SubmissionVersion
from ministries.selectors.contents import read_with_content
from ministries.translations import Translations, attach
from objectives.models.item import PlanItem
from reports.selectors.summary import body_of, head_of

#: Raise this when the shape changes; a kept content must still be printed as it was.
SCHEMA = 1
#: How a submission is printed that is not printed from a version.
DRAFT, SIGNED_OFF = "draft", "signed-off"

Content = dict[str, Any]


def approval_content(round: Round, body: ImplementingBody, *, narrowed_to: str = "") -> Content:
    """The submissions of ``body`` in ``round``: all, those in one state, or that of one action plan.

    ``narrowed_to`` is a state's label or an action plan's number; what fits nothing gives no submissions. Printed is
    the version that was submitted or confirmed, and the working copy where the body is at work. Without clock time, and
    with the same number of queries for any number of submissions.
    """
    found = Submission.objects.filter(round=round, assignment__body=body)
    by_state = narrowed_to in StateLabel.values
    if narrowed_to and not by_state:
        found = found.filter(assignment__action_plan__code=narrowed_to)
    submissions = read_with_content(found.order_by("assignment__action_plan__order", "assignment__order"))
    if by_state:
        submissions = [each for each in submissions if each.label == narrowed_to]
    return {
        **head_of(round, kind="approval", schema=SCHEMA),
        "body": body.code,
        "bodies": [body_of(body.code, body.named_on(dt.date(round.year, 12, 31)))],
        "scale": [{"code": rating.value, "label": in_all_languages(rating.label)} for rating in Rating],
        "narrowed_to": narrowed_to,
        "submissions": [_entry(submission) for submission in submissions],
    }


def version_printed(submission: Submission) -> SubmissionVersion | None:
    """The version that is printed; none while the body is at work."""
    by_state = {State.SUBMITTED: submission.submitted_version, State.CONFIRMED: submission.confirmed_version}
    return by_state.get(State(submission.state))


def _entry(submission: Submission) -> Content:
    version = version_printed(submission)
    action_plan = submission.assignment.action_plan
    strategy = action_plan.strategy
    copy = SIGNED_OFF if submission.state == State.SIGNED_OFF else DRAFT
    return {
        **_item(action_plan),
        "area": _item(strategy.objective.area),
        "objective": _item(strategy.objective),
        "strategy": _item(strategy),
        "state": {"code": submission.label.value, "label": in_all_languages(submission.label.label)},
        "copy": "" if version else copy,
        "version": _version(version) if version else None,
        "sections": _sections(submission, version),
    }


def _sections(submission: Submission, version: SubmissionVersion | None) -> list[Content]:
    if version is None:
        working_copy: list[Content] = content_of(submission)["sections"]
        return working_copy
    sections = version.sections
    attach(sections, Translations.of(submission))
    return sections


def _version(version: SubmissionVersion) -> Content:
    written_on = timezone.localtime(version.written_at).date()
    return {"number": version.number, "sha256": version.sha256, "written_on": written_on.isoformat()}


def _item(item: PlanItem) -> Content:
    return {"code": item.code, "title": dict(item.title)}
