"""What the sample of the third plan holds: rounds, states, ratings, marks, times, facts, figures and accounts."""

import datetime as dt
import re
from collections import Counter
from decimal import Decimal

import pytest
from django.contrib.auth import authenticate
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from ministries import rules
from ministries.enums import BODY_ROLES, ActivityKind, Disclosure, FigureState, Rating, Role, State, StateLabel
from ministries.fields import FIELDS, Kind
from ministries.models import (
    Activity,
    Appointment,
    Assignment,
    BodyFieldValue,
    BudgetLine,
    ConfirmedFigure,
    Guidance,
    ImplementingBody,
    Indicator,
    IndicatorResult,
    Round,
    Submission,
    SubmissionVersion,
    Translation,
    WarningRemark,
)
from ministries.sample.accounts import PASSWORD, sample_accounts
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from nap_monitor.lib.audit.models import Event
from objectives.models import Plan
from tests.ministries.loading import REFERENCE, THIRD_PLAN, run
from tests.ministries.sampling import TODAY, load

pytestmark = pytest.mark.django_db

NARRATIVES = tuple(field.name for field in FIELDS if field.kind is Kind.PROSE)
REASONS = ("self_rating_reason", "coordinator_reason", "disclosure_ground")


def load_third_plan() -> Plan:
    """The sample of the third plan."""
    run("load_bodies", REFERENCE)
    run("load_plan", THIRD_PLAN)
    load()
    return Plan.objects.get()


def test_the_sample_of_the_third_plan() -> None:
    """One load, as it takes its time; each check is a test of its own in all but name."""
    plan = load_third_plan()
    with clock.at(TODAY):
        check_rounds(plan)
        check_states(plan)
        check_ratings()
        check_marks()
        check_texts_are_of_the_action_plan()
        check_times(plan)
        check_facts(plan)
        check_figures()
        check_what_the_desk_holds(plan)
        check_accounts(plan)
        check_the_way_is_open(plan)


def check_rounds(plan: Plan) -> None:
    """Each year of the plan has a round, and each of its assignments a submission."""
    rounds = list(Round.objects.filter(plan=plan, is_sample=True).order_by("year"))
    assert [each.year for each in rounds] == list(plan.years)
    assert Round.objects.count() == len(rounds)
    assignments = set(Assignment.objects.values_list("pk", flat=True))
    for each in rounds:
        assert set(each.submissions.values_list("assignment_id", flat=True)) == assignments
    assert [each.is_open() for each in rounds] == [False, False, True]
    assert rounds[-1].due_date == TODAY + dt.timedelta(days=21)


def check_states(plan: Plan) -> None:
    """All confirmed in the first year, a few missing in the second, every state in the third."""
    by_year = {}
    for year in plan.years:
        submissions = list(Submission.objects.filter(round__year=year).select_related("round"))
        by_year[year] = Counter(each.label for each in submissions)
        assert {each.disclosure for each in submissions if each.results} == set(Disclosure)
    first, second, third = (by_year[year] for year in plan.years)
    count = Assignment.objects.count()
    assert first == {StateLabel.CONFIRMED: count}
    assert second == {StateLabel.CONFIRMED: count - 3, StateLabel.NOT_STARTED: 2, StateLabel.DRAFT: 1}
    assert set(third) == set(StateLabel)
    running = Submission.objects.filter(round__year=plan.end_year)
    assert running.filter(state=State.RETURNED, confirmed_version__isnull=False).exists()
    assert running.filter(extended_until__isnull=False).exists()
    overdue = [each for each in Submission.objects.select_related("round") if each.is_overdue()]
    assert [each.round.year for each in overdue] == [2022]


def check_ratings() -> None:
    """Every rating in a year that is over; mostly good ones; a coordinator who sometimes sees it differently."""
    confirmed = Submission.objects.filter(state=State.CONFIRMED)
    for year in (2021, 2022):
        given = Counter(confirmed.filter(round__year=year).values_list("self_rating", flat=True))
        assert set(given) == set(Rating) - ({Rating.COMPLETED} if year == 2021 else set())
        assert given[Rating.ON_TRACK] + given[Rating.CONTINUING] > sum(given.values()) * 0.6
    differing = [each for each in confirmed if each.self_rating != each.coordinator_rating]
    assert 0.05 < len(differing) / confirmed.count() < 0.2
    assert all(each.coordinator_reason for each in differing)


