"""The pages on which a coordinator defines indicators."""

from collections.abc import Callable

import pytest
from django.test import Client

from ministries.enums import Role
from ministries.figures import Figure
from ministries.models import Assignment, Indicator, IndicatorResult, IndicatorTarget
from ministries.services.indicators import change_indicator
from ministries.services.submissions import Change
from nap_monitor.accounts.models import User
from objectives.models import ActionPlan, Plan
from tests.factories import (
    ActionPlanFactory,
    AssignmentFactory,
    IndicatorFactory,
    PlanFactory,
    SubmissionFactory,
    both,
    person,
)
from tests.ministries.loading import OTHER_COUNTRY, run
from tests.pages import actions_on, form_data, text_of

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]
PAGE = "/en/plans/1/actions/1.1.1/"
ADD = f"{PAGE}indicators/add/"
CHANGE = f"{PAGE}indicators/I1/change/"
REMOVE = f"{PAGE}indicators/I1/remove/"


@pytest.fixture
def assignment(body) -> Assignment:
    action = ActionPlanFactory(plan=PlanFactory(number=1), code="1.1.1")
    return AssignmentFactory(action_plan=action, body=body)


@pytest.fixture
def action(assignment) -> ActionPlan:
    return assignment.action_plan


@pytest.fixture
def client(signed_in: SignIn, coordinator) -> Client:
    return signed_in(coordinator)


@pytest.fixture
def indicator(action) -> Indicator:
    return IndicatorFactory(action_plan=action, code="I1", source="Survey")


# Who gets them


@pytest.mark.parametrize("role", [role for role in Role if role != Role.COORDINATOR])
def test_who_may_read_but_not_define_is_told_so(signed_in: SignIn, indicator, role) -> None:
    reader = signed_in(person(role))
    assert [reader.get(ADD).status_code, reader.get(CHANGE).status_code] == [403, 403]
    assert [reader.post(page).status_code for page in (ADD, CHANGE, REMOVE)] == [403, 403, 403]
    assert Indicator.objects.count() == 1


def test_who_is_not_signed_in_is_asked_to(indicator) -> None:
    assert [Client().get(page).status_code for page in (ADD, CHANGE)] == [302, 302]


@pytest.mark.parametrize(
    "path",
    [
        "/en/plans/2/actions/1.1.1/indicators/add/",
        "/en/plans/1/actions/9/indicators/add/",
        f"{PAGE}indicators/I9/change/",
    ],
)
def test_what_does_not_exist_is_not_found(client, indicator, path) -> None:
    assert client.get(path).status_code == 404


def test_an_indicator_of_another_action_plan_is_not_found_here(client, indicator, action) -> None:
    ActionPlanFactory(strategy=action.strategy, code="1.1.2")
    assert client.get("/en/plans/1/actions/1.1.2/indicators/I1/change/").status_code == 404


def test_removing_takes_a_post(client, indicator) -> None:
    assert actions_on(client.get(REMOVE)) != []
    assert Indicator.objects.exists()
    assert client.put(REMOVE).status_code == 405


# Adding


def test_an_indicator_is_added(client, assignment, action) -> None:
    data = form_data(
        client.get(ADD),
        code="I1",
        name_ko="교육 이수율",
        name_en="Training completed",
        unit_ko="%",
        baseline_value="1,071.5",
        baseline_year="2020",
        source="Survey",
        assignment=assignment.body.code,
    )
    response = client.post(ADD, data)
    assert (response.status_code, response["Location"]) == (302, f"{PAGE}#indicators")
    made = Indicator.objects.get()
    assert (made.action_plan, made.assignment, made.code, made.source) == (action, assignment, "I1", "Survey")
    assert (made.name, made.unit) == ({"ko": "교육 이수율", "en": "Training completed"}, {"ko": "%"})
    assert (made.baseline, made.baseline_year) == (Figure.of("1071.5"), 2020)
    text = text_of(client.get(PAGE))
    assert "The indicator was added." in text
    assert "I1 Training completed" in text


