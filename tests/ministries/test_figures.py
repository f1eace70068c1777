"""Figures: four things that are not the same, how they are typed, and what the database holds them to."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st

from ministries.enums import FigureState
from ministries.figures import DECIMAL_PLACES, LARGEST, LARGEST_AMOUNT, Figure, decimal_text, shown_text
from ministries.forms.fields import FigureField, split_figure
from ministries.models import BudgetLine, IndicatorResult
from ministries.services.rows import BUDGET
from tests.factories import IndicatorFactory, SubmissionFactory

MONEY = FigureField(largest=LARGEST_AMOUNT)
SIGNED = FigureField(may_be_negative=True)


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("0", "0"),
        ("1,234.5", "1234.5"),
        ("1 234.5", "1234.5"),
        (" 12 ", "12"),
        (".5", "0.5"),
        ("12.", "12"),
        ("+7", "7"),
        ("0012", "12"),
        ("\uff11\uff0c\uff12\uff13\uff14\uff0e\uff15", "1234.5"),  # full width
        ("-3", "-3"),
        ("△3.25", "-3.25"),
        ("△ 1,000", "-1000"),
        ("\u22123", "-3"),  # the minus sign of word processors
        ("\uff0d3", "-3"),  # full width
        ("0.125", "0.125"),
        ("999,999,999,999.999", "999999999999.999"),
    ],
)
def test_a_number_as_offices_write_it(typed: str, value: str) -> None:
    assert SIGNED.clean([typed, ""]) == Figure.of(Decimal(value))


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("abc", "number"),
        ("1.2.3", "number"),
        ("--1", "number"),
        ("△△1", "number"),
        ("1e3", "number"),
        ("NaN", "number"),
        ("Infinity", "number"),
        ("0x10", "number"),
        ("½", "number"),
        ("٣", "number"),
        ("1%", "number"),
        ("일억", "number"),
        ("0.0001", "places"),
        ("1000000000000", "huge"),
        ("9" * 500, "huge"),
        ("0." + "3" * 500, "places"),
        ("△1000000000000", "huge"),
    ],
)
def test_what_is_no_figure_is_told_and_why(typed: str, code: str) -> None:
    with pytest.raises(ValidationError) as told:
        SIGNED.clean([typed, ""])
    assert told.value.code == code


@pytest.mark.parametrize(("typed", "code"), [("-1", "negative"), ("△0.001", "negative"), ("10000000000", "huge")])
def test_money_is_not_negative_and_not_endless(typed: str, code: str) -> None:
    with pytest.raises(ValidationError) as told:
        MONEY.clean([typed, ""])
    assert told.value.code == code


@pytest.mark.parametrize("state", ["value", "suppressed", "x"])
def test_a_state_that_nobody_can_choose_is_told(state: str) -> None:
    with pytest.raises(ValidationError):
        MONEY.clean(["", state])


def test_nothing_zero_not_known_and_not_applicable_differ() -> None:
    four = [MONEY.clean(pair) for pair in (["", ""], ["0", ""], ["", "not-known"], ["", "not-applicable"])]
    assert len({(figure.value, str(figure.state)) for figure in four}) == 4
    assert [figure.is_empty for figure in four] == [True, False, False, False]


def test_all_lines_of_a_submission_together_fit_the_column() -> None:
    # Two people may each fill the table at the same time.
    assert 2 * BUDGET.most * LARGEST_AMOUNT <= LARGEST


figures = st.one_of(
    st.decimals(min_value=-LARGEST, max_value=LARGEST, places=DECIMAL_PLACES).map(Figure.of),
    st.sampled_from([Figure(), Figure(None, FigureState.NOT_KNOWN), Figure(None, FigureState.NOT_APPLICABLE)]),
)


@given(figures)
def test_a_figure_that_is_shown_is_read_as_the_same(figure: Figure) -> None:
    assert SIGNED.clean(split_figure(figure)) == figure
    assert not SIGNED.has_changed(figure, split_figure(figure))


@given(st.decimals(min_value=-LARGEST, max_value=LARGEST, places=DECIMAL_PLACES))
def test_a_decimal_has_one_text(value: Decimal) -> None:
    text = decimal_text(value)
    assert Decimal(text) == value
    assert text == decimal_text(Decimal(text)) == decimal_text(value * 1)
    assert "E" not in text
    assert not (text.endswith("0") and "." in text)


@pytest.mark.parametrize(
    ("value", "shown"),
    [("0", "0"), ("1234.500", "1,234.5"), ("-1234", "△1,234"), ("1000", "1,000"), ("0.125", "0.125"), ("-0.5", "△0.5")],
)
def test_a_number_for_a_reader(value: str, shown: str) -> None:
    assert shown_text(Decimal(value)) == shown


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("value", "state"), [(None, "value"), (Decimal(1), ""), (Decimal(1), "not-known"), (Decimal(0), "not-applicable")]
)
def test_the_database_ties_number_and_state(value: Decimal | None, state: str) -> None:
    submission = SubmissionFactory()
    indicator = IndicatorFactory(action_plan=submission.assignment.action_plan)
    for make in (
        lambda: BudgetLine.objects.create(submission=submission, budget_value=value, budget_state=state),
        lambda: IndicatorResult.objects.create(
            submission=submission, indicator=indicator, actual_value=value, actual_state=state
        ),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            make()


@pytest.mark.django_db
@pytest.mark.parametrize("name", ["budget", "executed"])
def test_the_database_holds_no_negative_money(name: str) -> None:
    line = BudgetLine(submission=SubmissionFactory())
    setattr(line, name, Figure.of(-1))
    with pytest.raises(IntegrityError), transaction.atomic():
        line.save()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "figure",
    [
        Figure(),
        Figure.of(0),
        Figure.of("-0"),
        Figure.of("0.001"),
        Figure.of(LARGEST_AMOUNT),
        Figure.of("123456789.125"),
    ],
)
def test_a_figure_comes_back_from_the_database_as_it_went(figure: Figure) -> None:
    line = BudgetLine(submission=SubmissionFactory())
    line.budget = figure
    line.save()
    stored = BudgetLine.objects.get(pk=line.pk).budget
    assert stored == figure
    if figure.value is not None:
        assert decimal_text(stored.value) == decimal_text(abs(figure.value))
