"""The coordinator's rating before the decision: saved on a version, and taken by the confirm."""

from django.db import transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from ministries import rules
from ministries.enums import Rating, State
from ministries.models import SavedRating, Submission
from ministries.models.submission import REASON_LENGTH
from ministries.selectors.review import NO_RATING, OLD_RATING, TOOK_PART
from ministries.services import transitions
from ministries.workflow import NotPermitted, Refused, WrongState
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from nap_monitor.lib.audit.services import record


@transaction.atomic
def save_rating(
    *, submission: Submission, by: User, rating: str, reason: str = "", step: int | None = None, seen: int | None = None
) -> SavedRating:
    """Save what the coordinators think of the version under review. It stays their own until it is confirmed.

    ``step`` is the submission's count of steps and ``seen`` the rating's count of savings that the person was looking
    at. The same rating again on the same version changes nothing. Raises ``NotPermitted``, ``Refused``, ``WrongState``.
    """
    locked = _locked(submission)
    _may_rate(locked, by)
    check_rating(rating, reason)
    version = locked.submitted_version
    if version is None or locked.state != State.SUBMITTED or (step is not None and step != locked.step):
        raise WrongState(
            _now("Somebody has taken a step on this submission meanwhile. It is now in the state “%(state)s”.")
            % {"state": rules.label_for(by, locked).label}
        )
    stored = _saved(locked)
    if stored and stored.holds_for(locked) and (stored.rating, stored.reason) == (rating, reason.strip()):
        return stored
    _check_seen(stored, seen)
    before = {"rating": stored.rating, "reason": stored.reason} if stored else {}
    saved = stored or SavedRating(submission=locked, count=0)
    saved.version, saved.rating, saved.reason = version, rating, reason.strip()
    saved.by, saved.at, saved.count = by, clock.now(), saved.count + 1
    saved.save()
    record(
        kind="rate",
        subject=locked,
        by=by,
        reason=saved.reason,
        data={
            "rating": rating,
            "version": str(saved.version_id),
            "step": locked.step,
            "before": before,
            "after": {"rating": rating, "reason": saved.reason},
        },
    )
    return saved


def confirm_with(
    *, submission: Submission, by: User, rating: str, reason: str = "", step: int | None = None, seen: int | None = None
) -> Submission:
    """Confirm with this rating, unless somebody saved another one than the person was looking at (``seen``)."""
    if rating:
        check_rating(rating, reason)

    def given(locked: Submission) -> tuple[str, str]:
        if locked.state == State.SUBMITTED:
            _check_seen(_saved(locked), seen)
        return rating, reason

    return transitions.confirm_as(submission=submission, by=by, given=given, step=step)


def confirm_saved(*, submission: Submission, by: User, step: int | None = None, seen: int | None = None) -> Submission:
    """Confirm with the rating that was saved on the version under review (the row of a bulk confirm).

    Raises ``Refused`` where none was, and ``WrongState`` where it is another one than ``seen`` names.
    """

    def given(locked: Submission) -> tuple[str, str]:
        saved = _saved(locked)
        if locked.state == State.SUBMITTED:
            _check_usable(locked, saved)
            _check_seen(saved, seen)
        return (saved.rating, saved.reason) if saved else ("", "")

    return transitions.confirm_as(submission=submission, by=by, given=given, step=step)


def check_rating(rating: str, reason: str) -> None:
    """Raise ``Refused`` for what is no rating, and for a reason that is too long."""
    if rating not in Rating.values:
        raise Refused(_("Choose one of the ratings."), field="rating")
    if len(reason) > REASON_LENGTH:
        raise Refused(_("The reason is too long."), field="reason")


def _may_rate(submission: Submission, by: User) -> None:
    if not rules.allows(by, "ministries.rate_submission", submission):
        coordinates = rules.allows(by, "ministries.review_submission", submission)
        raise NotPermitted(str(TOOK_PART) if coordinates else _now("Only a coordinator rates a submission."))


def _check_usable(submission: Submission, saved: SavedRating | None) -> None:
    if saved is None:
        raise Refused(NO_RATING, field="rating")
    if not saved.holds_for(submission):
        raise Refused(OLD_RATING, field="rating")


def _check_seen(stored: SavedRating | None, seen: int | None) -> None:
    if seen is not None and seen != (stored.count if stored else 0):
        raise WrongState(_now("Somebody has saved another rating of this submission meanwhile."))


def _saved(submission: Submission) -> SavedRating | None:
    return SavedRating.objects.filter(submission=submission).first()


def _locked(submission: Submission) -> Submission:
    """The submission as it is now; who confirms, returns or rates it waits until this is done."""
    Submission.objects.select_for_update().values_list("pk").get(pk=submission.pk)
    return Submission.objects.select_related("round", "assignment__body", "submitted_version").get(pk=submission.pk)
