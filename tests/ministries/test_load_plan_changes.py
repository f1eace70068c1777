"""A plan file that differs from the plan that stands: taken over before the first round, refused after it."""

import datetime as dt

import pytest

from ministries.models import Assignment, BodyName
from ministries.services.rounds import create_round
from nap_monitor.lib.audit.models import Event
from objectives.models import ActionPlan, Area, Objective, Plan, Strategy
from tests.factories import IndicatorFactory
from tests.ministries.loading import OTHER_COUNTRY, all_rows, changed, refusal, run

pytestmark = pytest.mark.django_db

NEW_ACTION = """\
              - number: "2.1.2"
                text: {en: "Protect witnesses", fr: "Protéger les témoins"}
                bodies: [POLICE]
"""
NORTH = '                bodies: ["NO"]\n'
SECOND_ACTION = OTHER_COUNTRY.read_text(encoding="utf-8").partition('              - number: "A.1-a-ii"')
SECOND_ACTION = SECOND_ACTION[1] + SECOND_ACTION[2].partition("  - code: B\n")[0]
#: Every kind of change at once.
CHANGES = (
    ("Arcadia on Women, Peace and Security (sample)", "Arcadia (sample)"),
    ("  end_year: 2028\n", "  end_year: 2027\n"),
    ("  translation_fr: unofficial\n", ""),
    (SECOND_ACTION, ""),
    ("bodies: [POLICE, EQUALITY]", 'bodies: [EQUALITY, "NO"]'),
    ('fr: "Refuges"', 'fr: "Abris"'),
    (
        '                bodies: [EQUALITY, POLICE, "NO"]\n',
        f'                bodies: [EQUALITY, POLICE, "NO"]\n{NEW_ACTION}',
    ),
    ('    note: "The printed edition has no number for this area."\n', ""),
)
SAID = [
    "Plan 1, title (en): stored is “First National Action Plan of the Invented Republic of Arcadia on Women, Peace and "
    "Security (sample)”, the file says “First National Action Plan of the Invented Republic of Arcadia (sample)”.",
    "Plan 1, last year: stored is “2028”, the file says “2027”.",
    "Plan 1, unofficial translations: stored is “fr”, the file says “–”.",
    "Area B, note on the mend: stored is “The printed edition has no number for this area.”, the file says “–”.",
    "Strategy 2.1, text (fr): stored is “Refuges”, the file says “Abris”.",
    "Action plan A.1-a-i, implementing bodies: stored is “POLICE, EQUALITY”, the file says “EQUALITY, NO”.",
    "Action plan 2.1.2, the whole item: stored is “–”, the file says “Protect witnesses”.",
    "Action plan A.1-a-ii, the whole item: stored is “Train negotiators in every region of the country”, "
    "the file says “–”.",
]


@pytest.fixture
def plan() -> Plan:
    run("load_plan", OTHER_COUNTRY)
    return Plan.objects.get()


@pytest.fixture
def with_round(plan) -> Plan:
    day = dt.date(2026, 1, 1)
    create_round(plan=plan, year=2025, opening_date=day, due_date=day, closing_date=day, by=None)
    return plan


@pytest.fixture
def changed_file(tmp_path):
    return changed(tmp_path / "plan.yaml", OTHER_COUNTRY, *CHANGES)


def test_before_a_round_the_plan_becomes_what_the_file_says(plan, changed_file) -> None:
    kept = {action.code: action.pk for action in ActionPlan.objects.all()}
    said = run("load_plan", changed_file).splitlines()
    assert said == [
        "Plan 1 has changed:",
        *(f"- {line}" for line in SAID),
        "Area 2, Objective 2, Strategy 2, Action plan 3, Assignment 6",
    ]
    plan.refresh_from_db()
    assert (plan.end_year, plan.unofficial_languages) == (2027, [])
    assert plan.title["en"].endswith("Arcadia (sample)")
    assert list(ActionPlan.objects.order_by("order").values_list("code", flat=True)) == ["A.1-a-i", "2.1.1", "2.1.2"]
    assert ActionPlan.objects.get(code="2.1.1").pk == kept["2.1.1"]
    assert Strategy.objects.get(code="2.1").title == {"en": "Shelters", "fr": "Abris"}
    assert Area.objects.get(code="B").mend_note == ""
    assert list(Assignment.objects.values_list("action_plan__code", "body__code", "end_year")) == [
        ("A.1-a-i", "EQUALITY", 2027),
        ("A.1-a-i", "NO", 2027),
        ("2.1.1", "EQUALITY", 2027),
        ("2.1.1", "POLICE", 2027),
        ("2.1.1", "NO", 2027),
        ("2.1.2", "POLICE", 2027),
    ]
    events = Event.objects.filter(object_kind="objectives.plan").order_by("sequence")
    assert [event.kind for event in events] == ["create", "assign", "unassign", "change", "assign"]
    data = dict(events[3].data)
    changes = {each["what"]: (each["from"], each["to"]) for each in data.pop("changes")}
    assert len(changes) > 3
    assert all(before != after for before, after in changes.values())
    for event in (events[2], events[4]):
        assert event.data["before"].keys() == event.data["after"].keys() != set()
    assert data == {
        "area": 2,
        "objective": 2,
        "strategy": 2,
        "action-plan": 3,
        "added": 1,
        "changed": 3,
        "removed": 1,
    }


