"""The look: every component, the page frame, and the pages of signing in."""

import datetime as dt
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote

import pytest
from django.conf import settings
from django.core.paginator import Paginator
from django.template import Context, Template
from django.template.loader import render_to_string
from django.test import Client, RequestFactory
from django.urls import resolve
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme

from ministries.enums import Rating, Role, StateLabel
from nap_monitor.accounts.models import User
from nap_monitor.lib.localized import LocalizedText
from nap_monitor.lib.templatetags.look import address_in_language
from tests.factories import ImplementingBodyFactory, person
from tests.nap_monitor.looking import text_of

TEMPLATES = Path(settings.BASE_DIR) / "templates"
AT = dt.datetime(2022, 1, 31, 14, 5, tzinfo=dt.UTC)


def component(name: str, **context: Any) -> str:
    """The HTML of a component, in English."""
    with translation.override("en"):
        return render_to_string(f"components/{name}.html", context)


# Components


@pytest.mark.parametrize("code", [*Rating.values, "no-report"])
def test_every_rating_has_an_icon_and_its_text(code: str) -> None:
    html = component("rating_badge", code=code, label="The label")
    assert "<svg" in html
    assert text_of(html) == "The label"


@pytest.mark.parametrize("code", StateLabel.values)
def test_every_state_has_an_icon_and_its_text(code: str) -> None:
    html = component("state_badge", code=code, label="The label")
    assert "<svg" in html
    assert text_of(html) == "The label"


def test_icons_of_ratings_and_states_differ_in_shape() -> None:
    icons = [path.read_text() for path in (TEMPLATES / "components/icons").glob("*.svg") if "-" in path.stem]
    assert len(icons) == len(set(icons))


@pytest.mark.parametrize(
    ("days", "text"),
    [
        (-1398, "Overdue by 1,398 days"),
        (-3, "Overdue by 3 days"),
        (-1, "Overdue by 1 day"),
        (0, "Due today"),
        (1, "1 day left"),
        (12, "12 days left"),
    ],
)
def test_due_badge_tells_the_days(days: int, text: str) -> None:
    assert text_of(component("due_badge", days=days)) == text


@pytest.mark.parametrize("level", ["info", "success", "warning", "error"])
def test_notice_says_its_text_and_escapes_it(level: str) -> None:
    html = component("notice", level=level, title="Title", text="<b>bold</b>")
    assert "&lt;b&gt;bold&lt;/b&gt;" in html
    assert "Title" in html


def test_message_says_its_level_in_words() -> None:
    assert text_of(component("message", level="error", text="Not saved.")) == "Error: Not saved."


def test_progress_with_nothing_to_do_is_empty_and_no_fault() -> None:
    assert 'rect width="0"' in component("progress", label="Confirmed", value=0, total=0)


def test_stacked_bar_fills_the_width_and_names_each_share() -> None:
    segments = [{"code": code, "label": code, "count": 1} for code in ("draft", "submitted", "confirmed")]
    html = Template("{% load look %}{% stacked_bar segments 'By state' %}").render(Context({"segments": segments}))
    widths = [int(width) for width in re.findall(r'<rect x="\d+" width="(\d+)"', html)]
    assert sum(widths) == 1000
    assert "By state: draft 1, submitted 1, confirmed 1" in html


def test_timeline_shows_who_when_and_why() -> None:
    html = component(
        "timeline", entries=[{"label": "Returned", "at": AT, "actor": "Kim", "reason": "A figure is missing."}]
    )
    assert text_of(html) == "Returned 31 Jan 2022 23:05 Kim A figure is missing."


def test_conflict_shows_both_values() -> None:
    html = component("conflict", conflict={"stored": "theirs", "mine": "ours", "by": "Lee", "at": AT})
    assert "Saved meanwhile by Lee" in html
    assert "theirs" in html
    assert "ours" in html


def test_remark_shows_its_author_and_whether_it_is_resolved() -> None:
    remark = SimpleNamespace(text="Why?", author_label="Kim", at=AT, resolved_at=AT)
    assert text_of(component("remark", remark=remark)) == "Review comment Resolved Kim · 31 Jan 2022 23:05 Why?"


def test_pagination_keeps_the_filter() -> None:
    request = RequestFactory().get("/", {"state": "draft", "page": "2"})
    html = component("pagination", page=Paginator(range(30), 10).page(2), request=request)
    assert 'href="?state=draft&amp;page=1"' in html
    assert 'href="?state=draft&amp;page=3"' in html


def test_pagination_of_one_page_is_nothing() -> None:
    assert (
        component("pagination", page=Paginator(range(3), 10).page(1), request=RequestFactory().get("/")).strip() == ""
    )


