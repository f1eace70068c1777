"""The pages of plans: who gets them, what they show, in how many queries."""

import datetime as dt
import re
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ministries.enums import Role
from ministries.models import ImplementingBody
from nap_monitor.accounts.models import User
from nap_monitor.lib.localized import LocalizedText
from nap_monitor.lib.templatetags.look import icon
from objectives.models import Plan
from tests.factories import (
    ActionPlanFactory,
    AssignmentFactory,
    IndicatorFactory,
    PlanFactory,
    UserFactory,
    both,
    person,
)
from tests.ministries.loading import OTHER_COUNTRY, REFERENCE, THIRD_PLAN, run

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]
#: What only the badge of an unofficial translation has in it.
BADGE = icon("translation")


def text_of(response) -> str:
    """What a reader of the page's main part reads, in one line."""
    main = response.content.decode().partition("<main")[2].partition("</main>")[0]
    return " ".join(re.sub(r"<[^>]+>", " ", main).split())


def addresses(plan: Plan, code: str) -> list[str]:
    return [
        reverse("ministries:plan_list"),
        reverse("ministries:plan_detail", args=[plan.number]),
        reverse("ministries:action_plan_detail", args=[plan.number, code]),
    ]


@pytest.fixture
def third_plan() -> Plan:
    run("load_bodies", REFERENCE)
    run("load_plan", THIRD_PLAN)
    return Plan.objects.get()


# Who gets them


@pytest.mark.parametrize("role", Role)
def test_every_role_reads_the_plan(signed_in: SignIn, role) -> None:
    action = AssignmentFactory().action_plan
    client = signed_in(person(role))
    assert [client.get(address).status_code for address in addresses(action.plan, action.code)] == [200, 200, 200]


def test_a_person_without_a_role_does_not_learn_that_there_is_a_plan(signed_in: SignIn) -> None:
    action = ActionPlanFactory()
    client = signed_in(UserFactory())
    assert [client.get(address).status_code for address in addresses(action.plan, action.code)] == [404, 404, 404]


def test_who_is_not_signed_in_is_asked_to(client) -> None:
    action = ActionPlanFactory()
    for address in addresses(action.plan, action.code):
        response = client.get(address)
        assert (response.status_code, response["Location"].partition("?")[0]) == (302, reverse("account_login"))


def test_pages_are_only_read(signed_in: SignIn, coordinator) -> None:
    action = ActionPlanFactory()
    client = signed_in(coordinator)
    assert [client.post(address).status_code for address in addresses(action.plan, action.code)] == [405, 405, 405]


@pytest.mark.parametrize(
    "path",
    ["/plans/99/", f"/plans/{10**30}/", "/plans/1/actions/9.9.9/", "/plans/99/actions/1/", "/plans/1/actions/%00/"],
)
def test_what_does_not_exist_is_not_found(signed_in: SignIn, coordinator, path) -> None:
    ActionPlanFactory(plan=PlanFactory(number=1))
    assert signed_in(coordinator).get(path).status_code == 404


# The list


def test_the_list_has_each_plan_with_its_numbers(signed_in: SignIn, coordinator, third_plan) -> None:
    run("load_plan", OTHER_COUNTRY)
    response = signed_in(coordinator).get("/en/plans/")
    names = ("Areas", "Objectives", "Strategies", "Action plans", "Implementing bodies", "Assignments")
    assert [(row["plan"].number, row["counts"]) for row in response.context["plans"]] == [
        (3, list(zip(names, (5, 11, 24, 50, 10, 119), strict=True))),
        (1, list(zip(names, (2, 2, 2, 3, 3, 6), strict=True))),
    ]
    assert "2021–2023" in text_of(response)


def test_an_installation_without_a_plan_says_what_to_do(signed_in: SignIn, coordinator) -> None:
    assert "load_plan" in text_of(signed_in(coordinator).get("/en/plans/"))


