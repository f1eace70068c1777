"""``manage.py load_sample``: where it refuses, and that it gives the same each time."""

import datetime as dt
from collections import Counter
from typing import Any

import pytest
from django.core import mail
from django.core.management import CommandError
from django.db import transaction

from ministries.models import Appointment, ConfirmedFigure, IndicatorResult, Round, Submission, SubmissionVersion
from nap_monitor.accounts.models import User
from nap_monitor.lib.audit.models import Event
from objectives.models import Plan
from tests.factories import (
    ActionPlanFactory,
    AssignmentFactory,
    ImplementingBodyFactory,
    PlanFactory,
    RoundFactory,
    UserFactory,
)
from tests.ministries.loading import OTHER_COUNTRY, run
from tests.ministries.sampling import TODAY, load

pytestmark = pytest.mark.django_db


def refusal(*args: str) -> str:
    """The sentence with which the command refuses; it has made nothing."""
    with pytest.raises(CommandError) as refused:
        load(*args)
    assert (User.objects.filter(is_sample=True).count(), Round.objects.filter(is_sample=True).count()) == (0, 0)
    return str(refused.value)


def rows() -> dict[str, Any]:
    """What loading once more must not change."""
    models = (Round, Submission, SubmissionVersion, ConfirmedFigure, IndicatorResult, User, Appointment, Event)
    return {model.__name__: list(model._default_manager.order_by("pk").values()) for model in models}


def hashes(*years: int) -> dict[str, list[str]]:
    """The hashes of all versions of the rounds of these years, by submission."""
    found: dict[str, list[str]] = {}
    versions = SubmissionVersion.objects.filter(submission__round__year__in=years).order_by("number")
    for version in versions.select_related("submission__round", "submission__assignment__body"):
        found.setdefault(str(version.submission), []).append(version.sha256)
    return found


@pytest.fixture
def other_country(db: None) -> Plan:
    """A plan with texts of its own language, bodies and years: nothing of the third plan fits it."""
    run("load_plan", OTHER_COUNTRY)
    return Plan.objects.get()


def test_it_refuses_outside_a_sample_installation(settings: Any) -> None:
    settings.SAMPLE_INSTALLATION = False
    AssignmentFactory()
    assert refusal() == (
        "No sample data may be loaded here: this is no sample installation (SAMPLE_INSTALLATION is not true)."
    )


def test_it_refuses_there_even_if_the_sample_is_loaded(other_country: Plan, settings: Any) -> None:
    load()
    settings.SAMPLE_INSTALLATION = False
    with pytest.raises(CommandError, match="this is no sample installation"):
        load()


def test_it_refuses_beside_a_round_that_is_no_sample() -> None:
    assignment = AssignmentFactory()
    number = assignment.action_plan.plan.number
    RoundFactory(plan=assignment.action_plan.plan, year=2022)
    assert refusal() == (
        f"No sample data may be loaded here: there are rounds that are no sample (plan/year: {number}/2022)."
    )


def test_it_refuses_without_a_plan_and_says_how_to_load_one() -> None:
    assert refusal() == (
        "No plan is loaded yet. Load one first: "
        "manage.py load_bodies fixtures/reference.yaml && manage.py load_plan fixtures/nap3.yaml."
    )


def test_it_asks_which_plan_where_there_are_several() -> None:
    PlanFactory(number=1)
    PlanFactory(number=2)
    assert refusal() == "Several plans are loaded. Say which one with --plan: 1, 2."
    assert refusal("--plan", "3") == "There is no plan 3. The plans are: 1, 2."
    assert refusal("--plan", "2") == "Plan 2 has no assignments, so there is nothing to report on."


def test_it_refuses_to_take_over_the_account_of_a_person() -> None:
    AssignmentFactory()
    UserFactory(email="coordinator@example.org")
    assert refusal() == "These addresses of sample accounts belong to somebody else here: coordinator@example.org."


def test_people_who_are_no_sample_may_be_there() -> None:
    AssignmentFactory()
    UserFactory(email="somebody@ministry.example")
    load()
    assert User.objects.filter(is_sample=False).count() == 1


def test_loading_twice_changes_nothing(other_country: Plan) -> None:
    assert f"The sample of plan {other_country.number} is loaded:" in load()
    before = rows()
    assert f"The sample of plan {other_country.number} is there already:" in load(day=TODAY + dt.timedelta(days=90))
    assert rows() == before


def test_a_real_round_beside_the_sample_does_not_make_loading_fail(other_country: Plan) -> None:
    load()
    RoundFactory(plan=PlanFactory(number=99))
    assert "is there already:" in load("--plan", str(other_country.number))
    assert "is there already:" in load()


def test_the_same_plan_gives_the_same_versions() -> None:
    """Loaded twice on a day all are the same; loaded a year later those of the years that are over."""
    plan = PlanFactory(number=3)
    bodies = [ImplementingBodyFactory(code=f"B{number}", is_lead=number == 0) for number in range(3)]
    for number in range(4):
        action = ActionPlanFactory(plan=plan, code=f"1.1.{number}", order=number)
        for body in bodies:
            AssignmentFactory(action_plan=action, body=body)
    found = []
    for day in (TODAY, TODAY, TODAY + dt.timedelta(days=400)):
        with transaction.atomic():
            load(day=day)
            found.append((hashes(2021, 2022), hashes(2023)))
            transaction.set_rollback(True)
    first, second, later = found
    assert first == second
    assert first[0] == later[0]
    never_reported = 2  # of the two bodies that do not lead
    assert len(first[0]) == 2 * 12 - never_reported
    assert first[1]


def test_another_country_gets_general_sentences_in_its_language(other_country: Plan) -> None:
    load()
    submissions = Submission.objects.exclude(results="")
    assert submissions.count() > 0
    assert all(each.results.startswith("[Sample]\n- ") for each in submissions)
    assert Counter(Round.objects.values_list("is_sample", flat=True)) == {True: min(3, len(other_country.years))}
    assert all(user.name.startswith("Sample ") for user in User.objects.filter(is_sample=True))


def test_a_plan_of_one_year_has_one_round_that_is_under_way() -> None:
    AssignmentFactory(plan=PlanFactory(start_year=2030, end_year=2030))
    load()
    (only,) = Round.objects.all()
    assert only.is_open(TODAY)
    assert not only.is_closed(TODAY)


def test_years_that_are_not_over_yet_are_moved_before_the_one_under_way() -> None:
    AssignmentFactory(plan=PlanFactory(start_year=2030, end_year=2032))
    load()
    first, second, running = Round.objects.order_by("year")
    assert first.closing_date < second.opening_date
    assert second.closing_date < running.opening_date < TODAY
    assert (second.opening_date.weekday(), first.opening_date.weekday()) == (running.opening_date.weekday(),) * 2


def test_without_sample_accounts_the_list_says_so() -> None:
    assert load("--accounts") == "There are no sample accounts here.\n"


def test_no_mail_goes_to_the_invented_people(other_country: Plan, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        load()
    assert mail.outbox == []