def test_not_known_is_a_baseline_too(client, action) -> None:
    client.post(ADD, form_data(client.get(ADD), code="I1", name_ko="지표", baseline_state="not-known"))
    assert Indicator.objects.get().baseline == Figure(None, "not-known")


@pytest.mark.parametrize(
    ("changed", "field", "sentence"),
    [
        ({"code": ""}, "code", "This field is required."),
        (
            {"code": "a/b"},
            "code",
            "Use letters and digits in the code, with points, hyphens or underscores between them.",
        ),
        ({"code": "i0"}, "code", "This action plan has an indicator with the code “i0” already."),
        ({"code": "x" * 41}, "code", "Ensure this value has at most 40 characters (it has 41)."),
        ({"name_ko": ""}, "name_ko", "This field is required."),
        ({"name_en": "x" * 201}, "name_en", "Ensure this value has at most 200 characters (it has 201)."),
        ({"unit_en": "x" * 41}, "unit_en", "Ensure this value has at most 40 characters (it has 41)."),
        ({"baseline_value": "many"}, "baseline", "Enter a number, such as 1,234.5."),
        (
            {"baseline_value": "1", "baseline_state": "not-known"},
            "baseline",
            "Give either a number or “not known / not applicable”, not both.",
        ),
        ({"baseline_value": ""}, "baseline", "Give the baseline of this year, or leave the year empty."),
        ({"baseline_year": "1066"}, "baseline_year", "Ensure this value is greater than or equal to 1950."),
        ({"baseline_year": "soon"}, "baseline_year", "Enter a whole number."),
        ({"source": "x" * 301}, "source", "Ensure this value has at most 300 characters (it has 301)."),
        (
            {"assignment": "STRANGER"},
            "assignment",
            "Choose one of the given answers.",
        ),
    ],
)
def test_bad_input_is_told_beside_its_field_and_stays_in_the_form(client, action, changed, field, sentence) -> None:
    IndicatorFactory(action_plan=action, code="I0")
    good = {"code": "I1", "name_ko": "지표", "baseline_value": "1", "baseline_year": "2020"}
    response = client.post(ADD, form_data(client.get(ADD), **{**good, **changed}))
    assert response.status_code == 400
    assert response.context["form"].errors == {field: [sentence]}
    assert Indicator.objects.count() == 1
    kept = form_data(response)
    assert {name: kept[name] for name in changed if name != "assignment"} == {
        name: value for name, value in changed.items() if name != "assignment"
    }


def test_every_error_is_told_at_once_in_the_order_of_the_form(client, action) -> None:
    bad = {"code": "a b", "name_ko": "", "unit_en": "x" * 41, "baseline_value": "many", "baseline_year": "1066"}
    response = client.post(ADD, form_data(client.get(ADD), **bad))
    form = response.context["form"]
    assert [field.name for field in form.visible_fields() if field.errors] == [
        "code",
        "name_ko",
        "unit_en",
        "baseline",
        "baseline_year",
    ]


def test_the_form_asks_in_the_languages_of_the_plan(client) -> None:
    run("load_plan", OTHER_COUNTRY)
    Plan.objects.update(number=9)
    address = "/en/plans/9/actions/2.1.1/indicators/add/"
    data = form_data(client.get(address), code="I1", name_en="Shelters opened", name_fr="Refuges ouverts")
    assert "name_ko" not in data
    assert client.post(address, data).status_code == 302
    assert Indicator.objects.get().name == {"en": "Shelters opened", "fr": "Refuges ouverts"}


# Changing


def test_an_indicator_is_changed(client, indicator) -> None:
    response = client.post(CHANGE, form_data(client.get(CHANGE), name_en="Officials trained", baseline_value="12"))
    assert (response.status_code, response["Location"]) == (302, f"{PAGE}#indicators")
    indicator.refresh_from_db()
    assert indicator.name == {"ko": "지표 I1", "en": "Officials trained"}
    assert (indicator.baseline, indicator.source) == (Figure.of(12), "Survey")


def test_saving_unchanged_changes_nothing(client, indicator) -> None:
    before = Indicator.objects.values().get()
    assert client.post(CHANGE, form_data(client.get(CHANGE))).status_code == 302
    assert Indicator.objects.values().get() == before


