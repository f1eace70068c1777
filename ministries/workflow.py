"""The workflow of a submission: one table of transitions. Buttons, services, bulk actions and tests read it."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from django.core.exceptions import PermissionDenied
from django.db.models import Max, Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ministries import fields, locks, rules
from ministries.enums import Lock, State, StateLabel, Visibility
from ministries.fields import Text
from ministries.locks import edit_lock, period_lock
from nap_monitor.lib import clock

if TYPE_CHECKING:
    from ministries.models import ImplementingBody, Round, Submission
    from ministries.rules import Person


__all__ = ["edit_lock", "period_lock"]

#: What a coordinator decides on the page of the review, beside the rating and the remarks, and nowhere else.
REVIEWED = ("return", "confirm")
#: A body that gets something back has so long at least: what a form proposes near the closing, and after it.
TIME_TO_ANSWER = dt.timedelta(days=7)


class NotPermitted(PermissionDenied):
    """The person may not take this step (403)."""


class WrongState(Exception):  # noqa: N818 - the word of the workflow
    """The submission is no longer, or not yet, in a state from which this step leads on (409)."""


class Refused(Exception):  # noqa: N818 - the word of the workflow
    """A condition of the step is not met (400). ``field`` names what it is about, where it is about one."""

    def __init__(self, message: Text, field: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.field = field


@dataclass(frozen=True)
class Request:
    """What somebody asks for when taking a step. ``by`` is set by :func:`check`."""

    reason: str = ""
    rating: str = ""
    due_date: dt.date | None = None
    by: "Person | None" = None


Guard = Callable[["Submission", Request], None]


@dataclass(frozen=True)
class Transition:
    """A step: from which states, to which (``None``: back where it came from), with which permission and conditions."""

    name: str
    label: Text
    sources: tuple[State, ...]
    target: State | None
    guards: tuple[Guard, ...] = ()
    needs_reason: bool = False

    @property
    def permission(self) -> str:
        """The permission in :mod:`ministries.rules` that says who may take this step."""
        return f"ministries.{self.name}_submission"


def _complete(submission: "Submission", request: Request) -> None:
    found = fields.gaps(submission)
    if found:
        raise Refused(
            _now("It is not complete yet: %(list)s") % {"list": " ".join(str(gap.message) for gap in found)},
            field=found[0].field,
        )


def _period_open(submission: "Submission", request: Request) -> None:
    why = locks.why_not_submitted(submission, request.by)
    if why:
        raise Refused(str(why))


def _no_open_remark(submission: "Submission", request: Request) -> None:
    # What a body remarks inside itself is no matter of the coordinator, and stays unknown.
    if submission.comments.open().exclude(visibility=Visibility.INSIDE).exists():
        raise Refused(_("There are open review remarks. Resolve them first."))


def _rating_given(submission: "Submission", request: Request) -> None:
    if not request.rating:
        raise Refused(_("Give the coordinator's rating."), field="rating")


def _time_to_answer(submission: "Submission", request: Request) -> None:
    """After the due date, and after closing, a new one is needed, so that the body can submit again."""
    _time_after_closing(submission, request)
    until = covered_until(submission)
    if request.due_date is None and max(submission.round.due_date, until or submission.round.due_date) < clock.today():
        raise Refused(_("The due date has passed. Give a new due date."), field="due_date")


def _time_after_closing(submission: "Submission", request: Request) -> None:
    """After the round's closing a new due date is needed, where no exception of the body gives time already."""
    if request.due_date is not None:
        check_exception(submission.round, request.due_date, field="due_date")
    elif submission.round.is_closed():
        until = covered_until(submission)
        if until is None or until < clock.today():
            raise Refused(_("The round is closed. Give a new due date."), field="due_date")


def check_exception(round: "Round", until: dt.date, field: str) -> None:
    """Raise ``Refused`` unless an exception until this day gives more time than the round does."""
    if until < clock.today():
        raise Refused(_("The new due date may not lie in the past."), field=field)
    if until <= round.due_date and not round.is_closed():
        raise Refused(_("The new due date must be later than that of the round."), field=field)


TRANSITIONS = {
    transition.name: transition
    for transition in (
        Transition("sign_off", _("Sign off"), (State.DRAFT, State.RETURNED), State.SIGNED_OFF, (_complete,)),
        Transition("send_back", _("Send back"), (State.SIGNED_OFF,), None, needs_reason=True),
        Transition("take_back", _("Take back"), (State.SIGNED_OFF,), None),
        Transition("submit", _("Submit"), (State.SIGNED_OFF,), State.SUBMITTED, (_period_open, _complete)),
        Transition(
            "return",
            pgettext_lazy("button", "Return"),
            (State.SUBMITTED,),
            State.RETURNED,
            (_time_to_answer,),
            needs_reason=True,
        ),
        Transition(
            "confirm",
            pgettext_lazy("button", "Confirm"),
            (State.SUBMITTED,),
            State.CONFIRMED,
            (_no_open_remark, _rating_given),
        ),
        Transition(
            "reopen", _("Reopen"), (State.CONFIRMED,), State.RETURNED, (_time_after_closing,), needs_reason=True
        ),
    )
}


