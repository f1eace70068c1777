"""The bench measures what it says: pages that answer, each against both empty ones."""

import pytest

from ministries.enums import Role, State
from ministries.sample.accounts import address
from tests.bench import bulk, pages, record, schedule
from tests.factories import (
    ActionPlanFactory,
    ImplementingBodyFactory,
    PlanFactory,
    RoundFactory,
    SubmissionFactory,
    person,
    submission_in,
)


# The bench asks the whole program, which closes the connection after each answer: PostgreSQL's test ends with it.
@pytest.mark.one_database
@pytest.mark.django_db
def test_every_page_is_asked_for_and_answers(settings, lead_body) -> None:
    settings.ROOT_URLCONF = "tests.bench.urls"
    plan, body = PlanFactory(number=3), ImplementingBodyFactory(code=pages.BODY)
    RoundFactory(plan=plan, year=2022)
    running = RoundFactory(plan=plan, year=2023)
    for state in (State.DRAFT, State.SUBMITTED):
        submission_in(state, SubmissionFactory(round=running, body=body))
    largest = SubmissionFactory(round=running, body=ImplementingBodyFactory(code=pages.LARGEST)).assignment.body
    for each in (body, largest):
        person(Role.FOCAL_POINT, each, email=address("focal", each))
    person(Role.COORDINATOR, lead_body, email=address("coordinator"))
    took = pages.measure(3, rounds=1)
    assert [page.name for page in took][:3] == [pages.EMPTY, pages.SIGNED_IN, "sign-in page"]
    assert all(page.kilobytes > 1 for page in took[2:])
    assert all(page.kilobytes == 0 for page in took[:2])
    assert bulk.measure(3, runs=2).name == "bulk confirm of 1"


@pytest.mark.django_db
def test_the_schedule_is_measured_over_a_real_mail_server() -> None:
    ActionPlanFactory()
    took = schedule.measure((3, 6))
    assert [(each.bodies, each.taken) for each in took] == [(3, 3), (6, 6)]
    assert took[0].queries == took[1].queries
    assert schedule.table(took)[1].split()[:2] == ["3", "3"]


def test_the_table_gives_each_page_as_a_ratio_to_both_empty_ones() -> None:
    took = [pages.Took(pages.EMPTY, 0.5, 0), pages.Took(pages.SIGNED_IN, 2, 0), pages.Took("list", 50, 180)]
    assert pages.table(took)[-1].split() == ["list", "100.0", "25.0", "50.00", "180"]


@pytest.mark.one_database
@pytest.mark.django_db
def test_the_record_is_searched_at_each_length(lead_body) -> None:
    body = ImplementingBodyFactory(code=pages.BODY)
    SubmissionFactory(round=RoundFactory(plan=PlanFactory(number=3), year=2022), body=body)
    person(Role.FOCAL_POINT, body, email=address("focal", body))
    person(Role.COORDINATOR, lead_body, email=address("coordinator"))
    took = record.measure(3, 2022, sizes=(60, 200), rounds=1)
    assert {tuple(each.milliseconds) for each in took} == {(60, 200)}
    assert record.table(took)[1].split()[:3] == ["all,", "first", "page"]
    assert len(took) == 14