def test_somebody_elses_change_is_shown_and_not_overwritten(client, indicator, assignment) -> None:
    data = form_data(client.get(CHANGE), source="Register", unit_en="people")
    other = person(Role.COORDINATOR, name="Second Coordinator")
    changes = {"source": Change("Survey", "Census"), "assignment": Change(None, assignment)}
    change_indicator(indicator=indicator, changes=changes, by=other)
    response = client.post(CHANGE, data)
    assert response.status_code == 409
    indicator.refresh_from_db()
    assert (indicator.source, indicator.unit["en"], indicator.assignment) == ("Census", "people", assignment)
    text = text_of(response)
    assert "Saved meanwhile by Second Coordinator" in text
    assert "Census" in text
    again = form_data(response)
    assert (again["source"], again["assignment"]) == ("Register", "OWN")
    assert client.post(CHANGE, again).status_code == 302
    indicator.refresh_from_db()
    assert indicator.source == "Register"


def test_a_conflict_about_the_body_shows_both_names(client, indicator, assignment, other_body) -> None:
    second = AssignmentFactory(action_plan=assignment.action_plan, body=other_body)
    data = form_data(client.get(CHANGE), assignment="OTHER")
    change_indicator(indicator=indicator, changes={"assignment": Change(None, assignment)}, by=person(Role.COORDINATOR))
    response = client.post(CHANGE, data)
    assert response.status_code == 409
    assert form_data(response)["assignment"] == "OTHER"
    assert client.post(CHANGE, form_data(response)).status_code == 302
    indicator.refresh_from_db()
    assert indicator.assignment == second


def test_what_the_service_refuses_is_told_beside_the_field(client, indicator, assignment) -> None:
    IndicatorResult.objects.create(submission=SubmissionFactory(assignment=assignment), indicator=indicator)
    response = client.post(CHANGE, form_data(client.get(CHANGE), code="I2"))
    assert response.status_code == 400
    assert response.context["form"].errors == {
        "code": ["Bodies have reported on this indicator already, so its code stays."]
    }


# Removing


def test_an_indicator_is_removed(client, indicator) -> None:
    assert REMOVE in client.get(CHANGE).content.decode()
    assert client.post(REMOVE).status_code == 302
    assert not Indicator.objects.exists()
    assert "The indicator was removed." in text_of(client.get(PAGE))


def test_what_was_reported_on_is_not_removed(client, indicator, assignment) -> None:
    IndicatorResult.objects.create(submission=SubmissionFactory(assignment=assignment), indicator=indicator)
    assert REMOVE not in actions_on(client.get(CHANGE))
    assert client.post(REMOVE).status_code == 302
    assert Indicator.objects.exists()
    assert "Bodies have reported on this indicator already, so it stays." in text_of(client.get(PAGE))


# A body's own


def test_a_body_adds_and_changes_an_indicator_of_its_assignment(signed_in: SignIn, focal_point, assignment) -> None:
    AssignmentFactory(action_plan=assignment.action_plan)  # another body's
    writer = signed_in(focal_point)
    page = writer.get(ADD)
    assert [code for code, _name in page.context["form"].fields["assignment"].choices] == [assignment.body.code]
    data = form_data(
        page, code="I7", name_ko="자체 지표", direction="less", target_2022_value="80", computation_ko="실인원"
    )
    assert writer.post(ADD, data).status_code == 302
    made = Indicator.objects.get()
    assert (made.assignment, made.direction, made.target_in(2022)) == (assignment, "less", Figure.of(80))
    assert made.computation == {"ko": "실인원"}
    change = f"{PAGE}indicators/I7/change/"
    assert f'href="{change}"' in writer.get(PAGE).content.decode()
    assert writer.post(change, form_data(writer.get(change), target_2022_value="75")).status_code == 302
    assert Indicator.objects.get().target_in(2022) == Figure.of(75)


def test_a_body_is_offered_only_its_own_to_change(signed_in: SignIn, focal_point, indicator) -> None:
    own = IndicatorFactory(
        action_plan=indicator.action_plan, assignment=indicator.action_plan.assignments.get(), code="OWN-1"
    )
    page = signed_in(focal_point).get(PAGE).content.decode()
    assert (f"{PAGE}indicators/{own.code}/change/" in page, CHANGE in page, ADD in page) == (True, False, True)
    assert signed_in(focal_point).get(CHANGE).status_code == 403


