"""Forms in a real browser, under the page's own policy: counter, rows, dates, files, passwords, the way to an error."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Desks

pytestmark = [
    pytest.mark.browser,
    pytest.mark.one_database,
    pytest.mark.django_db(transaction=True),
    pytest.mark.urls("tests.browser.specimen"),
]

LINES, CARDS = "[data-formset=lines]", "[data-formset=activities]"


@pytest.fixture
def page(desks: Desks) -> Page:
    opened = desks.stranger()
    opened.goto("/en/specimen/")
    return opened


@pytest.fixture
def plain(desks: Desks) -> Page:
    """A browser without JavaScript."""
    opened = desks.stranger(viewport={"width": 1280, "height": 900}, java_script_enabled=False)
    opened.goto("/en/specimen/")
    return opened


def rows(page: Page, formset: str = LINES) -> list[str]:
    """The numbers of the rows that are to be seen."""
    return page.locator(f"{formset} [data-formset-row]:not([hidden]) [data-formset-number]").all_inner_texts()


# Counter


def test_a_text_is_counted_as_it_is_typed_and_never_cut(page: Page) -> None:
    count = page.locator("#id_results_count")
    expect(count).to_have_text("0/100 characters")
    page.fill("#id_results", "가" * 99 + "\n😀")
    expect(count).to_have_text("101/100 characters · Characters too many: 1")
    expect(page.locator("#id_results")).to_have_value("가" * 99 + "\n😀")
    short = page.locator("#id_title_count")
    expect(short).to_be_hidden()
    page.fill("#id_title", "가" * 18)
    expect(short).to_have_text("18/20 characters")


def test_the_count_is_spoken_near_the_limit_only_and_when_the_typing_pauses(page: Page) -> None:
    page.evaluate("""() => { window.heard = [];
        const said = document.querySelector("#id_results_count + [role=status]");
        new MutationObserver(() => said.textContent && window.heard.push(said.textContent))
            .observe(said, { childList: true, characterData: true, subtree: true }); }""")
    page.fill("#id_results", "")
    page.locator("#id_results").press_sequentially("나" * 50)
    page.wait_for_timeout(1300)
    assert page.evaluate("window.heard") == []
    page.fill("#id_results", "나" * 90)
    page.locator("#id_results").press_sequentially("다라마", delay=50)
    page.wait_for_timeout(1300)
    assert page.evaluate("window.heard") == ["Characters left: 7"]


def test_without_a_script_the_limit_stands_there(plain: Page) -> None:
    expect(plain.locator("#id_results_count")).to_have_text("Up to 100 characters")
    for hidden in ("[data-date-open]", "[data-reveal]", "[data-files-choose]", "[data-formset-remove]"):
        assert plain.locator(hidden).first.is_hidden()


# Rows


def test_rows_are_added_and_numbered_up_to_the_limit_without_leaving_the_page(page: Page) -> None:
    page.evaluate("window.here = true")
    page.click(f"{LINES} [data-formset-add]")
    assert rows(page) == ["1", "2", "3"]
    expect(page.locator("#id_lines-2-programme")).to_be_focused()
    expect(page.locator(f"{LINES} [data-formset-said]")).to_have_text("Row added: 3")
    page.click(f"{LINES} [data-formset-add]")
    expect(page.locator(f"{LINES} [data-formset-add]")).to_be_hidden()
    page.fill("#id_lines-3-programme", "가" * 21)
    expect(page.locator("#id_lines-3-programme_count")).to_contain_text("too many: 1")
    assert page.evaluate("window.here")


def test_a_card_is_added_with_its_calendar_and_counter(page: Page) -> None:
    page.click(f"{CARDS} [data-formset-add]")
    assert rows(page, CARDS) == ["1", "2"]
    expect(page.locator("#id_activities-1-day ~ [data-date-open]")).to_be_visible()
    expect(page.locator("#id_activities-1-name_count")).to_have_text("0/200 characters")


def test_an_empty_new_row_goes_at_once_and_a_filled_one_can_be_kept(page: Page) -> None:
    page.click(f"{LINES} [data-formset-add]")
    page.fill("#id_lines-1-programme", "둘째")
    remove = page.locator(f"{LINES} [data-formset-remove]")
    remove.nth(2).click()
    assert rows(page) == ["1", "2"]
    remove.nth(1).click()
    row = page.locator(f"{LINES} [data-formset-row]").nth(1)
    expect(row).to_have_class("is-deleted")
    expect(remove.nth(1)).to_have_accessible_name("Keep")
    expect(page.locator(f"{LINES} [data-formset-said]")).to_have_text("Row removed: 2")
    remove.nth(1).click()
    expect(row).not_to_have_class("is-deleted")
    expect(page.locator("#id_lines-1-programme")).to_have_value("둘째")
    # A stored row only goes when the form is saved.
    page.fill("#id_lines-0-programme", "")
    remove.nth(0).click()
    expect(page.locator(f"{LINES} [data-formset-row]").nth(0)).to_be_visible()
    assert page.is_checked("#id_lines-0-DELETE")


def test_enter_in_a_field_sends_the_form_and_adds_no_row(page: Page, plain: Page) -> None:
    for each in (page, plain):
        each.press("#id_lines-0-programme", "Enter")
        expect(each.locator("[data-error-summary]")).to_be_visible()
        assert len(rows(each)) == 2


def test_a_row_is_added_without_a_script_and_the_reader_goes_on_in_it(plain: Page) -> None:
    plain.fill("#id_title", "제목")
    plain.fill("[name=lines-0-budget_value]", "not a number")
    plain.click("[name=lines-add]")
    assert rows(plain) == ["1", "2", "3"]
    expect(plain.locator("#id_lines-2-programme")).to_be_focused()
    expect(plain.locator("#id_title")).to_have_value("제목")
    expect(plain.locator("[name=lines-0-budget_value]")).to_have_value("not a number")
    expect(plain.locator("[data-error-summary]")).to_have_count(0)
    plain.click("label[for=id_lines-0-DELETE]")
    assert plain.is_checked("#id_lines-0-DELETE")


# The way to an error


@pytest.mark.parametrize(
    ("link", "control"),
    [
        ("제목: ", "#id_title"),
        ("자체평가: ", "#id_rating_0"),
        ("접힌 항목: ", "#id_folded"),
        ("예산 내역 row 1, 예산현액(백만원): ", "[name=lines-0-budget_value]"),
    ],
)
def test_summary_is_read_first_and_each_link_leads_into_its_field(page: Page, link: str, control: str) -> None:
    page.fill("[name=lines-0-budget_value]", "not a number")
    page.click("[name=save]")
    summary = page.locator("[data-error-summary]")
    expect(summary).to_be_focused()
    expect(page.locator("#id_folded")).to_be_hidden()
    summary.get_by_role("link", name=link).click()
    field = page.locator(control)
    expect(field).to_be_focused()
    expect(page.locator(f".form-group:has({control})").last).to_be_in_viewport()


def test_summary_leads_to_the_field_without_a_script_too(plain: Page) -> None:
    plain.click("[name=save]")
    plain.locator("[data-error-summary]").get_by_role("link", name="자체평가: ").click()
    expect(plain.locator("label[for=id_rating_0]")).to_be_in_viewport()


# Dates, passwords, files


def test_the_calendar_writes_the_date_as_the_language_types_it(desks: Desks) -> None:
    for language, shown in (("", "2022. 2. 1."), ("/en", "2022-02-01")):
        page = desks.stranger()
        page.goto(f"{language}/specimen/")
        page.fill("#id_day", "2022. 1. 31.")
        box = page.locator("[data-date]:has(#id_day)")
        # The browser's calendar is no part of the page: what it answers is what is tested.
        box.locator("[data-date-open]").click()
        expect(box.locator("[data-date-picker]")).to_have_value("2022-01-31")
        box.locator("[data-date-picker]").evaluate(
            "(picker) => { picker.value = '2022-02-01'; picker.dispatchEvent(new Event('change')); }"
        )
        expect(page.locator("#id_day")).to_have_value(shown)
        expect(page.locator("#id_day")).to_be_focused()


def test_a_password_can_be_looked_at_and_is_hidden_before_it_is_sent(page: Page) -> None:
    field, button = page.locator("#id_password"), page.locator("[data-reveal=id_password]")
    expect(button).to_have_accessible_name("Show what I type")
    button.click()
    expect(field).to_have_attribute("type", "text")
    expect(button).to_have_attribute("aria-pressed", "true")
    page.evaluate("document.querySelector('main form').addEventListener('submit', (event) => event.preventDefault())")
    page.click("[name=save]")
    expect(field).to_have_attribute("type", "password")


def test_chosen_files_are_listed_and_one_can_be_taken_out(page: Page, tmp_path: Path) -> None:
    small, large = tmp_path / "회의 결과.pdf", tmp_path / "large.pdf"
    small.write_bytes(b"x" * 2048)
    large.write_bytes(b"x" * (1024 * 1024 + 1))
    box = page.locator("#div_id_files")
    page.set_input_files("#id_files", [small, large])
    expect(box.locator(".total")).to_have_text("Files chosen: 2")
    assert box.locator(".file-name").all_inner_texts() == ["회의 결과.pdf [2 KB]", "large.pdf [1.0 MB]"]
    assert box.locator(".file-hint-invalid").evaluate_all("(all) => all.map((each) => each.hidden)") == [True, False]
    box.get_by_role("button", name="Remove: large.pdf").click()
    expect(box.locator(".total")).to_have_text("Files chosen: 1")
    assert page.evaluate("[...document.querySelector('#id_files').files].map((file) => file.name)") == ["회의 결과.pdf"]


def test_a_filled_form_arrives_whole(page: Page, tmp_path: Path) -> None:
    proof = tmp_path / "공문.hwp"
    proof.write_bytes(b"x")
    page.fill("#id_title", "제목")
    page.fill("#id_results", "결과")
    page.fill("#id_day", "20220131")
    page.fill("#id_password", "secret")
    page.select_option("#id_kind", "training")
    for choice in ("id_rating_0", "id_answer_1", "id_kinds_2", "id_sure"):
        page.click(f"label[for={choice}]")
    page.set_input_files("#id_files", [proof, proof])
    page.click("#folded > summary")
    page.fill("#id_folded", "열림")
    page.locator(f"{LINES} [data-formset-remove]").nth(0).click()
    page.click("[name=save]")
    expect(page.locator("#saved")).to_have_text("2022-01-31 2 1")


# Size


def test_everything_is_large_enough_for_a_finger_and_nothing_scrolls_to_the_side(desks: Desks) -> None:
    page = desks.stranger(**{**PHONE, "viewport": {"width": 360, "height": 780}})
    page.goto("/specimen/")
    page.click("#folded > summary")
    page.set_input_files("#id_files", [{"name": "가" * 80 + ".pdf", "mimeType": "application/pdf", "buffer": b"x"}])
    page.click("[name=save]")
    page.click("#folded > summary")
    small = page.evaluate("""() => [...document.querySelectorAll(
        "main :is(input, select, textarea, .krds-form-check label, button, summary, [data-files-choose])")]
        .filter((part) => !part.matches("[type=hidden], [type=checkbox], [type=radio], [type=file], [tabindex='-1']"))
        .filter((part) => part.checkVisibility() && part.getBoundingClientRect().height < 44)
        .map((part) => part.outerHTML.slice(0, 120))""")
    assert small == []
    assert page.evaluate("document.documentElement.scrollWidth") == 360


def test_what_is_put_into_the_page_later_begins_too_and_nothing_begins_twice(page: Page) -> None:
    page.evaluate("""() => {
        const part = document.createElement("div");
        const empty = document.querySelector("[data-formset=activities] template");
        part.innerHTML = empty.innerHTML.replaceAll("__prefix__", "9");
        document.querySelector("main form").append(part);
        const loaded = (target) => target.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true }));
        loaded(part);
        loaded(document.body);
    }""")
    expect(page.locator("#id_activities-9-name_count")).to_have_text("0/200 characters")
    expect(page.locator("#id_activities-9-day ~ [data-date-open]")).to_be_visible()
    page.click(f"{LINES} [data-formset-add]")
    assert rows(page) == ["1", "2", "3"]
    expect(page.locator("#id_results_count ~ [role=status]")).to_have_count(1)
