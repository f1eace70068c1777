"""The pages on which a body defines its own fields."""

from collections.abc import Callable

import pytest
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from ministries.models import BodyField, ImplementingBody, Submission
from ministries.services.body_fields import MOST_FIELDS, change_body_field
from ministries.services.changes import Change, RowChange
from ministries.services.submissions import save_submission
from nap_monitor.accounts.models import User
from nap_monitor.lib.audit.models import Event
from tests.factories import BodyFieldFactory, RoundFactory, SubmissionFactory, both
from tests.pages import form_data, in_english, text_of

pytestmark = pytest.mark.django_db

Pages = Callable[[User], Client]
CHOICES = [{"code": "1", "label": {"ko": "아시아", "en": "Asia"}}, {"code": "2", "label": {"ko": "아프리카"}}]


@pytest.fixture
def client(signed_in: Pages, focal_point: User) -> Client:
    """The focal point's browser."""
    return signed_in(focal_point)


@pytest.fixture
def regions(body: ImplementingBody) -> BodyField:
    return BodyFieldFactory(body=body, kind="choice", choices=CHOICES, label=both("지역", "Region"))


def listed(body: ImplementingBody) -> str:
    return reverse("ministries:body_field_list", args=[body.code])


def add(body: ImplementingBody) -> str:
    return reverse("ministries:body_field_create", args=[body.code])


def change(field: BodyField, page: str = "change") -> str:
    return reverse(f"ministries:body_field_{page}", args=[field.body.code, field.pk])


def send(client: Client, address: str, **typed: str | None) -> HttpResponse:
    return client.post(address, form_data(client.get(address), **typed))


def answer(field: BodyField, by: User, value: str = "2") -> Submission:
    submission = SubmissionFactory(body=field.body, round=RoundFactory(year=2022))
    rows = [RowChange(field.pk, {"value": Change("", value)})]
    save_submission(submission=submission, by=by, changes={}, body_fields=rows)
    return submission


# Who


@pytest.mark.parametrize("who", ["focal_point", "approver"])
def test_a_body_sees_and_adds_its_own_fields(who, body, signed_in, request) -> None:
    RoundFactory(year=2023)
    browser = signed_in(request.getfixturevalue(who))
    assert send(browser, add(body), label_ko="관리번호", label_en="Number", help_ko="내부 번호").status_code == 302
    made = BodyField.objects.get()
    assert (made.label, made.kind, made.choices) == (both("관리번호", "Number"), "text", [])
    assert made.start_year == 2023, "the years before are not asked anew"
    assert "관리번호" in text_of(browser.get(listed(body)))


@pytest.mark.parametrize("who", ["coordinator", "panel_member", "committee_reader", "administrator"])
def test_to_others_there_is_no_such_page(who, regions, body, signed_in, request) -> None:
    browser = signed_in(request.getfixturevalue(who))
    for address in (listed(body), add(body), change(regions), change(regions, "remove")):
        assert browser.get(address).status_code == 404
        assert browser.post(address, {"label_ko": "x"}).status_code == 404


def test_one_body_does_not_find_anothers_fields(client, body, other_body) -> None:
    field = BodyFieldFactory(body=other_body)
    for address in (listed(other_body), change(field), change(field).replace(other_body.code, body.code)):
        assert client.get(address).status_code == 404
    assert client.get("/bodies/NONE/fields/").status_code == 404
    assert client.get(f"/bodies/{body.code}/fields/1/change/").status_code == 404
    assert Client().get(listed(body)).status_code == 302
    assert client.delete(listed(body)).status_code == 405


# Choices as rows


def test_choices_are_rows_that_are_added_without_a_script(client, body) -> None:
    typed = form_data(
        client.get(add(body)), label_ko="지역", kind="choice", choices__0__ko="아시아", choices__1__ko="아프리카"
    )
    page = client.post(add(body), {**typed, "choices-add": "1"})
    data = form_data(page)
    assert (page.status_code, data["choices-TOTAL_FORMS"], data["choices-0-ko"]) == (200, "3", "아시아")
    assert not BodyField.objects.exists()
    assert client.post(add(body), {**data, "choices-2-ko": "기타", "choices-2-en": "Other"}).status_code == 302
    assert BodyField.objects.get().choices == [
        {"code": "1", "label": {"ko": "아시아"}},
        {"code": "2", "label": {"ko": "아프리카"}},
        {"code": "3", "label": {"ko": "기타", "en": "Other"}},
    ]


