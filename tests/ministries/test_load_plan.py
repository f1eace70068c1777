"""Loading plans that are in order: the real one with the counts of the reference file, and another country's."""

import subprocess
import sys
from collections import Counter

import pytest
import yaml
from django.conf import settings

from ministries.models import Assignment, ImplementingBody
from nap_monitor.lib.audit.models import Event
from objectives.models import ActionPlan, Area, Objective, Plan, Strategy
from tests.ministries.loading import OTHER_COUNTRY, REFERENCE, THIRD_PLAN, all_rows, run

pytestmark = pytest.mark.django_db


@pytest.fixture
def third_plan() -> Plan:
    run("load_bodies", REFERENCE)
    run("load_plan", THIRD_PLAN)
    return Plan.objects.get()


@pytest.fixture(scope="module")
def expected() -> dict:
    return yaml.safe_load(REFERENCE.read_text(encoding="utf-8"))["expected_counts"]


@pytest.fixture(scope="module")
def source() -> dict:
    return yaml.safe_load(THIRD_PLAN.read_text(encoding="utf-8"))


def test_the_counts_are_those_of_the_reference_file(third_plan, expected) -> None:
    assert {
        "areas": Area.objects.count(),
        "objectives": Objective.objects.count(),
        "strategies": Strategy.objects.count(),
        "actions": ActionPlan.objects.count(),
        "bodies": ImplementingBody.objects.count(),
        "assignments": Assignment.objects.count(),
        "actions_by_area": dict(
            Counter(ActionPlan.objects.values_list("strategy__objective__area__code", flat=True).order_by())
        ),
        "assignments_by_body": dict(Counter(Assignment.objects.values_list("body__code", flat=True).order_by())),
    } == expected


def test_every_text_of_the_file_is_stored_in_its_place(third_plan, source) -> None:
    written = []
    for area in source["areas"]:
        for objective in area["objectives"]:
            for strategy in objective["strategies"]:
                for action in strategy["actions"]:
                    written.append(
                        (
                            (area["code"], area["title"]),
                            (str(objective["number"]), objective["title"]),
                            (strategy["number"], strategy["title"]),
                            (action["number"], action["text"]),
                            action["bodies"],
                        )
                    )
    stored = [
        (
            (action.strategy.objective.area.code, action.strategy.objective.area.title),
            (action.strategy.objective.code, action.strategy.objective.title),
            (action.strategy.code, action.strategy.title),
            (action.code, action.title),
            [row.body.code for row in Assignment.objects.filter(action_plan=action).order_by("order")],
        )
        for action in ActionPlan.objects.order_by("order")
    ]
    assert stored == written


def test_the_order_is_that_of_the_file_not_that_of_the_numbers_text(third_plan) -> None:
    codes = list(Objective.objects.order_by("order").values_list("code", flat=True))
    assert codes == sorted(codes, key=int)
    assert codes != sorted(codes)
    assert list(Strategy.objects.order_by("order").values_list("code", flat=True))[-1] == "11.2"
    assert list(Assignment.objects.values_list("action_plan__code", "body__code"))[:2] == [
        ("1.1.1", "MOFA"),
        ("1.1.1", "MOU"),
    ]


def test_mends_and_notes_are_kept(third_plan, source) -> None:
    wanted = {}
    for area in source["areas"]:
        wanted["area", area["code"]] = area
        for objective in area["objectives"]:
            wanted["objective", str(objective["number"])] = objective
            for strategy in objective["strategies"]:
                wanted["strategy", strategy["number"]] = strategy
                wanted.update({("actionplan", action["number"]): action for action in strategy["actions"]})
    stored = [item for model in (Area, Objective, Strategy, ActionPlan) for item in model.objects.all()]
    for item in stored:
        entry = wanted[item._meta.model_name, item.code]
        assert (item.source_text, item.mend_note) == (entry.get("source", ""), entry.get("note", ""))
    assert sum(item.is_mended for item in stored) == sum("note" in entry for entry in wanted.values())


def test_korean_is_known_to_be_unofficial(third_plan) -> None:
    assert third_plan.unofficial_languages == ["ko"]
    assert third_plan.is_unofficial_in("ko")
    assert not third_plan.is_unofficial_in("en")


