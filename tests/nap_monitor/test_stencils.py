"""Kept components: never another's, never another language's, and what comes late is escaped."""

from dataclasses import dataclass

import pytest
from django.template import Context, Template
from django.utils.safestring import mark_safe
from django.utils.translation import gettext_lazy, override

from nap_monitor.lib.stencils import remembered, stencil

LINE, CELL = "ministries/partials/_overview_line.html", "ministries/partials/_overview_cell.html"
LATE = ("url", "code", "title", "mark", "cells")


def line(**values: object) -> str:
    return stencil(LINE, {"is_marked": 1}, LATE)(**{**dict.fromkeys(LATE, ""), **values})


def test_what_comes_late_stands_in_its_place_and_is_escaped() -> None:
    shown = line(title="<b>100 %</b> %(url)s", url='/?a=1&b="', cells=mark_safe("<td></td>"))
    assert 'href="/?a=1&amp;b=&quot;"' in shown
    assert "&lt;b&gt;100 %&lt;/b&gt; %(url)s</a>" in shown
    assert shown.endswith("</th><td></td></tr>")


def test_the_same_component_is_kept_apart_by_language_by_what_it_is_given_and_by_what_is_safe() -> None:
    with override("ko"):
        korean = line()
    with override("en"):
        english = line()
    assert korean != english
    bar = "components/breadcrumbs.html"
    given = [stencil(bar, {"current": text})() for text in ("<i>", mark_safe("<i>"), "b", gettext_lazy("Plan"))]
    assert ["&lt;i&gt;" in given[0], "<i>" in given[1], "b" in given[2]] == [True, True, True]
    assert stencil(bar, {"current": "<i>"})() == given[0]
    assert len(set(given)) == 4


def test_nobody_can_write_a_place_into_a_value_that_is_given() -> None:
    trap = stencil("components/breadcrumbs.html", {"current": "\ue000late\ue001 %(late)s"}, ("late",))(late="secret")
    assert "secret" not in trap


@dataclass(frozen=True)
class Named:
    """A value with parts."""

    label: object


def test_a_value_with_parts_is_told_from_another_one_and_an_unknown_one_is_refused() -> None:
    made: list[str] = []

    def shown(value: object) -> str:
        def make() -> dict[str, object]:
            made.append("made")
            return {"current": str(value)}

        return remembered("components/breadcrumbs.html", {"test": "parts", "value": value}, make)

    first, again, other = shown([Named("가")]), shown([Named("가")]), shown([Named("나")])
    assert (first == again, first == other, made) == (True, False, ["made", "made"])
    with pytest.raises(TypeError, match="object"):
        shown(object())


def test_a_page_includes_a_kept_component_with_its_own_values() -> None:
    page = Template('{% load kept %}{% kept "components/session_time.html" late="until csrf_token" %}')
    shown = [page.render(Context({"until": "17:00", "csrf_token": token})) for token in ("first", "second")]
    assert ['value="first"' in shown[0], 'value="second"' in shown[1]] == [True, True]
    assert shown[0].replace("first", "second") == shown[1]
    assert "17:00" in shown[0]