def test_a_choice_is_reworded_removed_and_added_and_the_others_keep_their_codes(client, regions) -> None:
    typed = {"choices__0__DELETE": "on", "choices__1__ko": "아프리카 지역", "choices__2__ko": "기타"}
    assert send(client, change(regions), **typed).status_code == 302
    regions.refresh_from_db()
    assert regions.choices == [
        {"code": "2", "label": {"ko": "아프리카 지역"}},
        {"code": "3", "label": {"ko": "기타"}},
    ]


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"label_ko": ""}, "id_label_ko"),
        ({"label_ko": "가" * 101}, "id_label_ko"),
        ({"kind": "picture"}, "id_kind"),
        ({"start_year": "2023", "end_year": "2022"}, "id_end_year"),
        ({"end_year": "22"}, "id_end_year"),
        ({"start_year": "올해"}, "id_start_year"),
        ({"choices__0__ko": "가" * 101}, "id_choices-0-ko"),
        ({"choices__0__ko": "", "choices__0__en": "Asia"}, "id_choices-0-ko"),
        ({"choices__0__ko": ""}, ""),
    ],
)
def test_what_will_not_do_is_told_beside_its_field_and_kept(client, body, typed, field) -> None:
    good = {"label_ko": "지역", "kind": "choice", "choices__0__ko": "아시아", "choices__1__ko": "아프리카"}
    answer = send(client, in_english(add(body)), **{**good, **typed})
    assert (answer.status_code, BodyField.objects.count()) == (400, 0)
    assert (f'href="#{field}' if field else "Give 2 to 50 choices.") in answer.content.decode()
    data = form_data(answer)
    assert data["choices-1-ko"] == "아프리카"
    assert {name: data[name.replace("__", "-")] for name in typed if name != "kind"} == {
        name: value for name, value in typed.items() if name != "kind"
    }


def test_choices_of_another_kind_are_not_judged(client, body) -> None:
    assert send(client, add(body), label_ko="번호", kind="number", choices__0__ko="가" * 101).status_code == 302
    assert BodyField.objects.get().choices == []


def test_two_who_change_the_choices_see_both_and_overwrite_nothing(client, regions, approver) -> None:
    mine = form_data(client.get(change(regions)), choices__0__ko="아시아 지역", help_ko="도움말")
    theirs = [*CHOICES, {"code": "3", "label": {"ko": "중동"}}]
    change_body_field(field=regions, changes={"choices": Change(CHOICES, theirs)}, by=approver)
    answer = client.post(change(regions), mine)
    regions.refresh_from_db()
    assert (answer.status_code, regions.choices, regions.help) == (409, theirs, {"ko": "도움말"})
    page, kept = answer.content.decode(), form_data(answer)
    assert ("중동" in page, "Approver" in page, kept["choices-0-ko"]) == (True, True, "아시아 지역")
    assert client.post(change(regions), kept).status_code == 302, "who has seen both decides"
    regions.refresh_from_db()
    assert [each["label"]["ko"] for each in regions.choices] == ["아시아 지역", "아프리카"]


def test_a_field_sent_with_nonsense_for_the_choices_seen_is_a_conflict_and_no_fault(client, regions) -> None:
    for nonsense in ("{", "[1]", '[{"code": [1]}]', '{"code": 1}'):
        assert send(client, change(regions), choices__0__ko="다름", seen=nonsense).status_code == 409
    regions.refresh_from_db()
    assert regions.choices == CHOICES


# Once it has been answered


def test_once_answered_its_kind_stays_and_a_chosen_choice_too(client, regions, focal_point) -> None:
    answer(regions, focal_point)
    page = client.get(in_english(change(regions)))
    assert "1 submission has an answer to this field" in text_of(page)
    assert "kind" not in form_data(page)
    refused = send(client, in_english(change(regions)), choices__1__DELETE="on", choices__2__ko="기타")
    assert refused.status_code == 400
    assert "One of the choices that you took away has been chosen already." in text_of(refused)
    assert send(client, change(regions), label_ko="협력 지역").status_code == 302
    regions.refresh_from_db()
    assert (regions.label["ko"], regions.kind, regions.choices) == ("협력 지역", "choice", CHOICES)


