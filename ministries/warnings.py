"""What a submission should be looked at again for. Shown and answered with a remark, never a wall."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from django.utils.functional import Promise, lazystr
from django.utils.translation import gettext_lazy as _

from ministries import computed, content_tables, fields
from ministries.content_parts import in_all_languages
from ministries.content_tables import Rows
from ministries.enums import Rating
from ministries.figures import Figure
from nap_monitor.lib.localized import LocalizedText

if TYPE_CHECKING:
    import uuid

    from ministries.models import Submission

#: Below this achievement or execution rate, in per cent, figures are low. The sentences say 'half'.
LOW_RATE = Decimal(50)
#: By how much, in per cent, a figure may differ from last year's before it is asked about. The sentence says 'half'.
LARGE_CHANGE = Decimal(50)
#: Counts of people from one up to this one may let them be recognised.
SMALL_COUNT = Decimal(4)
#: Ratings that say all is well.
WELL = (Rating.COMPLETED, Rating.CONTINUING, Rating.ON_TRACK)

LOW_ACHIEVEMENT, LOW_EXECUTION = "low-achievement", "low-execution"
OVER_BUDGET, LARGE_JUMP, SMALL = "over-budget", "large-change", "small-count"
SENTENCES: dict[str, Promise] = {
    LOW_ACHIEVEMENT: _("The self-rating says that all is well, but less than half of the target was reached."),
    LOW_EXECUTION: _("The self-rating says that all is well, but less than half of the budget was executed."),
    OVER_BUDGET: _("The executed amount is above the budget. Please check; you can save it all the same."),
    LARGE_JUMP: _("This differs from last year's figure by more than half."),
    SMALL: _("So small a number may let people be recognised. It is not published as it stands."),
}


@dataclass(frozen=True)
class Caution:
    """A point to look at again.

    ``key`` is lasting: kind, row and column. ``field`` is the table (or field) it is about, ``row`` the row's id,
    ``place`` the row's key in a version, ``column`` the field of the row, ``about`` what the row is called.
    """

    kind: str
    field: str
    row: str = ""
    place: str = ""
    column: str = ""
    about: str | LocalizedText = ""

    @property
    def key(self) -> str:
        """What tells it from others of the submission, as long as it holds."""
        return ".".join(part for part in (self.kind, self.row, self.column) if part)

    @property
    def message(self) -> Promise:
        """The sentence that says what to look at."""
        return SENTENCES[self.kind]

    @property
    def label(self) -> str:
        """Where it is, in the active language: the row's name, or that of the table; and the column."""
        named = str(self.about or fields.SECTIONS[self.field])
        return f"{named} · {COLUMNS[self.column]}" if self.column else named

    def labels(self) -> dict[str, str]:
        """The label in every language of the interface."""
        return in_all_languages(lazystr(self))

    def __str__(self) -> str:
        return self.label

    @property
    def step(self) -> fields.Step:
        """The step of the form in which it is looked at."""
        return fields.step_of(self.field)


#: Counts of people in a row, and sums of the budget.
PEOPLE: dict[str, Promise] = {"women": _("Women"), "men": _("Men")}
SUMS: dict[str, Promise] = {"total": _("Budget, all lines"), "executed": _("Executed, all lines")}
COLUMNS = {**PEOPLE, **SUMS}


def warnings(submission: "Submission", rows: Rows | None = None) -> list[Caution]:
    """All that holds now, in the order of the form, in a fixed number of queries. ``rows``: where they were read."""
    rows = rows or Rows.of(submission)
    return [*_activities(rows), *_indicators(submission, rows), *_budget(submission, rows)]


def is_known_kind(key: str) -> bool:
    """Whether ``key`` may be one of a warning's, holding now or not."""
    return key.partition(".")[0] in SENTENCES


def _activities(rows: Rows) -> Iterator[Caution]:
    for number, activity in enumerate(rows.activities, start=1):
        where = {"row": str(activity.pk), "place": str(number), "about": activity.title}
        for column in PEOPLE:
            if _is_small(getattr(activity, column)):
                yield Caution(SMALL, "activities", column=column, **where)


def _indicators(submission: "Submission", rows: Rows) -> Iterator[Caution]:
    year = submission.round.year
    before = last_year_figures(submission) if rows.pairs else {}
    for indicator, result in rows.pairs:
        if result is None:
            continue
        row, place, about = str(indicator.pk), indicator.code, indicator.name
        target = content_tables.target_of(indicator, result, year)
        rate = computed.achievement_rate(indicator.direction, target, result.actual)
        if submission.self_rating in WELL and rate is not None and rate < LOW_RATE:
            yield Caution(LOW_ACHIEVEMENT, "indicators", row, place, about=about)
        if is_jump(before.get(indicator.pk), result.actual):
            yield Caution(LARGE_JUMP, "indicators", row, place, about=about)
        for column in PEOPLE:
            if _is_small(getattr(result, column)):
                yield Caution(SMALL, "indicators", row, place, column, about)


def _budget(submission: "Submission", rows: Rows) -> Iterator[Caution]:
    sums = content_tables.budget_sums(submission, rows.lines)
    rate = computed.execution_rate(sums["total"], sums["executed"])
    if submission.self_rating in WELL and rate is not None and rate < LOW_RATE:
        yield Caution(LOW_EXECUTION, "budget")
    before = last_year_sums(submission) if rows.lines else {}
    for column in SUMS:
        if is_jump(before.get(column), sums[column]):
            yield Caution(LARGE_JUMP, "budget", column=column)
    for number, line in enumerate(rows.lines, start=1):
        if is_over_budget(line.budget, line.executed):
            yield Caution(OVER_BUDGET, "budget", str(line.pk), str(number), about=line.programme)


def is_jump(before: Figure | None, now: Figure) -> bool:
    """Whether a figure differs from the one before by more than half of it."""
    change = computed.relative_change(before, now) if before is not None else None
    return change is not None and abs(change) > LARGE_CHANGE


def is_over_budget(budget: Figure, executed: Figure) -> bool:
    """Whether more was executed than budgeted."""
    return budget.value is not None and executed.value is not None and executed.value > budget.value


#: Where these figures stand on a submission that was read together with others (ministries.selectors.contents).
LAST_YEAR, LAST_YEAR_SUMS = "figures_of_last_year", "sums_of_last_year"


def last_year_figures(submission: "Submission") -> Mapping["uuid.UUID", Figure]:
    """What the body reported on each indicator a year ago, by the indicator's id."""
    from ministries.models import IndicatorResult

    read: Mapping[uuid.UUID, Figure] | None = getattr(submission, LAST_YEAR, None)
    if read is not None:
        return read
    rows = IndicatorResult.objects.filter(
        submission__assignment=submission.assignment_id,
        submission__round__plan=submission.round.plan_id,
        submission__round__year=submission.round.year - 1,
    )
    return {row.indicator_id: row.actual for row in rows}


def last_year_sums(submission: "Submission") -> Mapping[str, Figure]:
    """What the body's budget lines added up to a year ago: ``total`` and ``executed``, in million won."""
    from ministries.models import Submission

    read: Mapping[str, Figure] | None = getattr(submission, LAST_YEAR_SUMS, None)
    if read is not None:
        return read
    before = Submission.objects.filter(
        assignment=submission.assignment_id,
        round__plan=submission.round.plan_id,
        round__year=submission.round.year - 1,
    ).first()
    return content_tables.budget_sums(before, before.budget_lines.all()) if before else {}


def _is_small(count: Figure) -> bool:
    return count.value is not None and 0 < count.value <= SMALL_COUNT
