"""What is counted, from entries as they stand in the content."""

from decimal import Decimal

import pytest

from ministries.enums import Rating
from reports.selectors import counts


def entry(status: str = "confirmed", rating: str = "", **fields: object) -> dict[str, object]:
    flags = {"returned": False, "late": False, "under_revision": False, "restricted": False}
    return {"status": status, "rating": rating, "money": None, **flags, **fields}


def money(
    budget: str | None, executed: str | None = None, responsive: str | None = None, state: str = "value"
) -> object:
    amounts = {"budget": budget, "executed": executed, "gender_responsive": responsive, "state": state}
    return entry(rating="on-track", money=amounts)


@pytest.mark.parametrize("rating", Rating.values)
def test_a_confirmed_assignment_counts_as_its_rating(rating) -> None:
    found = counts.ratings([entry(rating=rating)])
    assert found["total"] == 1
    assert {code: count for code, count in found["counts"].items() if count} == {rating: 1}


@pytest.mark.parametrize("status", ["under-review", "no-report"])
def test_what_is_not_confirmed_counts_on_its_own_and_in_the_total(status) -> None:
    found = counts.ratings([entry(status), entry(rating="completed")])
    assert found["total"] == 2
    assert found["counts"][status] == 1


def test_the_counts_add_up_to_the_total() -> None:
    rows = [entry(rating=rating) for rating in Rating.values] + [entry("under-review"), entry("no-report")] * 2
    found = counts.ratings(rows)
    assert sum(found["counts"].values()) == found["total"] == len(rows)


def test_completeness_tells_states_and_marks_apart() -> None:
    rows = [entry(rating="on-track", late=True), entry("under-review", returned=True), entry("no-report")]
    assert counts.completeness(rows) == {
        "total": 3,
        "confirmed": 1,
        "under_review": 1,
        "no_report": 1,
        "returned": 1,
        "late": 1,
        "under_revision": 0,
        "restricted": 0,
    }


def test_a_rate_compares_only_where_both_amounts_are_known() -> None:
    found = counts.budget([money("100", "50"), money("900", None), money(None, None, state="not-known")])
    assert (found["budget"], found["executed"], found["rate"]) == ("1000", "50", "50.0")
    assert (found["with_amount"], found["in_rate"], found["not_known"]) == (2, 1, 1)


def test_no_budget_needed_is_neither_zero_nor_unknown() -> None:
    found = counts.budget([money(None, None, state="not-applicable")])
    assert (found["budget"], found["rate"], found["no_budget_needed"], found["not_known"]) == (None, None, 1, 0)


def test_a_budget_of_zero_is_zero_and_has_no_rate() -> None:
    found = counts.budget([money("0", "0")])
    assert (found["budget"], found["executed"], found["rate"]) == ("0", "0", None)


def test_sums_are_exact() -> None:
    assert counts.budget([money("0.1", "0"), money("0.2", "0")])["budget"] == "0.3"
    assert counts.budget([money("999999999999.999", "0"), money("0.001", "0")])["budget"] == "1000000000000"


@pytest.mark.parametrize(("part", "whole", "rate"), [("1", "3", "33.3"), ("1", "8", "12.5"), ("0.5", "1000", "0.1")])
def test_a_share_has_one_place_and_is_rounded_half_up(part, whole, rate) -> None:
    assert counts.share(Decimal(part), Decimal(whole)) == rate


def test_what_is_not_confirmed_brings_no_money() -> None:
    assert counts.budget([entry("under-review"), entry("no-report")])["confirmed"] == 0
