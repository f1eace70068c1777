"""The accessibility statement: open to everybody, in both languages, with the contact that the installation names."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as project
from django.test import Client

from nap_monitor.accessibility import CHECKED_ON
from tests.pages import text_of

GENERAL = "Please tell the person who invited you, or the coordinator in the lead ministry."


@pytest.mark.parametrize(("address", "language"), [("/accessibility/", "ko"), ("/en/accessibility/", "en")])
def test_everybody_reads_it_in_both_languages(address: str, language: str) -> None:
    answer = Client().get(address)
    assert (answer.status_code, answer["Content-Language"]) == (200, language)
    assert "WCAG) 2.2" in text_of(answer)
    assert "KWCAG) 2.2" in text_of(answer)


def test_it_can_only_be_read() -> None:
    assert Client().post("/accessibility/").status_code == 405


def test_the_contact_of_the_installation_is_a_link_where_it_is_an_address(settings: Any) -> None:
    settings.ACCESSIBILITY_CONTACT = "access@ministry.example, 02-000-0000"
    answer = Client().get("/en/accessibility/")
    assert (
        '<a href="mailto:access@ministry.example">access@ministry.example</a>, 02-000-0000' in answer.content.decode()
    )
    assert GENERAL not in text_of(answer)


def test_without_a_contact_it_says_whom_to_ask_and_invents_no_address(settings: Any) -> None:
    settings.ACCESSIBILITY_CONTACT = ""
    answer = Client().get("/en/accessibility/")
    assert GENERAL in text_of(answer)
    assert not re.search(r"mailto:|[\w.]+@[\w.]+", answer.content.decode())


def test_every_page_leads_to_it() -> None:
    assert 'href="/en/accessibility/"' in Client().get("/en/accounts/login/").content.decode()


def test_the_day_of_the_last_check_is_the_same_on_the_page_and_in_the_documents() -> None:
    said = re.findall(r"^Last checked: (.+)$", (Path(project.BASE_DIR) / "docs/accessibility.md").read_text(), re.M)
    assert said == [CHECKED_ON.isoformat()]
    assert f"Last checked on {CHECKED_ON:%-d %B %Y}" in text_of(Client().get("/en/accessibility/"))
