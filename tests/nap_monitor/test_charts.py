"""Bars of shares."""

import pytest
from django.template.loader import render_to_string

from nap_monitor.lib.charts import DARK, LIGHT, Share, ink_on, stacked_bar

SHARES = [Share("A", 3, "#1c7a3d"), Share("B", 0, "#e0a100"), Share("C", 1, "#33363d")]


def test_the_segments_fill_the_bar() -> None:
    bar = stacked_bar("Title", SHARES, width=200, height=20)
    assert [(segment.x, segment.width) for segment in bar.segments] == [("0.00", "150.00"), ("150.00", "50.00")]


def test_the_title_says_in_words_what_is_shown() -> None:
    assert stacked_bar("Title", SHARES, width=200, height=20).title == "Title: A 3, C 1"
    assert stacked_bar("Title", [], width=200, height=20).title == "Title"


def test_a_count_is_written_only_where_there_is_room() -> None:
    bar = stacked_bar("Title", [Share("A", 1, "#000000"), Share("B", 999, "#ffffff")], width=200, height=20)
    assert [segment.text for segment in bar.segments] == ["", "999"]


def test_a_shape_stands_before_the_count_where_there_is_room_for_both() -> None:
    shares = [Share("A", 10, "#000000", "●"), Share("B", 2, "#ffffff", "▼"), Share("C", 1, "#000000", "■")]
    bar = stacked_bar("Title", shares, width=150, height=20)
    assert [segment.text for segment in bar.segments] == ["● 10", "2", ""]


def test_a_bar_without_counts_is_empty() -> None:
    assert stacked_bar("Title", [Share("A", 0, "#000000")], width=200, height=20).segments == ()


@pytest.mark.parametrize(("colour", "ink"), [("#ffffff", DARK), ("#000000", LIGHT), ("#e0a100", DARK)])
def test_the_count_can_be_read_on_its_colour(colour, ink) -> None:
    assert ink_on(colour) == ink


def test_the_picture_has_its_font_and_title_and_escapes_them() -> None:
    drawn = render_to_string("charts/stacked_bar.svg", {"bar": stacked_bar("<b>&", SHARES, width=200, height=20)})
    assert "<title>&lt;b&gt;&amp;: A 3, C 1</title>" in drawn
    assert 'font-family="Pretendard GOV"' in drawn
