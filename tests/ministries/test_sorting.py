"""Lists by their heads: by what they can be sorted, in which order words stand, and what stays as it was."""

import datetime as dt
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from ministries.enums import Role
from ministries.models import Round, Submission
from ministries.selectors import people, submissions
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from tests.factories import (
    ActionPlanFactory,
    AppointmentFactory,
    AssignmentFactory,
    ImplementingBodyFactory,
    RoundFactory,
    SubmissionFactory,
    UserFactory,
    person,
    submission_in,
)

pytestmark = pytest.mark.django_db

Browser = Callable[[User], Client]


@pytest.fixture
def round_() -> Round:
    return RoundFactory(year=2022)


@pytest.fixture
def place(round_: Round) -> Callable[..., Submission]:
    """Make a submission on the action plan of this number, which stands in the plan where the number says."""

    def make(code: str, state: str = "draft", body: Any = None, **more: Any) -> Submission:
        order = [int(part) for part in code.split(".")]
        action_plan = ActionPlanFactory(plan=round_.plan, code=code, order=order[0] * 100 + order[1])
        assignment = AssignmentFactory(action_plan=action_plan, **({"body": body} if body else {}))
        return submission_in(state, SubmissionFactory(round=round_, assignment=assignment), **more)

    return make


def codes(user: User, round_: Round, sort: str) -> list[str]:
    return [row.code for row in submissions.listing(user, round_, scope="all", sort=sort).rows]


# Submissions


def test_numbers_of_action_plans_stand_as_in_the_plan_not_as_in_a_dictionary(place, round_, coordinator) -> None:
    for code in ("10.1", "2.1", "2.10", "2.9"):
        place(code)
    in_plan = ["2.1", "2.9", "2.10", "10.1"]
    assert codes(coordinator, round_, "") == in_plan
    assert codes(coordinator, round_, "code") == in_plan
    assert codes(coordinator, round_, "-code") == in_plan[::-1]


def test_bodies_stand_in_the_order_of_the_government(place, round_, coordinator) -> None:
    place("1.1", body=ImplementingBodyFactory(code="A", order=92))
    place("1.2", body=ImplementingBodyFactory(code="B", order=91))
    assert codes(coordinator, round_, "body") == ["1.2", "1.1"]
    assert codes(coordinator, round_, "-body") == ["1.1", "1.2"]


def test_states_stand_in_the_order_of_the_way(place, round_, coordinator) -> None:
    for number, state in enumerate(("confirmed", "submitted", "draft", "signed-off")):
        place(f"1.{number}", state)
    assert codes(coordinator, round_, "state") == ["1.2", "1.3", "1.1", "1.0"]
    assert codes(coordinator, round_, "-state") == ["1.0", "1.1", "1.3", "1.2"]


@pytest.mark.parametrize("key", ["coordinator", "self"])
def test_ratings_stand_in_the_order_of_the_scale_and_what_has_none_comes_last_either_way(
    key, place, round_, coordinator
) -> None:
    place("1.1")
    reason = {"self_rating_reason": "사유", "improvement_measures": "방안"}
    for code, rating in (("1.2", "rethink"), ("1.3", "completed"), ("1.4", "attention")):
        place(code, "confirmed", rating=rating, content={"self_rating": rating, **reason})
    assert codes(coordinator, round_, key) == ["1.3", "1.4", "1.2", "1.1"]
    assert codes(coordinator, round_, f"-{key}") == ["1.2", "1.4", "1.3", "1.1"]


def test_due_dates_sort_by_the_day_that_holds_for_each(place, round_, coordinator) -> None:
    late = place("1.1")
    Submission.objects.filter(pk=late.pk).update(extended_until=round_.due_date + dt.timedelta(days=5))
    place("1.2")
    place("1.3", "confirmed")  # nothing is due any more
    assert codes(coordinator, round_, "due") == ["1.2", "1.1", "1.3"]
    assert codes(coordinator, round_, "-due") == ["1.1", "1.2", "1.3"]


def test_the_newest_comes_first_where_that_is_asked(place, round_, coordinator) -> None:
    for days, code in enumerate(("1.1", "1.2")):
        sent = place(code, "submitted")
        when = clock.now() - dt.timedelta(days=days)
        Submission.objects.filter(pk=sent.pk).update(first_submitted_at=when, last_submitted_at=when)
    assert codes(coordinator, round_, "changed") == ["1.2", "1.1"]
    assert codes(coordinator, round_, "-changed") == ["1.1", "1.2"]


