"""What is computed from figures: each rate by its rule, and none where it would make no sense."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ministries import computed
from ministries.computed import Money
from ministries.enums import Direction, FigureState
from ministries.figures import LARGEST, Figure, total

EMPTY, NOT_KNOWN = Figure(), Figure(None, FigureState.NOT_KNOWN)
NOT_APPLICABLE = Figure(None, FigureState.NOT_APPLICABLE)
MORE, LESS, KEEP = Direction.MORE, Direction.LESS, Direction.KEEP

numbers = st.decimals(min_value=0, max_value=10**9, places=3, allow_nan=False, allow_infinity=False)


def rate(direction: Direction, target: str, actual: str) -> str | None:
    found = computed.achievement_rate(direction, Figure.of(target), Figure.of(actual))
    return None if found is None else str(found)


@pytest.mark.parametrize(
    ("direction", "target", "actual", "expected"),
    [
        (MORE, "80", "60", "75.0"),
        (MORE, "80", "100", "125.0"),
        (MORE, "3", "1", "33.3"),
        (MORE, "3", "2", "66.7"),
        (MORE, "80", "0", "0.0"),
        (MORE, "80", "-5", "0.0"),
        (LESS, "80", "80", "100.0"),
        (LESS, "80", "60", "125.0"),
        (LESS, "80", "120", "50.0"),
        (LESS, "80", "0", "200.0"),
        (LESS, "80", "200", "0.0"),
        (KEEP, "80", "80", "100.0"),
        (KEEP, "80", "60", "75.0"),
        (KEEP, "80", "100", "75.0"),
        (KEEP, "80", "200", "0.0"),
        # Half up, not to the even digit.
        (MORE, "2000", "1", "0.1"),
    ],
)
def test_the_achievement_rate_goes_by_the_direction(direction, target, actual, expected) -> None:
    assert rate(direction, target, actual) == expected


@pytest.mark.parametrize(
    ("direction", "actual", "expected"),
    [
        (MORE, "0", None),
        (MORE, "5", None),
        (LESS, "0", "100"),
        (LESS, "5", None),
        (KEEP, "0", "100"),
        (KEEP, "1", None),
    ],
)
def test_a_target_of_zero_is_met_or_gives_no_rate(direction, actual, expected) -> None:
    assert rate(direction, "0", actual) == expected


@pytest.mark.parametrize("direction", Direction)
def test_without_numbers_or_against_a_negative_target_there_is_no_rate(direction) -> None:
    for missing in (EMPTY, NOT_KNOWN, NOT_APPLICABLE):
        assert computed.achievement_rate(direction, missing, Figure.of(1)) is None
        assert computed.achievement_rate(direction, Figure.of(1), missing) is None
    assert rate(direction, "-10", "5") is None


@given(numbers, numbers)
def test_a_rate_is_never_below_zero_and_meets_a_hundred_at_the_target(target: Decimal, actual: Decimal) -> None:
    for direction in Direction:
        found = computed.achievement_rate(direction, Figure.of(target), Figure.of(actual))
        assert found is None or found >= 0
        if target > 0:
            assert computed.achievement_rate(direction, Figure.of(target), Figure.of(target)) == 100


def test_the_execution_rate_compares_executed_with_budget() -> None:
    assert computed.execution_rate(Figure.of(200), Figure.of("150.5")) == Decimal("75.3")
    assert computed.execution_rate(Figure.of(200), Figure.of(0)) == 0
    assert computed.execution_rate(Figure.of(0), Figure.of(0)) is None
    assert computed.execution_rate(NOT_KNOWN, Figure.of(1)) is None
    assert computed.execution_rate(Figure.of(1), EMPTY) is None


def test_a_change_is_told_against_what_was_before() -> None:
    assert computed.relative_change(Figure.of(40), Figure.of(60)) == 50
    assert computed.relative_change(Figure.of(-40), Figure.of(-60)) == -50
    assert computed.relative_change(Figure.of(0), Figure.of(60)) is None
    assert computed.relative_change(Figure.of(40), NOT_KNOWN) is None


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        ([], EMPTY),
        ([EMPTY, EMPTY], EMPTY),
        ([Figure.of(3), Figure.of(4)], Figure.of(7)),
        ([Figure.of(0), Figure.of(0)], Figure.of(0)),
        ([Figure.of(3), NOT_KNOWN], NOT_KNOWN),
        ([Figure.of(3), EMPTY], NOT_KNOWN),
        ([Figure.of(3), NOT_APPLICABLE], Figure.of(3)),
        ([NOT_APPLICABLE, NOT_APPLICABLE], NOT_APPLICABLE),
        ([NOT_APPLICABLE, EMPTY], NOT_KNOWN),
    ],
)
def test_a_sum_is_known_only_where_all_of_it_is(figures, expected) -> None:
    assert total(figures) == expected


def test_rows_left_empty_do_not_hide_the_sum_of_those_that_count() -> None:
    assert computed.total_given([Figure.of(3), EMPTY, Figure.of(4)]) == Figure.of(7)
    assert computed.total_given([Figure.of(3), NOT_KNOWN]) == NOT_KNOWN
    assert computed.participants(Figure.of(3), EMPTY) == NOT_KNOWN


def test_a_rate_that_no_column_holds_is_not_kept() -> None:
    assert computed.rate_figure(LARGEST + 1) == computed.rate_figure(None) == EMPTY
    assert computed.rate_figure(Decimal("12.5")) == Figure.of("12.5")


def line(budget: int | None, executed: int | None = 0, **flags: bool) -> Money:
    figures = (NOT_KNOWN if amount is None else Figure.of(amount) for amount in (budget, executed))
    return Money(*figures, **flags)


def test_what_is_passed_on_is_in_the_own_sums_and_apart_from_them() -> None:
    lines = [line(100, 50), line(300, 300, is_passed_on=True, gender_responsive=True)]
    assert computed.budget_sums(lines, no_budget_needed=False) == {
        "total": Figure.of(400),
        "executed": Figure.of(350),
        "gender_responsive": Figure.of(300),
        "own_total": Figure.of(100),
        "own_executed": Figure.of(50),
        "own_gender_responsive": Figure.of(0),
        "passed_on": Figure.of(300),
    }
    assert computed.budget_sums(lines[:1], no_budget_needed=False).keys() == {"total", "executed", "gender_responsive"}


def test_an_amount_missing_in_what_is_passed_on_does_not_hide_the_own_money() -> None:
    sums = computed.budget_sums([line(100), line(None, is_passed_on=True)], no_budget_needed=False)
    assert (sums["total"], sums["own_total"], sums["passed_on"]) == (NOT_KNOWN, Figure.of(100), NOT_KNOWN)
    sums = computed.budget_sums([line(300, is_passed_on=True)], no_budget_needed=False)
    assert (sums["total"], sums["own_total"]) == (Figure.of(300), Figure.of(0))