def check_marks() -> None:
    """Nobody may take any text for a result of the government."""
    for each in Submission.objects.all():
        for field in (*NARRATIVES, *REASONS):
            text = getattr(each, field)
            assert text == "" or text.startswith("[예시]"), (each, field)
    events = Event.objects.filter(object_kind="ministries.submission").exclude(reason="")
    assert events.exists()
    assert all(event.reason.startswith("[예시]") for event in events)
    assert all(
        row.programme.startswith("[예시] ") for each in Submission.objects.all() for row in each.budget_lines.all()
    )
    assert all(row.guidance["ko"].startswith("[예시]") for row in Round.objects.all())
    assert all(row.guidance["en"].startswith("[Sample]") for row in Round.objects.all())
    guided = [row.text for row in Guidance.objects.all()]
    assert len(guided) > 50
    assert all(text["ko"].startswith("[예시] ") and text["en"].startswith("[Sample] ") for text in guided)
    for version in SubmissionVersion.objects.all():
        assert "[예시]" in bytes(version.content).decode()


def check_texts_are_of_the_action_plan() -> None:
    """Another body's text is another one, and a body writes another one each year."""
    results = Submission.objects.exclude(results="").values_list("results", flat=True)
    assert len(set(results)) > len(results) * 0.85
    education = Submission.objects.filter(assignment__action_plan__code="4.1.1", round__year=2021).get()
    assert "교원" in education.results


def check_times(plan: Plan) -> None:
    """Everything happened when it could: between the round's opening and the end of its review, in order."""
    for each in Submission.objects.select_related("round"):
        events = list(Event.objects.of("ministries.submission", str(each.pk)).exclude(kind="extend"))
        times = [event.at for event in events]
        assert times == sorted(times), each
        if events:
            days = [timezone.localtime(at).date() for at in times]
            assert days[0] > each.round.opening_date
            is_running = each.round.year == plan.end_year
            assert days[-1] < (TODAY if is_running else each.round.closing_date + dt.timedelta(days=22))
            assert all(event.actor_label.startswith("예시 ") for event in events)
    late = [
        each
        for each in Submission.objects.filter(round__year__lt=plan.end_year, first_submitted_at__isnull=False)
        if timezone.localtime(each.first_submitted_at).date() > each.round.due_date
    ]
    assert 0 < len(late) < 30


def check_facts(plan: Plan) -> None:
    """What a source document says stands once, as planned, and with its source."""
    planned = Submission.objects.filter(this_year_plan__contains="2021. 11. 25.")
    assert [str(each) for each in planned] == ["2021 MOFA 3.1.2"]
    assert "개최 예정(출처:" in planned.get().this_year_plan
    assert not Submission.objects.filter(results__contains="국제회의 2021").exists()
    published = IndicatorResult.objects.exclude(indicator__source="")
    known = published.filter(actual_state=FigureState.VALUE)
    assert {row.submission.round.year for row in known} == {plan.start_year}
    assert sorted(str(row.actual_value.normalize()) for row in known) == ["13.5", "6.2", "7.9", "9.3"]
    for row in known:
        assert "이 국가행동계획의 실적이 아님" in row.source
        assert "2021년 상반기" in row.source
    assert all(row.reason.startswith("[예시]") for row in published.filter(actual_state=FigureState.NOT_KNOWN))


def check_figures() -> None:
    """Confirmed versions have their figures; shares fit what they are a share of."""
    confirmed = Submission.objects.filter(state=State.CONFIRMED)
    versions = set(ConfirmedFigure.objects.values_list("version_id", flat=True))
    assert versions >= set(confirmed.values_list("confirmed_version_id", flat=True))
    for row in IndicatorResult.objects.exclude(denominator_value=None):
        assert row.numerator_value <= row.denominator_value
        assert abs(row.actual_value - row.numerator_value * 100 / row.denominator_value) <= Decimal("0.06")
    states = set(ConfirmedFigure.objects.values_list("figure_state", flat=True))
    assert states >= {FigureState.VALUE, FigureState.NOT_KNOWN, FigureState.NOT_APPLICABLE}
    for each in confirmed.prefetch_related("budget_lines"):
        lines = list(each.budget_lines.all())
        assert bool(lines) != each.no_budget_needed
        assert all(line.executed_value <= line.budget_value for line in lines)


