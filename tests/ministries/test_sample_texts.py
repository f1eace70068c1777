"""The sample's texts: complete for the third plan, in both languages, with the same figures; no victims counted."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from ministries.enums import Account, ActivityKind, Rating, Role
from ministries.models import BudgetLine, Indicator, Submission
from ministries.sample.dice import Dice
from ministries.sample.texts import fill, folder, published_figures
from tests.ministries.loading import THIRD_PLAN

LANGUAGES = {"ko", "en"}
FIGURE = re.compile(r"\{(\w+):(\d+)-(\d+)\}")
NAMED = re.compile(r"\{(\w+)\}")
#: What the code can fill in; the rest are figures.
VALUES = {"body", "year", "next", "as_of", "month"}
#: Korean particles change with the sound before them, which nobody knows where a name is filled in.
PARTICLE = re.compile(r"\{body\}(은|는|이|가|을|를|과|와|으로|로|의)(?![가-힣])")
GENERAL = yaml.safe_load((folder() / "general.yaml").read_text(encoding="utf-8"))


def read(path: Path) -> dict[str, Any]:
    """A file of texts."""
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def of_actions() -> dict[str, dict[str, Any]]:
    """The texts by number of the action plan."""
    found: dict[str, dict[str, Any]] = {}
    for path in sorted(folder().glob("objective-*.yaml")):
        entries = read(path)
        assert not entries.keys() & found.keys()
        found |= entries
    return found


def plan_actions() -> dict[str, list[str]]:
    """The plan's action plans and their bodies."""
    areas = read(THIRD_PLAN)["areas"]
    strategies = [each for area in areas for objective in area["objectives"] for each in objective["strategies"]]
    return {action["number"]: action["bodies"] for strategy in strategies for action in strategy["actions"]}


def pairs(value: Any) -> Iterator[Mapping[str, Any]]:
    """Every text by language within ``value``."""
    if isinstance(value, Mapping):
        if value.keys() & LANGUAGES:
            yield value
            return
        value = list(value.values())
    if isinstance(value, list):
        for each in value:
            yield from pairs(each)


def all_pairs() -> list[Mapping[str, Any]]:
    """Every text of all files; the plan's title and its files are no text to compose from."""
    return [*pairs({k: v for k, v in GENERAL.items() if k != "plan"}), *pairs(of_actions())]


def test_every_action_plan_of_the_third_plan_has_texts() -> None:
    assert of_actions().keys() == plan_actions().keys()


def test_the_texts_are_for_the_third_plan() -> None:
    assert GENERAL["plan"]["en"] == read(THIRD_PLAN)["plan"]["title"]["en"]


@pytest.mark.parametrize("code", [*sorted(plan_actions()), "generic"])
def test_an_action_plan_has_enough_to_compose_from(code: str) -> None:
    entry = GENERAL["generic"] if code == "generic" else of_actions()[code]
    assert entry.keys() - {"indicators", "budget", "passed_on", "facts"} == {"results", "gaps", "plans"}
    assert len(entry["results"]) >= 3
    assert len(entry["plans"]) >= 2
    assert len(entry["gaps"]) >= 2
    assert all(gap.keys() == {"cause", "measure"} for gap in entry["gaps"])
    assert all("{next}" in plan[language] for plan in entry["plans"] for language in LANGUAGES)


def test_there_are_general_sentences_for_every_rating_and_role() -> None:
    assert GENERAL["reasons"].keys() == {rating.value for rating in Rating}
    assert GENERAL["accounts"].keys() == {role.value for role in Role}


def test_every_text_is_there_in_both_languages_with_the_same_figures() -> None:
    for pair in all_pairs():
        texts = {language: pair[language] for language in LANGUAGES}
        assert all(text.strip() for text in texts.values()), pair
        assert sorted(FIGURE.findall(texts["ko"])) == sorted(FIGURE.findall(texts["en"])), pair
        assert re.search("[가-힣]", texts["ko"]) or texts["ko"] in ("%", "○ "), pair
        assert not re.search("[가-힣]", texts["en"]), pair


def test_every_place_can_be_filled_and_figures_are_plural() -> None:
    for pair in all_pairs():
        for language in LANGUAGES:
            text = pair[language]
            assert set(NAMED.findall(text)) <= VALUES, text
            assert all(2 <= int(low) < int(high) for _name, low, high in FIGURE.findall(text)), text
            assert "{" not in fill(text, Dice("test"), dict.fromkeys(VALUES, "x")), text


def test_no_name_is_followed_by_a_particle_that_depends_on_its_sound() -> None:
    assert [pair["ko"] for pair in all_pairs() if PARTICLE.search(pair["ko"])] == []