def test_a_body_need_not_make_up_a_code_nor_choose_itself(signed_in: SignIn, focal_point, assignment) -> None:
    AssignmentFactory(action_plan=assignment.action_plan)
    writer = signed_in(focal_point)
    page = writer.get(ADD)
    assert "Bodies that report on it: Own Ministry" in text_of(page)
    assert writer.post(ADD, form_data(page, name_ko="자체 지표")).status_code == 302
    made = Indicator.objects.get()
    assert (made.code, made.assignment) == (f"{assignment.body.code}-1", assignment)


def test_from_the_step_of_the_report_one_comes_back_to_it(signed_in: SignIn, focal_point, assignment) -> None:
    submission = SubmissionFactory(assignment=assignment)
    step = f"/en{submission.get_absolute_url().removeprefix('/en')}write/indicators/"
    writer, asked = signed_in(focal_point), f"?year={submission.round.year}&body={assignment.body.code}"
    assert f'href="{ADD}{asked.replace("&", "&amp;")}"' in writer.get(step).content.decode()
    answer = writer.post(f"{ADD}{asked}", form_data(writer.get(f"{ADD}{asked}"), name_ko="자체 지표"))
    assert answer["Location"] == step
    code = Indicator.objects.get().code
    own = f"{PAGE}indicators/{code}/"
    assert f'href="{own}change/{asked.replace("&", "&amp;")}"' in writer.get(step).content.decode()
    change = f"{own}change/{asked}"
    assert f'href="{own}remove/{asked.replace("&", "&amp;")}"' in writer.get(change).content.decode()
    assert writer.post(change, form_data(writer.get(change), unit_ko="명"))["Location"] == step
    assert f'href="{change.replace("&", "&amp;")}"' in writer.get(f"{own}remove/{asked}").content.decode()
    assert writer.post(f"{own}remove/{asked}")["Location"] == step
    for nonsense in ("?year=x", "?year=9999&body=NONE", "?year=&body=", "?year=²²²²&body=OWN"):
        answer = writer.post(f"{ADD}{nonsense}", form_data(writer.get(ADD), name_ko="자체 지표"))
        assert answer["Location"] == f"{PAGE}#indicators"


def test_what_stays_once_figures_are_reported_is_said_before_and_refused_with_its_reason(
    signed_in: SignIn, focal_point, assignment
) -> None:
    own = IndicatorFactory(action_plan=assignment.action_plan, assignment=assignment, code="I1", unit=both("명"))
    writer = signed_in(focal_point)
    before = writer.get(CHANGE)
    assert "Figures have been reported on this indicator already" not in text_of(before)
    result = IndicatorResult(submission=SubmissionFactory(assignment=assignment), indicator=own)
    result.actual = Figure.of(7)
    result.save()
    assert "Define a new indicator instead." in text_of(writer.get(CHANGE))
    refused = writer.post(CHANGE, form_data(before, unit_ko="건", name_ko="다른 이름"))
    assert (refused.status_code, form_data(refused)["name_ko"]) == (400, "다른 이름")
    assert "Figures have been reported on this indicator already" in text_of(refused)
    assert "so it stays" in text_of(writer.post(REMOVE, follow=True))
    assert writer.post(CHANGE, form_data(before, target_2022_value="9", name_ko="다른 이름")).status_code == 302
    own = Indicator.objects.get()
    assert (own.unit, own.target_in(2022), own.name["ko"]) == (both("명"), Figure.of(9), "다른 이름")


def test_the_page_of_an_action_plan_tells_direction_and_yearly_targets(client, indicator) -> None:
    for year, value in ((2021, 3), (2022, 5)):
        target = IndicatorTarget(indicator=indicator, year=year)
        target.target = Figure.of(value)
        target.save()
    assert "The more the better" in text_of(client.get(PAGE))
    assert "2021: 3 , 2022: 5" in text_of(client.get(PAGE))
