"""Parts of pages for scripts: what is answered where a whole page would be out of place."""

import pytest
from django.test import Client, RequestFactory

from ministries.enums import Role
from ministries.models import Submission
from nap_monitor.accounts.models import User
from nap_monitor.lib.parts import page_of
from tests.factories import PlanFactory, SubmissionFactory, UserFactory, person
from tests.pages import text_of

pytestmark = pytest.mark.django_db

PART = {"HX-Request": "true"}


@pytest.fixture
def submission(body: object) -> Submission:
    return SubmissionFactory(body=body)


def test_a_page_is_told_apart_from_its_part_in_any_cache() -> None:
    assert "HX-Request" in Client().get("/accounts/login/")["Vary"]


def test_a_script_whose_person_is_signed_out_is_told_so_instead_of_getting_the_sign_in_page() -> None:
    answer = Client().get("/en/people/", headers=PART)
    assert answer.status_code == 401
    assert answer.content.decode() == "You have been signed out. Sign in again to go on."
    assert answer["HX-Trigger"] == '{"signed-out": {}}'
    answer = Client().post("/en/accounts/session/extend/", headers={"Accept": "application/json"})
    assert (answer.status_code, answer.json()) == (
        401,
        {"detail": "You have been signed out. Sign in again to go on."},
    )


def test_a_browser_is_still_led_to_the_sign_in() -> None:
    answer = Client().get("/people/")
    assert (answer.status_code, answer.url) == (302, "/accounts/login/?next=/people/")


def test_who_posts_signed_out_comes_back_to_the_page_and_not_to_the_address_of_the_post(submission: Submission) -> None:
    page = submission.get_absolute_url()
    headers = {"Referer": f"http://testserver{page}?saved=1#actions"}
    answer = Client().post(f"{page}steps/sign_off/", headers=headers)
    assert answer.url == f"/accounts/login/?next={page}%3Fsaved%3D1"


@pytest.mark.parametrize("referer", ["", "https://elsewhere.example.org/x", "javascript:alert(1)", "//elsewhere/x"])
def test_nobody_is_led_elsewhere_after_signing_in(referer: str) -> None:
    assert page_of(RequestFactory().post("/x/", headers={"Referer": referer})) == "/"


def test_a_part_belongs_to_the_page_that_the_browser_names() -> None:
    headers = {**PART, "HX-Current-URL": "http://testserver/en/people/?page=2"}
    request = RequestFactory().get("/en/people/part/", headers=headers)
    assert page_of(request) == "/en/people/part/", "without the middleware it is a page like any other"
    assert page_of(RequestFactory().post("/x/", headers=headers)) == "/en/people/?page=2"


def test_signing_out_still_leads_to_the_sign_in_page(focal_point: User) -> None:
    client = Client()
    client.force_login(focal_point)
    answer = client.post("/accounts/logout/")
    assert (answer.status_code, answer.url) == (302, "/accounts/login/")


def test_a_redirect_leads_the_whole_browser_on(focal_point: User) -> None:
    client = Client()
    client.force_login(focal_point)
    answer = client.post("/accounts/session/extend/", headers=PART)
    assert (answer.status_code, answer["HX-Redirect"]) == (200, "/accounts/session/")
    assert "Location" not in answer


def test_a_redirect_keeps_what_it_says_on_the_next_page(coordinator: User, focal_point: User) -> None:
    focal_point.set_unusable_password()
    focal_point.save()
    client = Client()
    client.force_login(coordinator)
    answer = client.post(f"/en/people/{focal_point.pk}/invite/", headers=PART)
    assert "The invitation is on its way to focal@example.org." in text_of(client.get(answer["HX-Redirect"]))


@pytest.mark.parametrize(
    ("path", "status", "sentence"),
    [
        ("/en/people/", 404, "This page does not exist, or you may not see it."),
        ("/en/plans/7/rounds/add/", 403, "You may see this, but your role does not allow you to change it."),
    ],
)
def test_a_refusal_is_a_notice_with_its_sentence_and_not_a_page(path: str, status: int, sentence: str) -> None:
    PlanFactory(number=7)
    client = Client()
    client.force_login(person(Role.COMMITTEE_READER))
    answer = client.get(path, headers=PART)
    assert answer.status_code == status
    assert sentence in text_of(answer)
    assert "<main" not in answer.content.decode()
    assert 'role="alert"' in answer.content.decode()
    assert "<main" in client.get(path).content.decode()


def test_going_back_in_history_asks_for_a_whole_page() -> None:
    client = Client()
    client.force_login(UserFactory())
    answer = client.get("/en/people/", headers={**PART, "HX-History-Restore-Request": "true"})
    assert "<main" in answer.content.decode()