def check_what_the_desk_holds(plan: Plan) -> None:
    """Activities, targets by year, women and men, consultation, own fields, remarks, and money that is passed on."""
    activities = Activity.objects.select_related("submission__round")
    assert activities.count() > 300
    for each in activities:
        assert each.title.startswith("[예시] ")
        assert each.description.startswith("[예시] ")
        assert each.date.year == each.submission.round.year
    assert {each.kind for each in activities} == set(ActivityKind) - {ActivityKind.SUPPORT}
    projects = [each for each in activities if each.contribution.value is not None]
    assert {(each.kind, each.currency) for each in projects} == {("project", "USD")}
    invented = Indicator.objects.filter(source="")
    assert {tuple(row.year for row in each.targets.all()) for each in invented} == {tuple(plan.years)}
    for row in IndicatorResult.objects.exclude(women_value=None):
        counted = row.numerator_value if row.numerator_value is not None else row.actual_value
        assert row.women_value + row.men_value == counted
    written = Submission.objects.exclude(results="")
    for name, least in (("consultation", 0.3), ("related", 0.1), ("gender_impact_assessment", 0.03)):
        found = written.exclude(**{name: ""})
        assert found.count() > written.count() * least
        assert all(getattr(each, name).startswith("[예시]") for each in found)
    assert not Submission.objects.filter(round__year=plan.start_year).exclude(recommendations_action="").exists()
    assert {each.field.body.code for each in BodyFieldValue.objects.select_related("field__body")} == {"KOICA"}
    assert all(each.text.startswith("[예시]") for each in WarningRemark.objects.all())
    assert WarningRemark.objects.exists()
    check_money_passed_on()
    check_translations()


def check_money_passed_on() -> None:
    """KOICA has what MOFA passes on; the ministry's own line of that year holds at least as much."""
    lines = BudgetLine.objects.exclude(passed_on_from=None).select_related("submission__assignment__action_plan")
    assert {(line.submission.assignment.body.code, line.passed_on_from.code) for line in lines} == {("KOICA", "MOFA")}
    assert len({line.submission.assignment.action_plan.code for line in lines}) == 1
    for line in lines:
        of_giver = BudgetLine.objects.filter(
            submission__round=line.submission.round_id,
            submission__assignment__body=line.passed_on_from,
            submission__assignment__action_plan=line.submission.assignment.action_plan,
        )
        assert not of_giver.exists() or of_giver.get().budget_value > line.budget_value


def check_translations() -> None:
    """A share of the reports is translated by its body, with the same figures; what was rewritten since is stale."""
    translations = list(Translation.objects.select_related("submission", "author"))
    share = len({each.submission_id for each in translations}) / Submission.objects.exclude(results="").count()
    assert 0.04 < share < 0.2
    stale = 0
    for each in translations:
        assert each.text.startswith("[Sample]")
        if each.row:
            continue
        korean = getattr(each.submission, each.field)
        if each.is_stale(korean):
            stale += 1
        else:
            assert sorted(re.findall(r"\d{2,}", each.text)) == sorted(re.findall(r"\d{2,}", korean))
    assert 0 < stale < len(translations) / 5


def check_accounts(plan: Plan) -> None:
    """Two people in each body, the others of the plan; all can sign in; main ones come first."""
    held = Counter(Appointment.objects.holding(dt.date(2021, 12, 1)).values_list("role", flat=True))
    bodies = ImplementingBody.objects.count()
    assert held == {
        Role.FOCAL_POINT: bodies,
        Role.APPROVER: bodies,
        Role.COORDINATOR: 2,
        Role.PANEL_MEMBER: 2,
        Role.COMMITTEE_READER: 1,
        Role.ADMINISTRATOR: 1,
    }
    people = User.objects.all()
    assert all(user.is_sample and user.name.startswith("예시 ") for user in people)
    assert all(authenticate(username=user.email, password=PASSWORD) == user for user in people)
    listed = sample_accounts()
    assert {account.email for account in listed} == {user.email for user in people}
    assert [account.role for account in listed[:4]] == [
        Role.FOCAL_POINT,
        Role.APPROVER,
        Role.COORDINATOR,
        Role.COORDINATOR,
    ]
    assert all(bool(account.body) == (account.role in BODY_ROLES) for account in listed)
    table = load("--accounts")
    assert all(account.email in table for account in listed)
    assert table.count(PASSWORD) == len(listed)


def check_the_way_is_open(plan: Plan) -> None:
    """In a year that is over, the first two of the list can still walk the whole way."""
    focal_point, approver = (User.objects.get(email=account.email) for account in sample_accounts()[:2])
    still_open = [
        each
        for each in Submission.objects.visible_to(focal_point).filter(round__year=2022).select_related("round")
        if each.is_awaited and each.extended_until
    ]
    assert len(still_open) == 1
    assert still_open[0].started_at is not None
    assert rules.allows(focal_point, "ministries.change_submission", still_open[0])
    assert rules.allows(approver, "ministries.sign_off_submission", still_open[0])
    client = Client()
    answer = client.post(reverse("account_login"), {"login": focal_point.email, "password": PASSWORD})
    assert answer.status_code == 302
    assert client.get(still_open[0].get_absolute_url()).status_code == 200