def test_english_sentences_are_sentences() -> None:
    for code, entry in of_actions().items():
        for pair in pairs([entry["results"], entry["gaps"], entry["plans"]]):
            assert re.match(r"[A-Z{]", pair["en"]), (code, pair["en"])
            assert pair["en"].endswith("."), (code, pair["en"])
            assert not pair["ko"].endswith("."), (code, pair["ko"])


@pytest.mark.parametrize("objective", ["7", "8", "9"])
def test_victims_are_never_counted(objective: str) -> None:
    """Where people are protected, only officials and staff are counted."""
    for code, entry in of_actions().items():
        if code.split(".")[0] == objective:
            for pair in pairs(entry):
                assert not re.search(r"(피해자|여성|난민)\D{0,8}\{p:", pair["ko"]), pair["ko"]


def test_indicators_and_budgets_fit_the_plan() -> None:
    carriers, published = plan_actions(), published_figures()
    for code, entry in of_actions().items():
        indicators = entry.get("indicators", [])
        assert len({spec["code"] for spec in indicators}) == len(indicators)
        for spec in indicators:
            assert spec["code"].startswith(f"{code}-")
            if "published" in spec:
                assert published[spec["published"]]["action"] == code
                assert spec["body"] in carriers[code]
            else:
                assert spec.keys() - {"share_of", "people"} == {"code", "name", "unit", "baseline", "step", "spread"}
        budget = entry.get("budget")
        if budget:
            assert budget["account"] in Account.values
            low, high = budget["amount"]
            assert 0 < low < high
            assert isinstance(budget["gender_responsive"], bool)


def test_money_is_passed_on_between_bodies_that_carry_the_action_plan() -> None:
    passing = {code: entry["passed_on"] for code, entry in of_actions().items() if "passed_on" in entry}
    assert {code: (each["from"], each["to"]) for code, each in passing.items()} == {"10.2.1": ("MOFA", "KOICA")}
    for code, each in passing.items():
        assert {each["from"], each["to"]} <= set(plan_actions()[code])
        assert 0 < each["share"] < 100


def test_activities_have_every_kind_but_support_and_count_no_one_who_is_protected() -> None:
    activities = GENERAL["activities"]
    assert {each["kind"] for each in activities} == set(ActivityKind) - {ActivityKind.SUPPORT}
    for each in activities:
        assert ("women" in each) == ("men" in each)
        assert all(2 <= low < high for low, high in (each[name] for name in ("women", "men") if name in each))
        assert not re.search("피해자|난민", each["title"]["ko"])
    assert [each["title"]["en"] for each in activities if "remark" in each] == ["Meeting of expert advisers"]


def test_about_a_third_of_the_action_plans_has_indicators_and_most_have_a_budget() -> None:
    entries = of_actions().values()
    assert len(entries) / 4 < sum("indicators" in entry for entry in entries) < len(entries) / 2
    assert len(entries) / 2 < sum("budget" in entry for entry in entries) < len(entries) * 3 / 4


def test_a_fact_is_of_a_body_that_carries_the_action_plan_and_names_its_source() -> None:
    facts = [(code, fact) for code, entry in of_actions().items() for fact in entry.get("facts", [])]
    assert [(code, fact["year"], fact["body"], fact["field"]) for code, fact in facts] == [
        ("3.1.2", 2021, "MOFA", "this_year_plan")
    ]
    for code, fact in facts:
        assert fact["body"] in plan_actions()[code]
        assert "출처:" in fact["ko"]
        assert "(source:" in fact["en"]
        assert "예정" in fact["ko"]
        assert "planned for" in fact["en"]


def test_even_all_sentences_together_keep_within_the_limits() -> None:
    narrative = Submission._meta.get_field("results").max_length
    reason = Submission._meta.get_field("self_rating_reason").max_length
    assert narrative is not None
    assert reason is not None
    for entry in [*of_actions().values(), GENERAL["generic"]]:
        for language in LANGUAGES:
            for part in ("results", "gaps", "plans", "facts"):
                assert sum(len(pair[language]) + 40 for pair in pairs(entry.get(part, []))) < narrative
            if "budget" in entry:
                programme = BudgetLine._meta.get_field("programme").max_length
                assert len(entry["budget"]["programme"][language]) + 20 < (programme or 0)
    for pair in all_pairs():
        assert all(len(pair[language]) + 20 < reason for language in LANGUAGES)
    source = Indicator._meta.get_field("source").max_length
    assert all(len(GENERAL["published_source"][language]) < (source or 0) for language in LANGUAGES)