def test_assignments_hold_for_the_years_of_the_plan(third_plan) -> None:
    assert (third_plan.start_year, third_plan.end_year) == (2021, 2023)
    assert set(Assignment.objects.values_list("start_year", "end_year")) == {(2021, 2023)}


def test_loading_leaves_events_with_counts(third_plan) -> None:
    assert {body.object_label for body in Event.objects.filter(object_kind="ministries.implementingbody")} == set(
        ImplementingBody.objects.values_list("code", flat=True)
    )
    events = {event.kind: event.data for event in Event.objects.filter(object_kind="objectives.plan")}
    assert events == {
        "create": {
            "area": 5,
            "objective": 11,
            "strategy": 24,
            "action-plan": 50,
            "added": 90,
            "changed": 0,
            "removed": 0,
        },
        "assign": {"added": 119, "changed": 0},
    }
    assert {event.actor_label for event in Event.objects.all()} == {""}


def test_it_says_what_was_loaded() -> None:
    run("load_bodies", REFERENCE)
    assert run("load_plan", THIRD_PLAN).splitlines() == [
        "Plan 3 is loaded.",
        "Area 5, Objective 11, Strategy 24, Action plan 50, Assignment 119",
    ]


@pytest.mark.parametrize(("command", "file"), [("load_bodies", REFERENCE), ("load_plan", THIRD_PLAN)])
def test_loading_again_changes_no_row_and_says_so(third_plan, command, file) -> None:
    before = all_rows()
    assert "nothing to change" in run(command, file)
    assert all_rows() == before


def test_another_countrys_plan_loads_into_an_empty_installation() -> None:
    assert run("load_plan", OTHER_COUNTRY).splitlines() == [
        "New bodies: EQUALITY, POLICE, NO.",
        "Plan 1 is loaded.",
        "Area 2, Objective 2, Strategy 2, Action plan 3, Assignment 6",
    ]
    plan = Plan.objects.get()
    assert (plan.number, list(plan.years), plan.unofficial_languages) == (1, [2025, 2026, 2027, 2028], ["fr"])
    assert list(plan.title) == ["en", "fr"]
    assert [str(action) for action in ActionPlan.objects.order_by("order")] == [
        "A.1-a-i Recruit and promote women",
        "A.1-a-ii Train negotiators in every region of the country",
        "2.1.1 Open shelters in each district",
    ]
    mended = ActionPlan.objects.get(code="A.1-a-ii")
    assert mended.mend_note == "Typing error mended.\nThe printed edition reads 'evry'."
    before = all_rows()
    assert "Plan 1: nothing to change." in run("load_plan", OTHER_COUNTRY)
    assert all_rows() == before


def test_two_countries_plans_stand_side_by_side(third_plan) -> None:
    run("load_plan", OTHER_COUNTRY)
    before = all_rows()
    for command, file in (("load_bodies", REFERENCE), ("load_plan", THIRD_PLAN), ("load_plan", OTHER_COUNTRY)):
        assert "nothing to change" in run(command, file)
    assert all_rows() == before
    assert list(Plan.objects.values_list("number", flat=True)) == [1, 3]


@pytest.mark.one_database
def test_the_commands_run_as_programs(tmp_path, monkeypatch) -> None:
    """As an operator runs them: on a database of their own, with exit codes."""
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "nap_monitor.settings")
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{tmp_path}/own.sqlite3")

    def manage(*arguments: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "manage.py", *map(str, arguments)]
        return subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)

    assert manage("migrate", "-v0").returncode == 0
    done = manage("load_plan", OTHER_COUNTRY)
    assert (done.returncode, done.stderr) == (0, "")
    assert "EQUALITY" in done.stdout
    broken = tmp_path / "broken.yaml"
    broken.write_text("plan: [\n", encoding="utf-8")
    refused = manage("load_plan", broken)
    assert (refused.returncode, refused.stdout) == (1, "")
    assert f"{broken}, " in refused.stderr
    assert "Traceback" not in refused.stderr