@dataclass(frozen=True)
class Stage:
    """A station on a submission's way, as one submission stands to it.

    ``is_back``: it lies with the body again, returned or sent back. ``icon`` is that of the present state.
    """

    label: Text
    is_done: bool = False
    is_current: bool = False
    is_back: bool = False
    icon: str = ""
    note: Text = ""


#: The way of a submission, and at which station each label stands.
WAY = (_("Write"), _("Sign off"), _("Submit"), pgettext_lazy("button", "Confirm"))
STATION = {
    StateLabel.NOT_STARTED: 0,
    StateLabel.DRAFT: 0,
    StateLabel.SENT_BACK: 0,
    StateLabel.RETURNED: 0,
    StateLabel.SIGNED_OFF: 1,
    StateLabel.SUBMITTED: 2,
    StateLabel.SUBMITTED_AGAIN: 2,
    StateLabel.CONFIRMED: 3,
}


def way_of(label: StateLabel) -> list[Stage]:
    """The stations of a submission that is called ``label``: what is done, where it stands, what lies ahead."""
    at = STATION[label]
    here = Stage(
        label=label.label,
        is_current=True,
        is_done=label is StateLabel.CONFIRMED,
        is_back=label in (StateLabel.RETURNED, StateLabel.SENT_BACK),
        icon=f"state-{label.value}",
        note=_("Under review") if at == STATION[StateLabel.SUBMITTED] else "",
    )
    return [here if number == at else Stage(station, is_done=number < at) for number, station in enumerate(WAY)]


def check(submission: "Submission", transition: Transition, by: "Person", request: Request) -> None:
    """Raise ``NotPermitted``, ``WrongState`` or ``Refused`` unless ``by`` may take this step now."""
    if not rules.allows(by, transition.permission, submission):
        raise NotPermitted(_now("You may not take this step on this submission."))
    if submission.state not in transition.sources:
        raise WrongState(
            _now("This step is not possible: the submission is in the state “%(state)s”.")
            % {"state": rules.label_for(by, submission).label}
        )
    if transition.needs_reason and not request.reason.strip():
        raise Refused(_("Give a reason."), field="reason")
    for guard in transition.guards:
        guard(submission, replace(request, by=by))


def steps_for(submission: "Submission", by: "Person") -> list[Transition]:
    """The steps that ``by`` may take from the present state, in the table's order: the page's buttons.

    What a step needs beyond that (a complete text, a reason) is asked when it is taken.
    """
    return [
        transition
        for transition in TRANSITIONS.values()
        if submission.state in transition.sources and rules.allows(by, transition.permission, submission)
    ]


def require_editable(submission: "Submission", by: "Person") -> None:
    """Raise ``NotPermitted`` or ``WrongState``, in the words of :mod:`ministries.locks`, where ``by`` can't edit it."""
    why = locks.why_locked(submission, by)
    if why is None:
        return
    raise NotPermitted(str(why)) if why.lock is Lock.OTHERS else WrongState(str(why))


def require_own(by: "Person", obj: "Submission | ImplementingBody") -> None:
    """Raise ``NotPermitted`` for who never writes this body's submissions, whatever their state."""
    if not rules.allows(by, "ministries.change_submission", obj):
        raise NotPermitted(str(locks.others()))


def covered_until(submission: "Submission") -> dt.date | None:
    """Until when exceptions give it time once it is awaited: those of its own, and of its body for the whole round."""
    from ministries.models import Extension

    of_body = Q(round=submission.round_id, body=submission.assignment.body_id, submission=None)
    found = Extension.objects.filter(Q(submission=submission.pk) | of_body, ended_at=None)
    last: dt.date | None = found.aggregate(last=Max("until"))["last"]
    return last


def proposed_due_date(submission: "Submission") -> dt.date | None:
    """The due date that a form proposes for what goes back to its body; nothing where the body has time enough.

    It has not where the due date has passed, or where the period closes within :data:`TIME_TO_ANSWER`.
    """
    today = clock.today()
    soon = today + TIME_TO_ANSWER
    until = covered_until(submission)
    if until and until >= soon:
        return None
    round = submission.round
    has_passed = max(round.due_date, until or round.due_date) < today
    if not has_passed and not round.is_closed() and round.closing_date >= soon:
        return None
    return soon if round.is_closed() else max(soon, round.due_date + dt.timedelta(days=1))
