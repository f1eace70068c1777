"""The gallery: off unless a setting says so, and everything that there is stands in it."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.http import HttpResponse
from django.test import Client

from ministries.enums import Disclosure, Rating, Role, StateLabel
from nap_monitor.accounts.models import User
from nap_monitor.lib.audit.models import Event
from nap_monitor.lib.stencils import KEPT
from tests.factories import person
from tests.pages import form_data, text_of

pytestmark = pytest.mark.django_db

COMPONENTS = Path(settings.BASE_DIR) / "templates/components"
PAGE = "/en/gallery/"

Browser = Callable[[User], Client]


@pytest.fixture
def reader(settings: Any, signed_in: Browser) -> Client:
    settings.COMPONENT_GALLERY = True
    return signed_in(person(Role.PANEL_MEMBER))


def shown(answer: HttpResponse) -> str:
    return answer.content.decode()


# Who gets it


@pytest.mark.parametrize("path", ["/gallery/", "/en/gallery/", "/gallery/modal/"])
def test_without_the_setting_there_is_no_gallery_for_anybody(path, settings, signed_in, administrator) -> None:
    settings.COMPONENT_GALLERY = False
    assert signed_in(administrator).get(path).status_code == 404
    assert signed_in(administrator).post(path).status_code in (404, 405)


def test_the_setting_is_off_unless_somebody_turns_it_on() -> None:
    text = (Path(settings.BASE_DIR) / ".env.example").read_text()
    assert "# COMPONENT_GALLERY=false" in text


def test_strangers_are_led_to_the_sign_in(client: Client, settings: Any) -> None:
    settings.COMPONENT_GALLERY = True
    assert client.get("/gallery/")["Location"] == "/accounts/login/?next=/gallery/"


def test_both_languages_have_it(reader: Client) -> None:
    assert '<html lang="ko">' in shown(reader.get("/gallery/"))
    assert '<html lang="en">' in shown(reader.get(PAGE))


# What stands in it


def test_every_component_is_shown(reader: Client, settings: Any) -> None:
    used = set()
    KEPT.clear()  # what is kept is not rendered again
    # The frame shows the ribbon and the masthead itself where the site has them; the gallery shows the others.
    for is_sample in (True, False):
        settings.SAMPLE_INSTALLATION, settings.OFFICIAL_SITE = is_sample, not is_sample
        used |= {template.name for template in reader.get(PAGE).templates}
    files = {f"components/{path.name}" for path in COMPONENTS.glob("*.html")}
    assert files - used == set()


def test_every_icon_is_shown(reader: Client) -> None:
    html = shown(reader.get(PAGE))
    missing = [path.stem for path in COMPONENTS.glob("icons/*.svg") if path.read_text().strip() not in html]
    assert missing == []


def test_every_state_rating_and_word_of_disclosure_has_its_badge(reader: Client) -> None:
    html = shown(reader.get(PAGE))
    states = re.findall(r'class="krds-badge state-([\w-]+)"', html)
    ratings = re.findall(r'class="krds-badge rating-([\w-]+)"', html)
    assert set(StateLabel.values) <= set(states)
    assert set(ratings) == {*Rating.values, "no-report", "under-review"}
    assert all(f"<span>{word.label}</span>" in html for word in Disclosure)


def test_the_way_of_every_state_is_shown(reader: Client) -> None:
    assert shown(reader.get(PAGE)).count('aria-current="step"') == len(StateLabel) + 1


def test_it_says_that_its_contents_are_samples(reader: Client) -> None:
    assert "All contents are invented." in text_of(reader.get(PAGE))


def test_each_id_is_given_once(reader: Client) -> None:
    ids = re.findall(r'\sid="([^"]+)"', shown(reader.get(PAGE)))
    assert {each for each in ids if ids.count(each) > 1} == set()


def test_the_sample_table_sorts_and_its_head_says_how(reader: Client) -> None:
    numbers = re.compile(r'<td class="number" data-label="Number">(\d+)</td>')
    assert numbers.findall(shown(reader.get(f"{PAGE}?sort=number"))) == ["3", "7", "12"]
    html = shown(reader.get(f"{PAGE}?sort=-number"))
    assert numbers.findall(html) == ["12", "7", "3"]
    assert 'aria-sort="descending"' in html


# The sample form


def test_sent_empty_it_shows_its_errors_and_keeps_what_was_typed(reader: Client) -> None:
    answer = reader.post(PAGE, form_data(reader.get(PAGE), share="12 apples"))
    assert answer.status_code == 400
    assert "data-error-summary" in shown(answer)
    assert 'value="12 apples"' in shown(answer)


def test_sent_in_full_it_saves_nothing(reader: Client) -> None:
    before = Event.objects.count()
    data = form_data(reader.get(PAGE), line="a", text="b", day="2022-01-31", choice="one", single="two", answer="one")
    data |= {"several": "one", "sure": "on", "rows-0-name": "c"}
    answer = reader.post(PAGE, data, follow=True)
    assert answer.redirect_chain == [(PAGE, 302)]
    assert "Nothing was saved." in text_of(answer)
    assert (Event.objects.count(), mail.outbox) == (before, [])


def test_a_row_is_added_without_a_word_about_errors(reader: Client) -> None:
    data = form_data(reader.get(PAGE)) | {"rows-add": "1"}
    answer = reader.post(PAGE, data)
    assert 'name="rows-1-name"' in shown(answer)
    assert "data-error-summary" not in shown(answer)


def test_the_page_of_the_modal_stands_alone(reader: Client) -> None:
    assert 'href="/en/gallery/modal/" data-modal' in shown(reader.get(PAGE))
    assert "Sample page" in text_of(reader.get("/en/gallery/modal/"))
