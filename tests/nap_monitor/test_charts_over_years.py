"""The strip, the lines and the bars: what is drawn is what was given, and what they say in words says it all."""

from decimal import Decimal

import pytest
from django.template.loader import render_to_string

from nap_monitor.lib.charts_bars import BARS, Pair, bullet, paired_bars
from nap_monitor.lib.charts_lines import Point, Series, year_lines
from nap_monitor.lib.charts_strip import Item, status_strip

GOOD, BAD = Item("", "Good", "●", "#1c7a3d"), Item("", "Bad", "▼", "#c4320a")
OPEN = Item("", "Open", "□", "#ffffff", is_open=True)


def _items(count: int) -> list[Item]:
    return [Item(f"1.{number}", "Good", "●", "#1c7a3d") for number in range(count)]


def test_each_item_has_a_cell_of_its_own_with_its_code_and_shape() -> None:
    groups = [("First", _items(12)), ("Second area", [Item("2.1", "Open", "□", "#ffffff", ("●", "▼"), is_open=True)])]
    strip = status_strip("Title", groups, legend=[GOOD, BAD, OPEN])
    assert len({(cell.left, cell.top) for cell in strip.cells}) == 13
    assert [(mark.label, count) for mark, count in strip.counted] == [("Good", 12), ("Bad", 0), ("Open", 1)]
    assert strip.title.startswith("Title: Good 12 (1.0, 1.1, ")
    assert strip.title.endswith("; Open 1 (2.1)")
    drawn = render_to_string("charts/status_strip.svg", {"strip": strip})
    assert (drawn.count(">●<"), drawn.count(">□<"), drawn.count(">●▼<")) == (12, 1, 1)
    assert max(cell.top for cell in strip.cells) + strip.cell_height <= strip.height


def test_a_mark_without_a_legend_is_refused() -> None:
    with pytest.raises(ValueError, match="Good"):
        status_strip("Title", [("A", _items(1))], legend=[BAD])


def _series(*shares: float | None) -> Series:
    points = [Point(2021 + place, share, "" if share is None else f"{share}/1") for place, share in enumerate(shares)]
    return Series("Done", "●", "#1c7a3d", tuple(points))


def test_lines_join_years_that_follow_one_another_alone() -> None:
    chart = year_lines("Title", [_series(10, None, 30), _series(5, 40, None), _series(None, None, None)])
    assert [len(panel.lines) for panel in chart.panels] == [0, 1, 0]
    assert chart.scale == 50
    assert chart.title == "Title: Done: 2021 10/1, 2023 30/1; Done: 2021 5/1, 2022 40/1"
    drawn = render_to_string("charts/year_lines.svg", {"chart": chart})
    assert (drawn.count("<circle"), drawn.count(">2022<"), drawn.count(">40/1<")) == (4, 3, 1)


@pytest.mark.parametrize("shares", [(), (0,), (100, 100)])
def test_lines_of_no_one_and_two_years_are_drawn(shares) -> None:
    chart = year_lines("Title", [_series(*shares)])
    assert len(chart.panels[0].points) == len(shares)
    assert all(chart.upper <= float(point.y) <= chart.lower for point in chart.panels[0].points)


def test_paired_bars_have_one_scale_and_name_what_is_not_known() -> None:
    pairs = [
        Pair("A", Decimal(200), Decimal(50), "200", "50", "25"),
        Pair("B", Decimal(100), None, "100", "–", "–"),
    ]
    chart = paired_bars("Money", pairs, heads=("Budget", "Executed", "Rate"))
    assert [(row.planned_width, row.done_width) for row in chart.rows] == [
        (f"{BARS:.1f}", f"{BARS / 4:.1f}"),
        (f"{BARS / 2:.1f}", "0.0"),
    ]
    assert chart.title == "Money. A: Budget 200, Executed 50, Rate 25; B: Budget 100, Executed –, Rate –"


def test_a_bullet_has_the_target_beyond_the_actual_and_leaves_out_what_is_not_known() -> None:
    bar = bullet("Title", baseline=None, target=Decimal(100), actual=Decimal(50), width=103, height=16)
    assert (bar.target, bar.actual, bar.baseline) == ("100.0", "50.0", "")
    drawn = render_to_string("charts/bullet.svg", {"bar": bar})
    assert "<title>Title</title>" in drawn
    assert "stroke-dasharray" not in drawn
    nothing = bullet("Title", baseline=None, target=Decimal(0), actual=None, width=103, height=16)
    assert (nothing.has_actual, nothing.target) == (False, "0.0")
