"""A report's content in one language."""

import pytest
from django.utils.translation import override

from nap_monitor.lib.charts import ink_on
from nap_monitor.lib.pdf import font_characters
from reports.selectors.counts import COUNTED
from reports.words import COLOURS, SYMBOLS, Words, lines, number

CONTENT = {
    "scale": [{"code": code, "label": {"ko": f"{code} 가", "en": code}} for code in COUNTED],
    "bodies": [{"code": "A", "name": {"ko": "가나부", "en": "Ministry A"}, "short_name": {"ko": "가부", "en": "A"}}],
}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (None, "–"),
        ("0", "0"),
        ("999", "999"),
        ("1234.567", "1,234.567"),
        ("1000000000000", "1,000,000,000,000"),
        ("-0.5", "△0.5"),
        ("-1234.5", "△1,234.5"),
    ],
)
def test_numbers_have_separators_and_nothing_is_a_dash(text, shown) -> None:
    assert number(text) == shown


def test_everything_counted_has_a_shape_of_its_own_that_can_be_printed() -> None:
    assert set(SYMBOLS) == set(COUNTED)
    assert len(set(SYMBOLS.values())) == len(SYMBOLS)
    assert all(ord(symbol) in font_characters() for symbol in SYMBOLS.values())


@pytest.mark.parametrize("code", COUNTED)
def test_a_count_can_be_read_on_its_colour(code) -> None:
    def luminance(colour: str) -> float:
        parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    darker, lighter = sorted(luminance(colour) for colour in (COLOURS[code], ink_on(COLOURS[code])))
    assert (lighter + 0.05) / (darker + 0.05) >= 4.5


def test_not_started_is_counted_with_rethink() -> None:
    counts = dict.fromkeys(COUNTED, 0) | {"rethink": 2, "not-started": 3, "on-track": 1}
    words = Words(CONTENT, "ko")
    assert {code: count for code, _label, count in words.counted(counts) if count} == {
        "on-track": 1,
        "rethink": 5,
        "not-started": 3,
    }
    assert words.bar("T", counts, width=600, height=20).title == "T: on-track 가 1, rethink 가 5"


def test_text_falls_back_to_the_language_that_is_there() -> None:
    assert Words(CONTENT, "en").text({"ko": "가"}) == "가"
    assert Words(CONTENT, "en").body("A") == "Ministry A"
    assert Words(CONTENT, "ko").short_body("A") == "가부"


@pytest.mark.parametrize(("language", "shown"), [("ko", "2022. 1. 31."), ("en", "31 January 2022")])
def test_days_are_written_as_the_language_writes_them(language, shown) -> None:
    with override(language):
        assert Words(CONTENT, language).day("2022-01-31") == shown
        assert Words(CONTENT, language).day("") == ""


def test_a_figure_without_a_value_says_why() -> None:
    words = Words(CONTENT, "en")
    with override("en"):
        shown = [words.field({"value": None, "state": state}) for state in ("not-known", "not-applicable", "")]
    assert shown == ["Not known", "Not applicable", "–"]
    assert words.field({"value": "0", "state": "value"}) == "0"


def test_lines_lose_the_empty_ones_and_items_are_told() -> None:
    assert [(line.text, line.is_item) for line in lines("하나\r\n\r\n - 둘\n○ 셋\n-")] == [
        ("하나", False),
        ("- 둘", True),
        ("○ 셋", True),
        ("-", False),
    ]
