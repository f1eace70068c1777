"""Components by which one goes on: heads that sort, pages, tabs, side navigation, steps, modals; and badges by name."""

import re
from typing import Any

import pytest
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import RequestFactory
from django.utils import translation

from nap_monitor.lib.links import Link
from nap_monitor.lib.localized import LocalizedText
from tests.nap_monitor.looking import text_of


def rendered(source: str, path: str = "/", **context: Any) -> str:
    """A piece of a template that loads the look, for a request of ``path``, in English."""
    request = RequestFactory().get(path)
    with translation.override("en"):
        return Template("{% load look %}" + source).render(Context({"request": request, **context}))


def component(name: str, **context: Any) -> str:
    with translation.override("en"):
        return render_to_string(f"components/{name}.html", context)


# Heads that sort


@pytest.mark.parametrize(
    ("sort", "direction", "leads_to"), [("", None, "due"), ("due", "ascending", "-due"), ("-due", "descending", "due")]
)
def test_a_head_says_how_the_list_is_sorted_and_leads_the_other_way(sort, direction, leads_to) -> None:
    html = rendered("{% sort_head sort 'due' 'Due date' %}", sort=sort)
    found = re.search(r'aria-sort="(\w+)"', html)
    assert (found[1] if found else None) == direction
    assert f'href="?sort={leads_to}"' in html
    assert text_of(html) == "Due date"


def test_a_head_keeps_the_filter_and_goes_to_the_first_page() -> None:
    html = rendered("{% sort_head '' 'due' 'Due' %}", path="/?state=draft&q=a+%26+b&page=3&sort=x")
    assert 'href="?state=draft&amp;q=a+%26+b&amp;sort=due"' in html


def test_each_direction_has_a_sign_of_its_own() -> None:
    signs = {re.search(r"<svg.*</svg>", rendered(f"{{% sort_head '{sort}' 'a' 'A' %}}"))[0] for sort in ("", "a", "-a")}
    assert len(signs) == 3


# Pages


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "Previous Current page 1 2 … 12 Next"),
        (6, "Previous 1 … 5 Current page 6 7 … 12 Next"),
        (12, "Previous 1 … 11 Current page 12 Next"),
    ],
)
def test_pages_are_named_first_last_and_those_beside(number: int, words: str) -> None:
    page = Paginator(range(120), 10).page(number)
    html = component("pagination", page=page, request=RequestFactory().get("/"))
    assert text_of(html) == words
    assert html.count('aria-current="page"') == 1


def test_the_first_page_leads_nowhere_back() -> None:
    html = component("pagination", page=Paginator(range(30), 10).page(1), request=RequestFactory().get("/"))
    assert 'rel="prev"' not in html
    assert 'rel="next"' in html


# Tabs and side navigation


def test_tabs_are_links_one_of_them_current() -> None:
    tabs = [Link("?a", "Own"), Link("?b", "All", is_current=True, note=0)]
    html = component("tabs", label="Lists", entries=tabs)
    assert re.findall(r'href="([^"]+)"( aria-current="true")?', html) == [("?a", ""), ("?b", ' aria-current="true"')]
    assert text_of(html) == "Own All 0"


def test_side_navigation_has_two_levels_and_no_roles_of_a_menu() -> None:
    inner = [Link("/2022/list/", "List", is_current=True), Link("/2022/ratings/", "Ratings")]
    years = [Link("/2023/", "2023"), Link("/2022/", "2022", is_current=True, entries=inner)]
    html = component("side_navigation", label="Years", entries=years)
    assert "role=" not in html
    assert text_of(html) == "Years 2023 2022 List Ratings"
    assert re.findall(r'href="([^"]+)" aria-current="(\w+)"', html) == [("/2022/", "true"), ("/2022/list/", "page")]


def test_the_label_of_a_link_that_falls_back_carries_its_language() -> None:
    html = component("side_navigation", label="Contents", entries=[Link("#a", LocalizedText(ko="예방"))])
    assert '<span lang="ko">예방</span>' in html


# Steps


def test_steps_say_in_words_what_is_done_and_where_one_is() -> None:
    steps = [{"label": "Write", "is_done": True}, {"label": "Sign off", "is_current": True, "note": "today"}]
    html = component("steps", steps=[*steps, {"label": "Submit"}], label="Way")
    assert text_of(html) == "Step 1 , done Write Step 2 Sign off today Step 3 Submit"
    assert html.count('aria-current="step"') == 1


# Modals


def test_the_shell_of_a_modal_is_no_part_of_the_page_until_a_script_takes_it() -> None:
    html = component("modal")
    assert html.startswith("<template data-modal-shell>")
    failed = "This could not be sent. Check the connection, and try again: what you typed is still here."
    assert text_of(html) == f"{failed} Close"


# Badges


@pytest.mark.parametrize("kind", ["gray", "primary", "secondary", "information", "success", "warning", "danger"])
def test_a_badge_has_its_kind_its_icon_and_its_text(kind: str) -> None:
    html = rendered("{% badge label kind icon='clock' %}", label="<Late>", kind=kind)
    assert f'class="krds-badge bg-light-{kind}"' in html
    assert "<svg" in html
    assert "&lt;Late&gt;" in html


@pytest.mark.parametrize("code", ["open", "partly", "restricted"])
def test_each_disclosure_has_a_sign_of_its_own(code: str) -> None:
    html = component("disclosure_badge", code=code, label="Word")
    others = [component("disclosure_badge", code=other, label="Word") for other in ("open", "partly", "restricted")]
    assert others.count(html) == 1
    assert text_of(html) == "Word"


def test_due_badges_of_long_lists_speak_the_language_of_the_page() -> None:
    template = Template("{% load look %}{% due_badge -3 %}")
    words = {}
    for language in ("en", "ko"):
        with translation.override(language):
            words[language] = text_of(template.render(Context()))
    assert words == {"en": "Overdue by 3 days", "ko": "기한 경과 3일"}
