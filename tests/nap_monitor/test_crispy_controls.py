"""Every sort of control of the crispy pack: named, described, in KRDS's classes, and linked to when faulty."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

from crispy_forms.utils import render_crispy_form
from django.template.loader import render_to_string
from django.test.html import parse_html
from django.utils import translation

from ministries.enums import Rating
from nap_monitor.lib.templatetags.krds import faults_of
from tests.browser.specimen import LineSet, Specimen


def parts_of(node: Any) -> Iterator[Any]:
    """Every element below this one, in the order of the page."""
    for child in getattr(node, "children", []):
        if hasattr(child, "name"):
            yield child
            yield from parts_of(child)


def words_in(node: Any) -> str:
    """The text of an element and what is in it."""
    return " ".join(" ".join(child if isinstance(child, str) else words_in(child) for child in node.children).split())


class Rendered:
    """A rendered form: its elements by id, its controls with their attributes."""

    def __init__(self, html: str) -> None:
        # Attributes without a value stand as (name, None); the same element tree as Django's assertHTMLEqual uses.
        found = [(node, dict(node.attributes)) for node in parts_of(parse_html(f"<div>{html}</div>"))]
        self.all = found
        self.ids = [attributes["id"] for _node, attributes in found if attributes.get("id")]
        self.by_id = {attributes["id"]: node for node, attributes in found if attributes.get("id")}
        self.controls = [
            (node, attributes)
            for node, attributes in found
            if node.name in ("input", "select", "textarea") and attributes.get("type") != "hidden"
            if "data-date-picker" not in attributes
        ]
        labels = [(node, attributes) for node, attributes in found if node.name == "label"]
        self.labels = {attributes["for"]: words_in(node) for node, attributes in labels if attributes.get("for")}


def everything(data: dict[str, Any] | None = None, **given: Any) -> str:
    form = Specimen(data, **given)
    with translation.override("en"):
        return render_crispy_form(form) + render_to_string(
            "krds/field.html", {"field": form["folded"], "form_show_labels": True}
        )


def test_every_control_has_a_name_and_ids_are_said_once() -> None:
    page = Rendered(everything())
    assert {given["name"].split("_value")[0].split("_state")[0] for _, given in page.controls} == set(Specimen().fields)
    named = {given["id"]: given.get("aria-label") or page.labels.get(given["id"]) for _, given in page.controls}
    assert [control for control, name in named.items() if not name] == []
    assert sorted(page.ids) == sorted(set(page.ids))


def test_what_describes_a_control_stands_on_the_page_with_its_error_among_it() -> None:
    page = Rendered(everything({"people": "twelve"}))
    faulty = set()
    for _node, given in page.controls:
        group = page.by_id.get(f"div_id_{given['name']}")
        around = dict(group.attributes).get("aria-describedby") if group else None
        ids = (given.get("aria-describedby") or around or "").split()
        assert [each for each in ids if each not in page.by_id] == []
        if given.get("aria-invalid") == "true":
            assert f"id_{given['name']}_error" in ids
            faulty.add(given["name"])
    needed = {name for name, field in Specimen().fields.items() if field.required and not field.disabled}
    assert faulty == needed | {"people"}


def test_each_sort_of_control_has_its_class_of_krds() -> None:
    page = Rendered(everything())
    classes = {given["name"]: (given.get("class") or "").split() for _node, given in page.controls}
    for name in ("title", "results", "day", "people", "amount_value", "share", "password", "fixed", "read"):
        assert "krds-input" in classes[name], name
    for name in ("kind", "amount_state", "fixed_kind"):
        assert {"krds-form-select", "completed"} <= set(classes[name]), name
    boxes = [dict(node.attributes).get("class", "") for node, _given in page.all if node.name == "div"]
    assert boxes.count("krds-form-check") == len(Rating) + 2 + 3 + 1 + 2, "the choices, the box to tick"
    assert boxes.count("chk-column krds-check-area") == 2, "one under the other"
    assert boxes.count("krds-check-area") == 2, "in one line"
    assert boxes.count("krds-file-upload line") == 2


def test_units_stand_behind_the_control_and_are_read_with_it() -> None:
    page = Rendered(everything())
    assert {name: words_in(page.by_id[f"id_{name}_unit"]) for name in ("people", "share", "amount")} == {
        "people": "명",
        "share": "%",
        "amount": "백만원",
    }
    described = {given["name"]: given.get("aria-describedby") for _node, given in page.controls}
    assert (described["people"], described["amount_value"]) == ("id_people_unit", "id_amount_unit")


def test_a_date_says_how_it_is_written_and_offers_the_calendar_to_the_script_only() -> None:
    html = everything(initial={"day": dt.date(2022, 1, 31)})
    assert 'type="text" name="day" value="2022-01-31"' in html
    assert 'id="id_day_format">Such as 2022-01-31 or 20220131</p>' in html
    assert re.search(r"<button[^>]* hidden data-date-open>", html)
    with translation.override("ko"):
        korean = render_crispy_form(Specimen(initial={"day": dt.date(2022, 1, 31)}))
    assert 'name="day" value="2022. 1. 31."' in korean


def test_what_cannot_be_changed_is_neither_required_nor_optional() -> None:
    page = Rendered(everything())
    titles = {name: page.labels[f"id_{name}"] for name in ("title", "share", "fixed", "read")}
    assert titles == {"title": "제목 Required", "share": "여성 비율 Optional", "fixed": "기관", "read": "읽기 전용"}
    fixed = [given["name"] for _node, given in page.controls if "disabled" in given]
    assert fixed == ["fixed", "fixed_kind", "fixed_answer", "fixed_answer"]


def test_summary_leads_to_a_control_of_every_faulty_field_and_row() -> None:
    form = Specimen({"people": "twelve", "amount_value": "much"})
    lines = LineSet(
        {
            "lines-TOTAL_FORMS": "2",
            "lines-INITIAL_FORMS": "1",
            "lines-0-programme": "x" * 21,
            "lines-1-budget_value": "1",
        },
        prefix="lines",
    )
    with translation.override("en"):
        faults = faults_of(form, lines, None, Specimen())
        page = Rendered(
            everything({"people": "twelve", "amount_value": "much"})
            + render_to_string("krds/formset.html", {"formset": lines, "caption": "", "add_label": ""})
        )
    labels = [fault.label for fault in faults]
    assert labels[-2:] == ["예산 내역 row 1, 세부사업명", "예산 내역 row 2, 세부사업명"]
    targets = [fault.target for fault in faults]
    assert len(targets) == len(form.errors) + 2
    assert [target for target in targets if page.by_id[target].name not in ("input", "select", "textarea")] == []
    assert {"id_rating_0", "id_kinds_0", "id_amount_0", "id_lines-0-programme"} <= set(targets)


def test_summary_names_rows_that_are_too_many_and_keeps_still_about_rows_that_go() -> None:
    data = {"lines-TOTAL_FORMS": "6", "lines-INITIAL_FORMS": "0", "lines-0-programme": "x" * 21, "lines-0-DELETE": "on"}
    with translation.override("en"):
        faults = faults_of(LineSet(data | {f"lines-{n}-programme": "사업" for n in range(1, 6)}, prefix="lines"))
    assert [(fault.label, fault.target) for fault in faults] == [("예산 내역", "rows-lines")]


def test_rows_may_be_cards_and_each_carries_its_errors() -> None:
    data = {"lines-TOTAL_FORMS": "1", "lines-INITIAL_FORMS": "1", "lines-0-programme": ""}
    with translation.override("en"):
        context = {"formset": LineSet(data, prefix="lines"), "layout": "cards", "row_label": "Line"}
        html = render_to_string("krds/formset.html", context)
    page = Rendered(html)
    legends = [words_in(node) for node, given in page.all if given.get("class") == "form-legend"]
    assert legends == ["Line 1", "Line"]
    tied = {given["name"]: given.get("aria-describedby") for _node, given in page.controls}
    assert tied["lines-0-programme"] == "id_lines-0-programme_error id_lines-0-programme_count"
    assert "<table" not in html
