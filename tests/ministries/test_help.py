"""The help: an index by role, a guide a role in both languages, with pictures; and beside each page of the work."""

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from django.utils.translation import override
from PIL import Image

from ministries.enums import Role, State
from ministries.models import ImplementingBody, Submission
from ministries.selectors import guides
from ministries.templatetags.help import HEIGHT, WIDTH
from ministries.views.help import read_guide
from nap_monitor.accounts.models import User
from tests.factories import AppointmentFactory, RoundFactory, UserFactory, person, submission_in
from tests.page_walk import patterns
from tests.pages import text_of
from tests.test_catalogues import VARIANTS

ROOT = Path(settings.BASE_DIR)
TEXTS = ROOT / "templates" / "help"
LANGUAGES = [code for code, _name in settings.LANGUAGES]
PICTURE = re.compile(r'<img src="/static/(help/\w+/[\w-]+\.webp)" alt="([^"]*)"')
HANGUL = re.compile(r"[\uac00-\ud7a3]")
#: What a picture may weigh, in bytes.
HEAVIEST = 60_000
#: Pages of the work that need no help of their own.
#: Beside pages of accounts and of help itself: what is read by others, and what is a sheet of paper.
WITHOUT_HELP = re.compile(
    r"^(account_|help|accessibility|user_|session|ministries:file_download|gallery|reports:\w+_print)"
)


def all_help() -> Iterator[guides.Help]:
    for by_role in guides.PAGES.values():
        yield from by_role.values()


@pytest.fixture
def submission(body: ImplementingBody) -> Submission:
    return submission_in(State.CONFIRMED, round=RoundFactory(year=2022), body=body)


# Index and guides


@pytest.mark.parametrize("language", ["", "/en"])
@pytest.mark.parametrize("role", list(Role))
def test_the_index_begins_with_the_readers_own_guide(
    role: Role, language: str, db: None, signed_in: Callable[[User], Client]
) -> None:
    page = signed_in(person(role)).get(f"{language}/help/").content.decode()
    order = re.findall(rf'<h2><a href="{language}/help/([\w-]+)/"', page)
    assert (order[0], sorted(order)) == (role.value, sorted(Role.values))
    assert page.count("is-own") == 1


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("role", list(Role))
def test_every_guide_has_its_steps_and_its_pictures(
    role: Role, language: str, db: None, signed_in: Callable[[User], Client]
) -> None:
    with override(language):
        address = reverse("help_guide", args=[role.value])
    page = signed_in(UserFactory()).get(address)
    html = page.content.decode()
    found = PICTURE.findall(html)
    assert found
    for name, alt in found:
        assert name.split("/")[1] == language
        assert len(alt) > 10
        assert bool(HANGUL.search(alt)) is (language == "ko")
    with override(language):
        guide = read_guide(role)
    assert len(guide.sections) >= 3
    for anchor, title in guide.sections:
        assert f'<section id="{anchor}">' in html
        assert f'href="{address}#{anchor}"' in html
        assert title in text_of(page)


def test_a_guide_that_there_is_not_is_not_found(db: None, signed_in: Callable[[User], Client]) -> None:
    assert signed_in(UserFactory()).get("/help/minister/").status_code == 404


def test_every_picture_is_there_small_and_of_one_size() -> None:
    used = set()
    for language in LANGUAGES:
        with override(language):
            for role in Role:
                used |= {name for name, _alt in PICTURE.findall(read_guide(role).text)}
    files = {str(path.relative_to(ROOT / "static")) for path in (ROOT / "static" / "help").rglob("*.*")}
    assert files == used
    for name in sorted(files):
        path = ROOT / "static" / name
        assert path.stat().st_size <= HEAVIEST, name
        assert Image.open(path).size == (WIDTH, HEIGHT), name


# The texts


def test_the_languages_have_the_same_texts_with_the_same_parts() -> None:
    files = {
        language: {str(path.relative_to(TEXTS / language)) for path in (TEXTS / language).rglob("*.html")}
        for language in LANGUAGES
    }
    assert files["ko"] == files["en"]
    shape = re.compile(r'id="([\w-]+)"|{% picture "([\w-]+)"|<(li|section|ol)\b')
    for name in files["ko"]:
        shapes = [shape.findall((TEXTS / language / name).read_text()) for language in LANGUAGES]
        assert shapes[0] == shapes[1], name


def test_every_text_is_asked_for_somewhere() -> None:
    needed = {
        "year.html",
        *(f"{role.value}.html" for role in Role),
        *(f"beside/{each.beside}.html" for each in all_help()),
    }
    assert {str(path.relative_to(TEXTS / "ko")) for path in (TEXTS / "ko").rglob("*.html")} == needed


def test_each_text_speaks_its_language_and_korean_in_the_words_of_the_catalogue() -> None:
    for path in TEXTS.rglob("*.html"):
        text = path.read_text()
        if "en" in path.relative_to(TEXTS).parts:
            assert not HANGUL.search(text), path.name
        elif "ko" in path.relative_to(TEXTS).parts:
            assert VARIANTS.findall(text) == [], path.name
            for paragraph in re.findall(r"<(?:p|li)[^>]*>(.*?)</(?:p|li)>", text, re.DOTALL):
                assert re.search(r"(니다|십시오)\.$", paragraph.strip()), paragraph


# Beside the work


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_leads_to_a_part_that_its_guide_has(language: str) -> None:
    with override(language):
        anchors = {role: {anchor for anchor, _title in read_guide(role).sections} for role in Role}
    wrong = [found for found in all_help() if found.section not in anchors[found.guide]]
    assert wrong == []


@pytest.mark.django_db
@pytest.mark.parametrize("role", list(Role))
def test_every_page_of_the_work_has_help_for_whoever_may_open_it(
    role: Role, submission: Submission, body: ImplementingBody, signed_in: Callable[[User], Client]
) -> None:
    user = person(role, {Role.FOCAL_POINT: body, Role.APPROVER: body}.get(role))
    client = signed_in(user)
    plan, year, code = submission.round.plan.number, submission.round.year, submission.assignment.action_plan.code
    known = {"plan": plan, "year": year, "body": body.code, "code": code, "person": user.pk}
    without = []
    for name, pattern in patterns():
        wanted = pattern.pattern.converters
        if WITHOUT_HELP.match(name) or set(wanted) - set(known):
            continue
        answer = client.get(reverse(name, kwargs={key: known[key] for key in wanted}))
        is_page = answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/html")
        if is_page and 'class="page-help"' not in answer.content.decode():
            without.append(name)
    assert without == []


def test_a_coordinator_who_reports_too_gets_the_help_of_the_review(
    lead_body: ImplementingBody, coordinator: User
) -> None:
    AppointmentFactory(user=coordinator, role=Role.FOCAL_POINT, body=lead_body)
    many = User.objects.get(pk=coordinator.pk)
    found = guides.for_page(many, "ministries:submission_detail")
    assert (found.guide, found.section) == (Role.COORDINATOR, "review")
    assert guides.for_page(many, "ministries:submission_change").guide is Role.FOCAL_POINT


def test_there_is_no_help_for_strangers_nor_on_pages_of_faults(
    submission: Submission, coordinator: User, signed_in: Callable[[User], Client]
) -> None:
    assert "page-help" not in Client().get("/accounts/login/").content.decode()
    missing = signed_in(coordinator).get("/plans/99/")
    assert missing.status_code == 404
    assert "page-help" not in missing.content.decode()