def queries_for(client: Client, address: str) -> int:
    """How many queries the page takes."""
    with CaptureQueriesContext(connection) as queries:
        assert client.get(address).status_code == 200
    return len(queries)


def test_the_list_takes_the_same_queries_for_any_number_of_plans(signed_in: SignIn, coordinator) -> None:
    client = signed_in(coordinator)
    AssignmentFactory()
    with_one = queries_for(client, "/plans/")
    for _each in range(2):
        AssignmentFactory()
    assert queries_for(client, "/plans/") == with_one


# The tree


def test_the_tree_shows_every_item_in_printed_order_with_its_bodies(signed_in: SignIn, coordinator, third_plan) -> None:
    text = text_of(signed_in(coordinator).get("/en/plans/3/"))
    places = [
        text.index(words)
        for words in (
            "Prevention 1 Improve the capacity",
            "1.1 Strengthen the capacity for gender responsiveness of public officials",
            "1.1.1 Implement gender-sensitive education",
            "MOFA MOU MND MOIS KNPA NUAC",
            "1.1.2 Conduct education for UN PKO personnel",
            "MND KNPA KOICA",
            "2 Strengthen gender mainstreaming",
            "10.1 Integrate gender perspectives",
            "Implementation Monitoring",
            "11.2.2 Make efforts to secure a budget",
        )
    ]
    assert len(set(places)) == len(places)
    for action in third_plan.action_plans.all():
        assert f"{action.code} {action.title['en']}".replace('"', "&quot;").replace("'", "&#x27;") in text


def test_bodies_have_their_short_korean_names_on_the_korean_page(signed_in: SignIn, coordinator, third_plan) -> None:
    assert "외교부 통일부 국방부 행안부 경찰청 민주평통" in text_of(signed_in(coordinator).get("/plans/3/"))


def test_korean_text_is_marked_as_unofficial_and_english_is_not(signed_in: SignIn, coordinator, third_plan) -> None:
    client = signed_in(coordinator)
    for path in ("plans/", "plans/3/", "plans/3/actions/1.1.1/"):
        korean, english = client.get(f"/{path}"), client.get(f"/en/{path}")
        assert [BADGE in page.content.decode() for page in (korean, english)] == [True, False], path


def test_text_of_another_country_is_marked_where_the_language_shown_is_unofficial(
    signed_in: SignIn, coordinator
) -> None:
    run("load_plan", OTHER_COUNTRY)
    page = signed_in(coordinator).get("/plans/1/")
    assert page.context["unofficial"] is False
    assert '<span lang="en">First National Action Plan' in page.content.decode()
    Plan.objects.update(unofficial_languages=["en"])
    assert signed_in(coordinator).get("/plans/1/").context["unofficial"] is True


def test_every_mend_is_shown_with_source_and_note(signed_in: SignIn, coordinator, third_plan) -> None:
    response = signed_in(coordinator).get("/en/plans/3/")
    text = text_of(response)
    mends = response.context["mends"]
    assert mends == THIRD_PLAN.read_text(encoding="utf-8").count(" note: ")
    assert response.content.decode().count('<details class="disclosure disclosure-mend">') == mends
    assert "Encrease women&#x27;s participation" in text
    assert "Scan reads &#x27;Encrease&#x27;." in text


def test_the_tree_of_one_body_has_no_more_than_it_carries(signed_in: SignIn, coordinator, third_plan) -> None:
    response = signed_in(coordinator).get("/en/plans/3/?body=MOE")
    assert [action.code for action in response.context["tree"].actions()] == ["4.1.1", "11.1.1", "11.2.2"]
    assert [area.code for area in response.context["tree"].areas] == ["prevention", "implementation-monitoring"]
    assert "Ministry of Education 3 of 50" in text_of(response)


@pytest.mark.parametrize("query", ["?body=", "?body=NOBODY", "?body=a&body=b", "?other=1"])
def test_a_filter_that_names_no_body_shows_all(signed_in: SignIn, coordinator, third_plan, query) -> None:
    response = signed_in(coordinator).get(f"/en/plans/3/{query}")
    assert len(list(response.context["tree"].actions())) == 50