@pytest.mark.parametrize("sort", ["title", "--code", "pk; drop table", "code-", "-"])
def test_what_is_no_key_sorts_nothing(sort, place, round_, coordinator, signed_in) -> None:
    place("2.1"), place("1.1")
    assert codes(coordinator, round_, sort) == ["1.1", "2.1"]
    assert signed_in(coordinator).get(round_.get_absolute_url(), {"sort": sort}).status_code == 200


def test_sorting_costs_no_query_more(place, round_, coordinator, signed_in) -> None:
    for code in ("1.1", "1.2", "1.3"):
        place(code)
    browser, counts = signed_in(coordinator), set()
    for sort in ("", *submissions.SORTS):
        coordinator.__dict__.pop("_roles", None)
        with CaptureQueriesContext(connection) as queries:
            browser.get(round_.get_absolute_url(), {"sort": sort})
        counts.add(len(queries))
    assert len(counts) == 1


def test_the_heads_keep_the_filter_and_the_filter_keeps_the_order(place, round_, coordinator, signed_in) -> None:
    place("1.1")
    html = signed_in(coordinator).get("/en" + round_.get_absolute_url(), {"q": "1.1", "sort": "due"}).content.decode()
    assert 'href="?q=1.1&amp;sort=state"' in html
    # The head by which it is sorted leads the other way round, and says so.
    assert re.search(r'<th scope="col" aria-sort="ascending"><a class="sort" href="\?q=1.1&amp;sort=-due">', html)
    assert html.count("aria-sort") == 1
    assert '<option value="due" selected>' in html


def test_an_order_that_only_a_head_gives_is_kept_by_the_filter_too(place, round_, coordinator, signed_in) -> None:
    place("1.1")
    html = signed_in(coordinator).get("/en" + round_.get_absolute_url(), {"sort": "-due"}).content.decode()
    assert '<option value="-due" selected>As sorted now</option>' in html


# People


def names(sort: str) -> list[str]:
    return [user.name for user in people.ordered_people(User.objects.exclude(name="Coordinator"), sort)]


def test_people_stand_by_name_both_ways() -> None:
    for name in ("나", "가", "다"):
        UserFactory(name=name)
    assert names("person") == names("") == ["가", "나", "다"]
    assert names("-person") == ["다", "나", "가"]


def test_people_stand_by_role_and_within_it_by_body_those_without_last() -> None:
    first, second = ImplementingBodyFactory(order=1), ImplementingBodyFactory(order=2)
    UserFactory(name="none")
    person(Role.COMMITTEE_READER, name="reader")
    person(Role.FOCAL_POINT, second, name="focal 2")
    both = person(Role.APPROVER, second, name="focal 1 and approver")
    AppointmentFactory(user=both, role=Role.FOCAL_POINT, body=first)
    ended = person(Role.FOCAL_POINT, first, name="was focal")
    ended.appointments.update(end=clock.today() - dt.timedelta(days=1))
    assert names("role") == ["focal 1 and approver", "focal 2", "reader", "none", "was focal"]
    assert names("-role") == ["reader", "focal 2", "focal 1 and approver", "none", "was focal"]


def test_people_stand_by_their_last_sign_in_those_who_never_came_last() -> None:
    for days, name in ((1, "yesterday"), (9, "last week")):
        UserFactory(name=name, last_login=clock.now() - dt.timedelta(days=days))
    UserFactory(name="never")
    assert names("sign-in") == ["last week", "yesterday", "never"]
    assert names("-sign-in") == ["yesterday", "last week", "never"]


def test_the_list_of_people_sorts_in_one_number_of_queries_and_keeps_its_page(signed_in, body, coordinator) -> None:
    for number in range(51):
        person(Role.FOCAL_POINT, body, name=f"{number:02}")
    browser, counts = signed_in(coordinator), {}
    for sort in ("", "person", "-role", "sign-in", "nonsense"):
        with CaptureQueriesContext(connection) as queries:
            answer = browser.get("/en/people/", {"sort": sort, "page": "2"})
        counts[sort] = len(queries)
        assert answer.context["page"].number == 2
    assert len(set(counts.values())) == 1, counts
    html = browser.get("/en/people/", {"sort": "role", "page": "2"}).content.decode()
    # Another order begins on the first page; another page keeps the order.
    assert 'href="?sort=-role"' in html
    assert 'href="?sort=role&amp;page=1"' in html
