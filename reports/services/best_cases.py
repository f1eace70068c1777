"""Picking a report's best cases among the round's confirmed submissions.

A pick is written by the names of its form's fields: ``title_ko``, ``text_en`` and so on.
"""

from collections.abc import Mapping, Sequence

from django.db import transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from ministries import rules
from ministries.enums import Disclosure
from ministries.models import Round, Submission
from ministries.services.changes import Change, SaveResult
from ministries.services.definitions import Definition, compare, last_change
from ministries.workflow import NotPermitted, Refused
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from nap_monitor.lib.audit.models import Event
from nap_monitor.lib.audit.services import record
from reports.models import BestCase
from reports.services.texts import STRETCH

Texts = dict[str, dict[str, str]]

PERMISSION, KIND = "reports.compose_report", "reports.bestcase"
TITLE_LENGTH, TEXT_LENGTH = 200, 5000
DEFINITION = Definition({"title": TITLE_LENGTH, "text": TEXT_LENGTH}, ())


@transaction.atomic
def pick(*, round: Round, submission: Submission, by: User) -> BestCase:
    """Pick a submission; one that is picked already stays as it is.

    Raises ``NotPermitted``; ``Refused`` where it is not of this round, not confirmed, or restricted: what may not be
    printed cannot be shown as an example.
    """
    _may(by)
    round = _locked(round)
    if submission.round_id != round.pk:
        raise Refused(_("This submission belongs to another year."))
    version = submission.confirmed_version
    if version is None:
        raise Refused(_("Only a confirmed submission can be a best case."))
    if version.is_restricted or submission.disclosure == Disclosure.RESTRICTED:
        raise Refused(_("A restricted submission is not printed, and cannot be a best case."))
    found = BestCase.objects.filter(round=round, submission=submission).first()
    if found:
        return found
    last = BestCase.objects.filter(round=round).order_by("-order").first()
    new = BestCase.objects.create(
        round=round, submission=submission, order=last.order + 1 if last else 1, picked_by=by, picked_at=clock.now()
    )
    record(kind="create", subject=new, by=by, label=_label(new))
    return new


@transaction.atomic
def write_best_case(
    *, best_case: BestCase, changes: Mapping[str, Change], by: User, by_itself: bool = False
) -> SaveResult:
    """Save the changed texts whose stored value is still the one that the writer started from; the others come back as
    conflicts. A page that saves ``by_itself`` leaves one event for a stretch of typing; what it has saved since goes on
    record with the button. Raises ``NotPermitted``, and ``Refused`` for a text that is too long."""
    _may(by)
    _locked(best_case.round)
    best_case = _loaded(best_case)
    result = SaveResult()
    before = _texts(best_case)
    for name, change in changes.items():
        if compare(DEFINITION.read(best_case, name), name, change, result):
            DEFINITION.put(best_case, name, change.new)
            result.saved.append(name)
    if result.saved:
        DEFINITION.check_lengths(best_case)
        best_case.save(update_fields=["title", "text"])
    if result.saved or not by_itself:
        _record_change(best_case, before, by, by_itself=by_itself)
    if result.conflicts:
        result.other, result.at = last_change(KIND, best_case.pk, by)
    return result


def _record_change(best_case: BestCase, before: Texts, by: User, *, by_itself: bool) -> None:
    """Put what a case says now on record: at the begin of a stretch of typing, and at its end when *Save* is pressed.

    An event is never changed. What was typed between the two is told by the next event, as what was there before it.
    """
    last = Event.objects.of(KIND, str(best_case.pk)).filter(kind="change").last()
    is_mine = last is not None and last.actor_id == str(by.pk) and clock.now() - last.at < STRETCH
    if last and is_mine:
        if by_itself:
            return
        before = last.data["after"]
    after = _texts(best_case)
    if before != after:
        record(
            kind="change", subject=best_case, by=by, label=_label(best_case), data={"before": before, "after": after}
        )


def _texts(best_case: BestCase) -> Texts:
    return {"title": dict(best_case.title), "text": dict(best_case.text)}


@transaction.atomic
def order_best_cases(*, round: Round, keys: Sequence[str], by: User) -> None:
    """Put the picks into this order; those that are not named follow. Raises ``NotPermitted``."""
    _may(by)
    round = _locked(round)
    place = {key: number for number, key in enumerate(keys)}
    rows = sorted(BestCase.objects.filter(round=round), key=lambda row: (place.get(str(row.pk), len(place)), row.order))
    for number, row in enumerate(rows, start=1):
        row.order = number
    BestCase.objects.bulk_update(rows, ["order"])


@transaction.atomic
def drop(*, best_case: BestCase, by: User) -> None:
    """Take a pick back. Its texts stay in the record. Raises ``NotPermitted``."""
    _may(by)
    best_case = _loaded(best_case)
    record(kind="remove", subject=best_case, by=by, label=_label(best_case), data={"before": _texts(best_case)})
    best_case.delete()


def _may(by: User) -> None:
    if not rules.allows(by, PERMISSION):
        raise NotPermitted(_now("Only a coordinator picks best cases."))


def _locked(round: Round) -> Round:
    """Two who pick for one report wait for each other."""
    return Round.objects.select_for_update(of=("self",)).select_related("plan").get(pk=round.pk)


def _loaded(best_case: BestCase) -> BestCase:
    return BestCase.objects.select_related(
        "round__plan", "submission__assignment__body", "submission__assignment__action_plan"
    ).get(pk=best_case.pk)


def _label(best_case: BestCase) -> str:
    assignment = best_case.submission.assignment
    round = best_case.round
    return f"{round.plan.number} {round.year} {assignment.body.code} {assignment.action_plan.code}"