def test_the_changed_file_then_changes_nothing_more(plan, changed_file) -> None:
    run("load_plan", changed_file)
    before = all_rows()
    assert "Plan 1: nothing to change." in run("load_plan", changed_file)
    assert all_rows() == before


def test_after_a_round_the_plan_is_refused_with_the_differences(with_round, changed_file) -> None:
    assert refusal("load_plan", changed_file) == [
        "plan.yaml: plan 1 is already reported on, so it may not change. Nothing was written.",
        *(f"- {line}" for line in SAID),
    ]


def test_after_a_round_the_same_plan_still_loads(with_round) -> None:
    before = all_rows()
    assert "Plan 1: nothing to change." in run("load_plan", OTHER_COUNTRY)
    assert all_rows() == before


def test_after_a_round_bodies_may_still_be_renamed(with_round, tmp_path) -> None:
    path = changed(tmp_path / "plan.yaml", OTHER_COUNTRY, ('fr: "Bureau du Nord"', 'fr: "Office du Nord"'))
    assert run("load_plan", path).splitlines() == [
        "Bodies changed:",
        "NO, first name (fr): stored is “Bureau du Nord”, the file says “Office du Nord”.",
        "Plan 1: nothing to change.",
        "Area 2, Objective 2, Strategy 2, Action plan 3, Assignment 6",
    ]
    assert BodyName.objects.get(body__code="NO").name["fr"] == "Office du Nord"


def test_a_refused_plan_renames_no_body_either(with_round, tmp_path) -> None:
    path = changed(
        tmp_path / "plan.yaml",
        OTHER_COUNTRY,
        ('fr: "Bureau du Nord"', 'fr: "Office du Nord"'),
        ('fr: "Refuges"', 'fr: "Abris"'),
    )
    assert len(refusal("load_plan", path)) == 2


def test_items_move_in_the_tree_and_stay_the_same_items(plan, tmp_path) -> None:
    """The second area's objective goes to the first area, before the other one; the emptied area goes."""
    text = OTHER_COUNTRY.read_text(encoding="utf-8")
    head, _areas, rest = text.partition("areas:\n")
    first, _code, second = rest.partition("  - code: B\n")
    objective_2 = second[second.index("      - number: 2\n") :]
    opening, objectives, objective_1 = first.partition("    objectives:\n")
    path = tmp_path / "plan.yaml"
    path.write_text(f"{head}areas:\n{opening}{objectives}{objective_2}{objective_1}", encoding="utf-8")
    kept = {item.code: item.pk for model in (Objective, Strategy, ActionPlan) for item in model.objects.all()}
    said = run("load_plan", path).splitlines()
    assert said[1:-1] == [
        "- Area B, the whole item: stored is “Protection”, the file says “–”.",
        "- Objective 2, place in the plan: stored is “B”, the file says “A”.",
    ]
    assert [str(area.code) for area in Area.objects.all()] == ["A"]
    assert list(Objective.objects.values_list("code", "area__code")) == [("2", "A"), ("A.1", "A")]
    assert list(ActionPlan.objects.values_list("code", flat=True)) == ["2.1.1", "A.1-a-i", "A.1-a-ii"]
    assert {item.code: item.pk for model in (Objective, Strategy, ActionPlan) for item in model.objects.all()} == kept


def test_another_order_is_a_difference(with_round, tmp_path) -> None:
    text = OTHER_COUNTRY.read_text(encoding="utf-8")
    path = tmp_path / "plan.yaml"
    without = text.replace(SECOND_ACTION, "")
    path.write_text(
        without.replace("            actions:\n", f"            actions:\n{SECOND_ACTION}", 1), encoding="utf-8"
    )
    assert refusal("load_plan", path)[1:] == [
        "- Action plan (A.1-a), order: stored is “A.1-a-i, A.1-a-ii”, the file says “A.1-a-ii, A.1-a-i”.",
    ]


def test_what_indicators_are_defined_for_does_not_go_in_silence(plan, tmp_path) -> None:
    second = ActionPlan.objects.get(code="A.1-a-ii")
    IndicatorFactory(action_plan=second, code="I1")
    first = Assignment.objects.get(action_plan__code="A.1-a-i", body__code="POLICE")
    IndicatorFactory(action_plan=first.action_plan, assignment=first, code="I2")
    IndicatorFactory(action_plan=first.action_plan, code="I3")
    path = changed(
        tmp_path / "plan.yaml",
        OTHER_COUNTRY,
        (SECOND_ACTION, ""),
        ("bodies: [POLICE, EQUALITY]", "bodies: [EQUALITY]"),
    )
    assert refusal("load_plan", path) == [
        "plan.yaml: indicators are defined for what the file no longer has. Nothing was written.",
        "- A.1-a-i: I2 Indicator I2",
        "- A.1-a-ii: I1 Indicator I1",
    ]
