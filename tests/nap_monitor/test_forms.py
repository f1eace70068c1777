"""The fields and form sets of every floor: dates in many ways of writing, files, rows without a script."""

import datetime as dt
from typing import Any

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.forms.formsets import formset_factory
from django.http import QueryDict
from django.utils import translation

from nap_monitor.lib.forms import AskedRows, DateField, DateInput, FilesField, typed_date, unjudged

DAY = dt.date(2022, 1, 31)


@pytest.mark.parametrize(
    "text",
    [
        "2022-01-31",
        "2022-1-31",
        "2022. 1. 31.",
        "2022. 01. 31",
        "2022.01.31",
        "2022.1.31.",
        "2022/1/31",
        "2022년 1월 31일",
        "2022년1월31일",
        "20220131",
        "  2022. 1. 31.  ",
        "２０２２．１．３１．",
        "2022–01–31",
        "2022.\u00a01.\u00a031.",
        "31 January 2022",
        "31 Jan 2022",
        "January 31, 2022",
    ],
)
def test_a_date_is_read_in_each_way_that_officials_write_it(text: str) -> None:
    assert DateField().clean(text) == DAY


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("31.1.2022", "invalid"),
        ("01/02/2022", "invalid"),
        ("22. 1. 31.", "invalid"),
        ("2022. 1.", "invalid"),
        ("2022-1-31-1", "invalid"),
        ("202201311", "invalid"),
        ("next week", "invalid"),
        ("2022-1-31; DROP", "invalid"),
        ("2022-02-30", "impossible"),
        ("2022. 13. 1.", "impossible"),
        ("20220001", "impossible"),
        ("0222-01-31", "year"),
        ("9999-12-31", "year"),
        ("", "required"),
    ],
)
def test_what_is_no_date_or_could_be_two_is_told_and_stays_in_the_field(text: str, code: str) -> None:
    class Form(forms.Form):
        day = DateField()

    form = Form({"day": text})
    assert [error.code for error in form.errors.as_data()["day"]] == [code]
    assert form["day"].value() == text


def test_a_date_is_shown_as_the_language_types_it_and_reads_back() -> None:
    for language, shown in (("ko", "2022. 1. 31."), ("en", "2022-01-31")):
        with translation.override(language):
            assert typed_date(DAY) == shown
            assert DateInput().format_value(DAY) == shown
            assert DateField().clean(shown) == DAY
            assert not DateField().has_changed(DAY, shown)


def test_an_empty_date_is_none_and_a_day_or_time_stays_the_day() -> None:
    assert DateField(required=False).clean("") is None
    assert DateField().clean(DAY) == DAY
    assert DateField().clean(dt.datetime(2022, 1, 31, 18)) == DAY


# Files


def sent(name: str, size: int = 10) -> SimpleUploadedFile:
    return SimpleUploadedFile(name, b"x" * size)


def test_several_files_come_out_as_a_list() -> None:
    field = FilesField(most=2, max_size=100, endings=("pdf", "hwp"))
    found = field.clean([sent("a.pdf"), sent("B.HWP")])
    assert [file.name for file in found] == ["a.pdf", "B.HWP"]
    assert [file.name for file in field.clean(sent("one.pdf"))] == ["one.pdf"]
    assert field.widget_attrs(field.widget)["accept"] == ".pdf,.hwp"


def test_no_file_is_an_empty_list_or_an_error() -> None:
    assert FilesField(required=False).clean([]) == []
    with pytest.raises(ValidationError) as refused:
        FilesField().clean([])
    assert refused.value.code == "required"


@pytest.mark.parametrize(
    ("files", "codes"),
    [
        (["a.pdf", "b.pdf", "c.pdf"], ["many"]),
        (["a.exe", "big.pdf"], ["ending", "large"]),
        (["pdf"], ["ending"]),
    ],
)
def test_each_file_that_is_not_taken_is_named(files: list[str], codes: list[str]) -> None:
    field = FilesField(most=2, max_size=100, endings=("pdf",))
    with pytest.raises(ValidationError) as refused:
        field.clean([sent(name, 101 if "big" in name else 10) for name in files])
    assert [error.code for error in refused.value.error_list] == codes
    if codes == ["ending", "large"]:
        assert ["a.exe" in refused.value.messages[0], "big.pdf" in refused.value.messages[1]] == [True, True]


# Rows


class Row(forms.Form):
    """A row with a choice that is made beforehand."""

    name = forms.CharField(max_length=5, show_hidden_initial=True)
    kind = forms.ChoiceField(choices=[("a", "A"), ("b", "B")], initial="b", show_hidden_initial=True)


Rows: type[AskedRows] = formset_factory(Row, formset=AskedRows, extra=1, max_num=3)  # type: ignore[assignment]


def posted(total: Any = "1", **more: str) -> QueryDict:
    data = QueryDict(mutable=True)
    data.update(
        {"r-TOTAL_FORMS": str(total), "r-INITIAL_FORMS": "0", "r-0-name": "far too long", "r-0-kind": "a", **more}
    )
    data._mutable = False
    return data


def test_a_row_asked_for_by_a_button_is_a_fresh_one_and_what_was_typed_stands() -> None:
    rows = Rows(posted(**{"r-add": "1"}), prefix="r")
    assert rows.asks_for_row
    unjudged(rows)
    first, second = rows.forms
    assert (first["name"].value(), first["kind"].value(), first.errors) == ("far too long", "a", {})
    assert (second["name"].value(), second["kind"].value(), second.is_bound) == (None, "b", False)
    assert 'value="2"' in str(rows.management_form["TOTAL_FORMS"])
    html = str(second["name"])
    assert "autofocus" in html, "the reader goes on in the new row"
    assert "autofocus" not in str(first["name"])
    assert (rows.non_form_errors(), rows.total_error_count()) == ([], 0)


@pytest.mark.parametrize("total", ["3", "900", "x", "-1", ""])
def test_no_more_rows_than_there_may_be(total: str) -> None:
    rows = Rows(posted(total, **{"r-add": "1"}), prefix="r")
    assert rows.asks_for_row
    assert rows._new_row is None


def test_without_the_button_nothing_is_added_and_errors_stand() -> None:
    rows = Rows(posted(), prefix="r")
    assert (rows.asks_for_row, len(rows.forms), rows.is_valid()) == (False, 1, False)
    assert Rows(prefix="r").asks_for_row is False