def test_a_kind_that_was_changed_while_somebody_answered_is_refused_with_its_reason(
    client, regions, focal_point
) -> None:
    typed = form_data(client.get(in_english(change(regions))), kind="text", label_ko="협력 지역")
    answer(regions, focal_point)
    page = client.post(in_english(change(regions)), typed)
    assert (page.status_code, form_data(page)["label_ko"]) == (400, "협력 지역")
    assert "This field has been answered already, so its key and kind stay." in text_of(page)
    regions.refresh_from_db()
    assert (regions.kind, regions.label["ko"]) == ("choice", "지역")


def test_it_ends_with_a_year(client, regions, body, focal_point) -> None:
    answer(regions, focal_point)
    refused = send(client, in_english(change(regions)), end_year="2021")
    assert (refused.status_code, form_data(refused)["end_year"]) == (400, "2021")
    assert "It has been answered in 2022, so it can't end before that year." in text_of(refused)
    assert send(client, change(regions), end_year="2022").status_code == 302
    RoundFactory(year=2023)
    assert "Ended" in text_of(client.get(in_english(listed(body))))


def test_one_that_was_never_answered_is_removed_after_asking_and_another_is_not(
    client, regions, body, focal_point
) -> None:
    never = BodyFieldFactory(body=body)
    assert "data-modal" in client.get(change(never)).content.decode()
    assert client.get(change(never, "remove")).status_code == 200
    assert BodyField.objects.count() == 2, "reading changes nothing"
    assert client.post(change(never, "remove")).status_code == 302
    answer(regions, focal_point)
    assert "so it stays" in text_of(client.get(in_english(change(regions, "remove"))))
    told = client.post(in_english(change(regions, "remove")), follow=True)
    assert "Give it a last year instead." in text_of(told)
    assert list(BodyField.objects.all()) == [regions]


# The list


def test_the_order_is_changed_by_a_button_and_twice_is_once(client, body) -> None:
    first, second = BodyFieldFactory.create_batch(2, body=body)
    for _twice in range(2):
        assert client.post(listed(body), {"move": f"{second.pk} 0"}).status_code == 302
        assert list(body.own_fields.all()) == [second, first]
    assert Event.objects.filter(kind="move").count() == 1
    for nonsense in ("", "x 1", f"{first.pk} up"):
        told = client.post(in_english(listed(body)), {"move": nonsense}, follow=True)
        assert "The field was not moved." in text_of(told)
    assert list(body.own_fields.all()) == [second, first]


def test_the_list_takes_the_same_queries_for_one_and_for_three(
    client, body, regions, django_assert_num_queries, django_assert_max_num_queries
) -> None:
    client.get(listed(body))
    with django_assert_max_num_queries(15) as before:
        client.get(listed(body))
    BodyFieldFactory.create_batch(2, body=body)
    with django_assert_num_queries(len(before.captured_queries)):
        client.get(listed(body))


def test_no_more_are_offered_than_a_form_holds(client, body) -> None:
    BodyFieldFactory.create_batch(MOST_FIELDS, body=body)
    assert add(body) not in client.get(listed(body)).content.decode()
    assert send(client, add(body), label_ko="하나 더").status_code == 400
    assert BodyField.objects.count() == MOST_FIELDS


# Ways


def test_start_page_list_and_step_lead_there(client, body, regions) -> None:
    submission = SubmissionFactory(body=body, round=RoundFactory(year=2022))
    step = reverse("ministries:submission_write_step", args=[*submission.address, "handling"])
    for address in ("/", submission.round.get_absolute_url(), step):
        assert f'href="{listed(body)}"' in client.get(address).content.decode(), address


def test_a_required_field_without_an_answer_is_a_gap_whose_link_leads_to_it(client, body) -> None:
    BodyFieldFactory(body=body, is_required=True, label=both("지역", "Region"))
    submission = SubmissionFactory(body=body)
    step = reverse("ministries:submission_write_step", args=[*submission.address, "handling"])
    assert (
        f'href="{step}#rows-own"'
        in client.get(reverse("ministries:submission_write", args=submission.address)).content.decode()
    )
    assert 'id="rows-own"' in client.get(step).content.decode()