def test_the_tree_takes_the_same_queries_for_any_size(signed_in: SignIn, coordinator) -> None:
    client = signed_in(coordinator)
    plan = PlanFactory(number=7)
    AssignmentFactory(plan=plan)
    with_one = queries_for(client, "/plans/7/")
    for _each in range(30):
        AssignmentFactory(plan=plan)
    assert queries_for(client, "/plans/7/") == with_one


# An action plan


def test_an_action_plan_shows_its_place_its_text_and_its_bodies(signed_in: SignIn, coordinator, third_plan) -> None:
    text = text_of(signed_in(coordinator).get("/en/plans/3/actions/5.1.4/"))
    assert "Home Plan Plan 3 Participation Objective 5 Strategy 5.1 5.1.4" in text
    assert "5.1.4 Provide assistance to diplomatic activities" in text
    assert "No body survives in the scan." in text
    assert "Implementing bodies Ministry of Foreign Affairs 2021–2023" in text
    assert "5.1.3 Improve women" in text
    assert "5.2.1 Increase women" in text


def test_an_action_plan_with_a_number_of_letters_has_an_address(signed_in: SignIn, coordinator) -> None:
    run("load_plan", OTHER_COUNTRY)
    Plan.objects.update(number=5)
    action = Plan.objects.get().action_plans.get(code="A.1-a-i")
    action.code = "가-1.é"
    action.save()
    client = signed_in(coordinator)
    address = reverse("ministries:action_plan_detail", args=[5, "가-1.é"])
    assert client.get(address).status_code == 200
    assert f'href="{address}"' in client.get("/plans/5/").content.decode()


def test_indicators_are_listed_with_baseline_and_body(signed_in: SignIn, coordinator, body) -> None:
    assignment = AssignmentFactory(body=body)
    action = assignment.action_plan
    IndicatorFactory(action_plan=action, code="I1", name=both("이수율", "Completion rate"), baseline_year=2020)
    IndicatorFactory(
        action_plan=action,
        code="I2",
        assignment=assignment,
        source="Survey",
        baseline_value="1234.5",
        baseline_state="value",
    )
    IndicatorFactory(action_plan=action, code="I3", unit=LocalizedText(), baseline_state="not-known")
    text = text_of(signed_in(coordinator).get(f"/en/plans/{action.plan.number}/actions/{action.code}/"))
    assert "I1 Completion rate persons The more the better – (2020) – – All bodies of the action plan Change I1" in text
    assert "I2 Indicator I2 persons The more the better 1,234.5 – Survey Own Ministry Change I2" in text
    assert "I3 Indicator I3 – The more the better Not known – – All bodies of the action plan" in text


@pytest.mark.parametrize("role", [role for role in Role if role != Role.COORDINATOR])
def test_only_a_coordinator_is_offered_to_define_indicators(signed_in: SignIn, role) -> None:
    indicator = IndicatorFactory()
    page = reverse(
        "ministries:action_plan_detail", args=[indicator.action_plan.plan.number, indicator.action_plan.code]
    )
    assert "/indicators/" not in signed_in(person(role)).get(page).content.decode()
    assert "/indicators/add/" in signed_in(person(Role.COORDINATOR)).get(page).content.decode()


def test_a_plan_that_has_ended_names_its_bodies_as_they_were_called_then(third_plan, signed_in: SignIn) -> None:
    """The lead ministry has borne another name since 2025; the third plan ended in 2023."""
    lead = ImplementingBody.objects.get(is_lead=True)
    then, now = (lead.named_on(day).short_name["ko"] for day in (dt.date(2023, 12, 31), dt.date(2026, 1, 1)))
    page = signed_in(person(Role.PANEL_MEMBER)).get(f"/plans/{third_plan.number}/").content.decode()
    assert then != now
    assert (then in page, now in page) == (True, False)
