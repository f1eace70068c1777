"""Saving what a body writes. Each change comes with the value it started from, so that nothing is overwritten."""

import datetime as dt
from collections.abc import Mapping, Sequence

from django.db import transaction

from ministries import rules, workflow
from ministries.enums import Role
from ministries.fields import BY_NAME
from ministries.models import Submission
from ministries.services.changes import Change, Conflict, InvalidRowError, RowChange, SaveResult, check_lengths, merge
from ministries.services.remarks import save_remarks
from ministries.services.rows import ACTIVITIES, BODY_FIELDS, BUDGET, INDICATORS, save_answers, save_rows
from ministries.services.save_record import record_save, saves_of, told
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock

__all__ = ["Change", "Conflict", "InvalidRowError", "RowChange", "SaveResult", "save_submission"]


@transaction.atomic
def save_submission(
    *,
    submission: Submission,
    by: User,
    changes: Mapping[str, Change],
    activities: Sequence[RowChange] = (),
    budget: Sequence[RowChange] = (),
    indicators: Sequence[RowChange] = (),
    body_fields: Sequence[RowChange] = (),
    remarks: Mapping[str, Change] | None = None,
    token: str = "",
    by_itself: bool = False,
) -> SaveResult:
    """Save the changed fields and rows whose stored value is still the one that the writer started from.

    The others come back as conflicts. ``remarks`` answer warnings, by the warning's key. ``token`` names the page that
    was posted: the same page posted again (a double click) adds no line twice; another text in it (written after the
    browser's 'back') is compared as ever. A page that saves ``by_itself`` while somebody types gives new rows a
    ``client_key``, and says with each change what it has ``sent`` without an answer: then nothing is saved twice, and
    nobody is in conflict with oneself. It leaves one event for a stretch of typing.

    Raises ``NotPermitted`` or ``WrongState`` where the submission can't be edited, ``ValidationError`` where a value
    breaks a rule of the model (``InvalidRowError`` names its row); then nothing is saved.
    """
    # First the lock, then the reading: who waited for a closing of the round must see it closed.
    Submission.objects.select_for_update().values_list("pk").get(pk=submission.pk)
    locked = Submission.objects.select_related("round__plan", "assignment__body", "assignment__action_plan").get(
        pk=submission.pk
    )
    last = locked.updated_at
    is_repeated = bool(token) and saves_of(locked).filter(data__token=token).exists()
    workflow.require_editable(locked, by)
    result = SaveResult()
    merge(locked, changes, result, allowed=BY_NAME)
    save_rows(ACTIVITIES, locked, activities, result, is_repeated=is_repeated)
    save_rows(BUDGET, locked, budget, result, is_repeated=is_repeated)
    save_answers(INDICATORS, locked, indicators, result)
    save_answers(BODY_FIELDS, locked, body_fields, result)
    save_remarks(locked, by, remarks or {}, result)
    if result.saved:
        _touch(locked, by)
        record_save(locked, by, result.saved, token=token, by_itself=by_itself)
    if result.conflicts:
        result.other, result.at = _last_save(locked, by)
        result.conflicts = told(locked, by, result.conflicts, last)
    return result


def _touch(submission: Submission, by: User) -> None:
    submission.updated_at = clock.now()
    submission.started_at = submission.started_at or submission.updated_at
    if rules.roles_of(by).in_body(Role.FOCAL_POINT, submission.assignment.body_id):
        # An approver may mend a word without being printed as the focal point.
        submission.written_by = by
    submission.clean_fields(exclude={f.name for f in submission._meta.fields} - set(BY_NAME))
    check_lengths(submission, {name: each.label for name, each in BY_NAME.items()})
    submission.save()


def _last_save(submission: Submission, by: User) -> tuple[str, dt.datetime | None]:
    event = saves_of(submission).exclude(actor_id=str(by.pk)).last()
    return (event.actor_label, event.at) if event else ("", None)
