"""The workshop's pages save by themselves: versions stay few, two people lose nothing, and who wrote what is known."""

import datetime as dt

import pytest
from django.urls import reverse

from ministries.enums import Role
from nap_monitor.lib import clock
from nap_monitor.lib.audit.models import Event
from reports.models import BestCase, ReportText
from tests.factories import person
from tests.ministries.autosaving import Page, change
from tests.reports.data import Year, empty_year, whole_year
from tests.reports.workshop import composed

pytestmark = pytest.mark.django_db

LONG = "한 해의 이행 결과를 종합합니다. " * 20


def _page(year: Year, signed_in, by=None, name: str = "workshop", key: object = "foreword") -> Page:
    user = by or year.coordinator
    address = reverse(f"reports:{name}_autosave", args=[year.round.plan.number, year.round.year, key])
    return Page(signed_in(user), user, address=address)


def _versions(language: str = "ko") -> list[tuple[int, str, str]]:
    rows = ReportText.objects.filter(place="foreword", language=language).order_by("number")
    return list(rows.values_list("number", "text", "author_label"))


def test_an_hour_of_typing_is_one_version_and_a_slip_of_the_hand_another(signed_in) -> None:
    year = empty_year()
    page, start, before = _page(year, signed_in), clock.now() - dt.timedelta(hours=3), ""
    for minute in range(0, 60, 9):
        with clock.at(start + dt.timedelta(minutes=minute)):
            answer = page.save(fields={"text_ko": change(f"{LONG}{minute}", before)})
        before = f"{LONG}{minute}"
        assert (answer["saved"], answer["conflicts"], answer["invalid"]) == ({"text_ko": before}, {}, {})
    with clock.at(start + dt.timedelta(minutes=55)):
        page.save(fields={"text_ko": change("x", before)})
        page.save(fields={"text_ko": change("xy", "x")})
    name = year.coordinator.name
    assert _versions() == [(1, before, name), (2, "xy", name)]
    assert Event.objects.filter(object_kind="reports.reporttext").count() == 2


def test_each_text_has_its_own_answer_and_nobody_is_in_conflict_with_oneself(signed_in) -> None:
    year = empty_year()
    mine = _page(year, signed_in)
    other = _page(year, signed_in, person(Role.COORDINATOR, name="홍길동"))
    mine.save(fields={"text_ko": change("머리말"), "text_en": change("Fore")})
    answer = other.save(fields={"text_ko": change("다른 글"), "text_en": change("x" * 20_001, "Fore")})
    assert (answer["saved"], list(answer["invalid"])) == ({}, ["text_en"])
    conflict = answer["conflicts"]["text_ko"]
    assert conflict["stored"] == "머리말"
    assert [each in conflict["html"] for each in ("머리말", "다른 글", year.coordinator.name)] == [True] * 3
    # An answer that was lost: what is stored is one of the texts that this page has sent.
    assert mine.save(fields={"text_en": change("Foreword", "", "Fore")})["saved"] == {"text_en": "Foreword"}
    own = _page(year, signed_in).save(fields={"text_en": change("Preface", "Fore")})["conflicts"]["text_en"]["html"]
    assert "다른 창" in own or "another window" in own
    # Who has seen the other text writes the next version.
    other.save(fields={"text_ko": change("둘을 합친 글", "머리말")})
    assert [(text, label) for _number, text, label in _versions()] == [
        ("머리말", year.coordinator.name),
        ("둘을 합친 글", "홍길동"),
    ]
    assert _versions("en") == [(1, "Foreword", year.coordinator.name)]


def test_what_may_not_be_saved_is_refused_and_told(signed_in) -> None:
    year = empty_year()
    page = _page(year, signed_in)
    for body in ("[]", "{", '{"person": "x", "fields": {"text_fr": {"value": "", "base": ""}}}'):
        assert (page.post(body).status_code, page.post(body).json()["why"]) == (400, "outdated")
    assert page.send(person="somebody", fields={"text_ko": change("글")}).json()["why"] == "other"
    assert page.client.get(page.address).status_code == 405
    reader = _page(year, signed_in, person(Role.PANEL_MEMBER))
    assert reader.send(fields={"text_ko": change("글")}).status_code == 404
    nowhere = _page(year, signed_in, key="nowhere")
    assert nowhere.send(fields={"text_ko": change("글")}).status_code == 404
    page.client.logout()
    assert page.send(fields={"text_ko": change("글")}).status_code == 401
    assert not ReportText.objects.exists()


def test_a_best_case_leaves_an_event_for_a_stretch_and_one_for_its_end(signed_in) -> None:
    year = whole_year()
    composed(year.round, year.coordinator)
    case = BestCase.objects.get()
    page = _page(year, signed_in, name="best_case", key=case.pk)
    before = ""
    for text in ("평", "평화", "평화 교육"):
        assert page.save(fields={"title_ko": change(text, before)})["saved"] == {"title_ko": text}
        before = text
    changes = Event.objects.filter(object_kind="reports.bestcase", kind="change")
    assert changes.count() == 1
    fields = [f"{name}_{code}" for name in ("title", "text") for code in ("ko", "en")]
    stored = {"title_ko": "평화 교육"}
    form = {f"{kind}{each}": stored.get(each, "") for kind in ("", "initial-") for each in fields}
    address = reverse("reports:best_case_change", args=[year.round.plan.number, year.round.year, case.pk])
    token = "5f0c2b1e-0000-4000-8000-000000000001"
    answer = page.client.post(address, {**form, "autosaved": "1", "token": token}, follow=True)
    assert answer.redirect_chain[0][0].endswith(f"/best-cases/?saved={token}")
    assert [str(each) for each in answer.context["messages"]] == ["저장하였습니다."]
    assert [(each.data["before"]["title"], each.data["after"]["title"]) for each in changes.order_by("pk")] == [
        ({}, {"ko": "평"}),
        ({"ko": "평"}, {"ko": "평화 교육"}),
    ]
    # The other coordinator starts from what stands there, whether it is on record or not.
    other = _page(year, signed_in, person(Role.COORDINATOR), name="best_case", key=case.pk)
    page.save(fields={"title_ko": change("평화 교육 4회", "평화 교육")})
    assert list(other.save(fields={"title_ko": change("x", "평화 교육")})["conflicts"]) == ["title_ko"]
    other.save(fields={"title_ko": change("다른 제목", "평화 교육 4회")})
    assert changes.latest("at").data["before"]["title"] == {"ko": "평화 교육 4회"}
