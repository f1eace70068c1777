"""The bench of the overview measures what it says: real pages at the sizes asked for, and unchanged ones."""

import pytest

from ministries.enums import Role, State
from ministries.sample.accounts import address
from tests.bench import overview
from tests.factories import PlanFactory, RoundFactory, SubmissionFactory, person, submission_in


# The bench asks the whole program, which closes the connection after each answer: PostgreSQL's test ends with it.
@pytest.mark.one_database
@pytest.mark.django_db
def test_the_overview_is_measured_at_each_size_first_and_unchanged(settings, lead_body, body) -> None:
    settings.ROOT_URLCONF = "tests.bench.urls"
    running = RoundFactory(plan=PlanFactory(number=3), year=2023)
    submission_in(State.SUBMITTED, SubmissionFactory(round=running, body=body))
    person(Role.COORDINATOR, lead_body, email=address("coordinator"))
    asked = overview.measure(3, sizes=((2, 3),), times=1)
    said = ("1", "6", "1, 10 x the record", "1, 10 more rounds")
    assert [each.name for each in asked] == [f"{name}, {way}" for name in said for way in overview.WAYS]
    assert [each.kilobytes > 1 for each in asked] == [True, True, False] * 4
    assert overview.table(asked)[1].split()[0] == "1,"