@pytest.mark.parametrize(
    ("name", "context", "text"),
    [
        ("breadcrumbs", {"url1": "/a", "label1": "Rounds", "current": "2022"}, "Home Rounds 2022"),
        ("empty", {"title": "Nothing", "text": "Yet.", "url": "/a", "url_label": "Go"}, "Nothing Yet. Go"),
        ("form_buttons", {"label": "Save", "cancel_url": "/", "cancel_label": "Cancel"}, "Save Cancel"),
        (
            "mend_note",
            {"source": "a b", "note": "joined"},
            "Mend to the source text The scanned document reads a b Note on the mend joined",
        ),
        ("post_button", {"url": "/a", "label": "Resolve", "csrf_token": "x"}, "Resolve"),
        ("previous", {"text": "Last."}, "Last year's text Last."),
        ("stat", {"label": "Confirmed", "value": 3, "unit": "of 5", "url": "/a"}, "Confirmed 3 of 5"),
        ("unofficial_translation", {}, "Unofficial translation"),
    ],
)
def test_component_says(name: str, context: dict[str, Any], text: str) -> None:
    assert text_of(component(name, **context)) == text


def test_badges_of_long_lists_are_those_of_the_component_in_each_language() -> None:
    template = Template("{% load look %}{% rating_badge 'on-track' label %}")
    for label in ("On track", "정상추진"):
        assert (
            template.render(Context({"label": label}))
            == component("rating_badge", code="on-track", label=label).strip()
        )


# Language


def test_text_that_falls_back_carries_its_language() -> None:
    template = Template("{% load look %}{% localized text %}")
    with translation.override("en"):
        assert template.render(Context({"text": LocalizedText(ko="예방")})) == '<span lang="ko">예방</span>'
        assert template.render(Context({"text": LocalizedText(ko="예방", en="<Prevention>")})) == "&lt;Prevention&gt;"


@pytest.mark.parametrize(
    ("path", "korean", "english"),
    [
        ("/", "/", "/en/"),
        ("/en/", "/", "/en/"),
        ("/plans/3/?page=2", "/plans/3/?page=2", "/en/plans/3/?page=2"),
        ("/en/plans/3/", "/plans/3/", "/en/plans/3/"),
        ("/english/", "/english/", "/en/english/"),
        ("/plans/3/?q=%EA%B5%90&q=a%26b", "/plans/3/?q=%EA%B5%90&q=a%26b", "/en/plans/3/?q=%EA%B5%90&q=a%26b"),
        # What comes after signing in comes in the chosen language.
        ("/accounts/login/?next=/plans/3/", "/accounts/login/?next=/plans/3/", "/en/accounts/login/?next=/en/plans/3/"),
        (
            "/en/accounts/login/?next=/en/%3Fa%3D1",
            "/accounts/login/?next=/%3Fa%3D1",
            "/en/accounts/login/?next=/en/%3Fa%3D1",
        ),
    ],
)
def test_each_page_leads_to_itself_in_the_other_language(path: str, korean: str, english: str) -> None:
    context = Context({"request": RequestFactory().get(path)})
    assert address_in_language(context, "ko") == korean
    assert address_in_language(context, "en") == english


@pytest.mark.parametrize(
    "path",
    ["//evil.example/", "/en//evil.example/", "/en/en//evil.example/", "/%5Cevil.example/", "/en/%5C%5Cevil.example/"],
)
def test_no_address_of_a_missing_page_leads_to_another_host(path: str, rf: RequestFactory) -> None:
    request = rf.get("/")
    request.path_info = unquote(path)
    addresses = [address_in_language(Context({"request": request}), language) for language in ("ko", "en")]
    assert [address for address in addresses if not url_has_allowed_host_and_scheme(address, None)] == []


def test_where_the_program_is_mounted_stays(rf: RequestFactory) -> None:
    request = rf.get("/nap/accounts/login/?next=/nap/en/plans/", SCRIPT_NAME="/nap", PATH_INFO="/accounts/login/")
    assert address_in_language(Context({"request": request}), "ko") == "/nap/accounts/login/?next=/nap/plans/"
    assert address_in_language(Context({"request": request}), "en") == "/nap/en/accounts/login/?next=/nap/en/plans/"


@pytest.mark.parametrize("path", ["/accessibility/", "/nothing-is-here/"])
def test_a_query_of_too_many_fields_does_not_break_the_switch(path: str, client: Client) -> None:
    query = "next=/x" + "&" * (settings.DATA_UPLOAD_MAX_NUMBER_FIELDS + 1)
    answer = client.get(f"{path}?{query}")
    assert answer.status_code == (200 if path == "/accessibility/" else 404)
    assert f'href="/en{path}?next=/en/x" lang="en"' in answer.content.decode()


def shown_after_posting(path: str, *, back_url: str = "") -> str:
    request = RequestFactory().post(path)
    request.resolver_match = resolve(request.path_info)
    if back_url:
        request.back_url = back_url
    return address_in_language(Context({"request": request}), "en")


def test_a_form_that_is_shown_again_leads_to_itself_in_the_other_language() -> None:
    assert shown_after_posting("/accounts/login/?next=/x/") == "/en/accounts/login/?next=/en/x/"


def test_what_only_takes_posts_leads_to_the_page_that_it_belongs_to() -> None:
    step = "/plans/3/2023/MND/1.1.1/steps/return/"
    assert shown_after_posting(step, back_url="/en/plans/3/2023/MND/1.1.1/") == "/en/plans/3/2023/MND/1.1.1/"
    assert shown_after_posting(step) == "/en/"


# The page frame


@pytest.mark.django_db
@pytest.mark.parametrize(("path", "language"), [("/accounts/login/", "ko"), ("/en/accounts/login/", "en")])
def test_sign_in_page_has_frame_language_and_no_inline_code(client: Client, path: str, language: str) -> None:
    html = client.get(path).content.decode()
    assert f'<html lang="{language}">' in html
    assert 'href="#content"' in html
    assert html.count("<h1>") == 1
    assert html.count("<main ") == 1
    assert not re.search(r"""\s(style|on\w+)=["']|<script>|<style""", html)


def test_no_template_has_inline_style_or_script() -> None:
    # Documents and e-mails are no pages: no policy holds for them, and mail programs read no style sheets.
    others = (TEMPLATES / "pdf", TEMPLATES / "emails")
    pages = [path for path in TEMPLATES.rglob("*.html") if not {*others} & {*path.parents}]
    faulty = [path.name for path in pages if re.search(r"""\s(style|on\w+)=["']|<script>|<style""", path.read_text())]
    assert faulty == []


@pytest.mark.django_db
def test_sample_installation_says_so_on_every_page(client: Client, settings: Any) -> None:
    sentence = "Names, texts and figures are invented for demonstration."
    assert sentence in client.get("/en/accounts/login/").content.decode()
    assert sentence in client.get("/en/no-such-page/").content.decode()
    settings.SAMPLE_INSTALLATION = False
    assert sentence not in client.get("/en/accounts/login/").content.decode()


@pytest.mark.django_db
def test_only_an_official_site_says_that_it_is_one(client: Client, settings: Any) -> None:
    sentence = "This is an official electronic government website of the Republic of Korea."
    assert sentence not in client.get("/en/accounts/login/").content.decode()
    settings.OFFICIAL_SITE = True
    assert sentence in client.get("/en/accounts/login/").content.decode()
    assert sentence in client.get("/en/no-such-page/").content.decode()


@pytest.mark.django_db
def test_missing_page_is_explained_to_strangers_and_to_people(client: Client) -> None:
    answer = client.get("/en/no-such-page/")
    assert answer.status_code == 404
    assert "This page does not exist, or you may not see it." in answer.content.decode()
    assert 'href="/no-such-page/"' in answer.content.decode()
    client.force_login(person(Role.COORDINATOR, ImplementingBodyFactory(code="LEAD", is_lead=True)))
    assert "To the start page" in client.get("/en/no-such-page/").content.decode()


def test_wrong_state_gives_its_reason() -> None:
    with translation.override("en"):
        html = render_to_string("409.html", {"reason": "It is confirmed.", "back_url": "/x/"})
    assert "It is confirmed." in html
    assert 'href="/x/"' in html


def test_fault_page_needs_nothing() -> None:
    html = render_to_string("500.html")
    assert "Something went wrong" in html
    assert "처리 중 오류가 발생했습니다" in html


@pytest.mark.django_db
def test_form_without_its_security_mark_is_explained() -> None:
    answer = Client(enforce_csrf_checks=True).post("/en/accounts/login/", {"login": "a@example.org"})
    assert answer.status_code == 403
    assert "what you typed is still in the form" in answer.content.decode()


# Signing in


@pytest.mark.django_db
def test_wrong_password_is_told_in_the_readers_language(client: Client) -> None:
    data = {"login": "nobody@example.org", "password": "wrong"}
    assert "또는 비밀번호가 올바르지 않습니다." in client.post("/accounts/login/", data).content.decode()
    english = client.post("/en/accounts/login/", data).content.decode()
    assert "The email address and/or password you specified are not correct." in english
    assert "nobody@example.org" in english
    assert 'href="/accounts/login/" lang="ko"' in english, "the other language stays on the page"


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["login", "signup", "inactive", "password/reset", "password/reset/done"])
def test_pages_of_signing_in_are_open_to_strangers(client: Client, path: str) -> None:
    assert client.get(f"/en/accounts/{path}/").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["email", "confirm-email", "password/set", "signup/passkey", "login/code"])
def test_other_pages_of_the_library_are_not_there(client: Client, path: str) -> None:
    assert client.get(f"/en/accounts/{path}/").status_code == 404


@pytest.mark.django_db
def test_nobody_can_sign_up(client: Client) -> None:
    data = {"email": "new@example.org", "password1": "long-enough-1325", "password2": "long-enough-1325"}
    assert "By invitation only" in client.post("/en/accounts/signup/", data).content.decode()
    assert not User.objects.filter(email="new@example.org").exists()


@pytest.mark.django_db
def test_a_stale_link_for_a_password_says_so(client: Client) -> None:
    assert "This link is no longer valid" in client.get("/en/accounts/password/reset/key/abc-def/").content.decode()


@pytest.mark.django_db
def test_a_page_behind_sign_in_leads_there_in_the_same_language(client: Client) -> None:
    assert client.get("/en/help/").headers["Location"] == "/en/accounts/login/?next=/en/help/"
