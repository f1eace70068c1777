"""What differs between two contents of a report, item by item: texts, figures, names, and each body's report.

Reads contents alone. Each part is a comparison as of two versions (:mod:`ministries.comparison`), so that a page shows
it in the same way.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ministries.comparison import Comparison, compare
from ministries.content_parts import field, in_all_languages, localized, text
from nap_monitor.lib.localized import LocalizedText
from reports.selectors.outline import title_of
from reports.selectors.summary import leaves

Content = dict[str, Any]

#: What an edition of a report counts, with the word for it.
COMPLETENESS = {
    "total": _("Assignments"),
    "confirmed": _("Confirmed"),
    "under_review": _("Under review"),
    "no_report": _("No report"),
    "late": _("Late"),
    "restricted": _("Restricted"),
}
MONEY = {"budget": _("Budget"), "executed": _("Executed"), "gender_responsive": _("Gender-responsive budget")}


@dataclass(frozen=True)
class Part:
    """What differs in one part of the report; ``title`` is by language, ``key`` names it on the page."""

    key: str
    title: LocalizedText
    comparison: Comparison


def differences(before: Content, after: Content) -> list[Part]:
    """The parts of a report that say something else in ``after``, in the order of the report."""
    return [part for part in _parts(before, after) if part.comparison.number]


def _parts(before: Content, after: Content) -> Iterator[Part]:
    yield _part("texts", in_all_languages(_("Texts of the report")), _texts(before), _texts(after))
    yield _part("figures", in_all_languages(_("Figures")), _figures(before), _figures(after))
    yield _part("names", in_all_languages(_("Names and titles")), _names(before), _names(after))
    olds, news = _entries(before), _entries(after)
    for number, key in enumerate(dict.fromkeys((*news, *olds))):
        old, new = olds.get(key), news.get(key)
        if old != new:
            yield _part(f"assignment-{number}", _called(key, after, before), _entry(old, before), _entry(new, after))


def _part(key: str, title: Mapping[str, str], before: list[Content], after: list[Content]) -> Part:
    return Part(key, LocalizedText(title), compare(before, after).only_changed)


def _section(key: str, label: Mapping[str, str] | str | Promise, fields: list[Content]) -> Content:
    words = dict(label) if isinstance(label, Mapping) else in_all_languages(label)
    return {"key": key, "label": words, "fields": fields}


def _texts(content: Content) -> list[Content]:
    """The coordinator's prose by place and language, the best cases, and the marks of joint action plans."""
    fields = [
        text(f"{place}:{language}", _spoken(title_of(place, content), language), texts.get(language, ""))
        for place, texts in content.get("prose", {}).items()
        for language, _name in settings.LANGUAGES
    ]
    cases = [
        text(
            f"case:{case['action_plan']}:{case['body']}:{language}",
            LocalizedText(
                _spoken(
                    {code: f"{case['action_plan']} {_body(content, case['body'], code)}" for code in _codes()}, language
                )
            ),
            "\n".join(part for part in (case["title"].get(language), case["text"].get(language)) if part),
        )
        for case in content.get("best_cases", [])
        for language, _name in settings.LANGUAGES
    ]
    marks = [
        text(f"assessment:{plan['code']}", LocalizedText(_titled(plan)), _mark(plan["assessment"], content))
        for plan in _action_plans(content)
        if plan.get("assessment")
    ]
    return [
        _section("prose", _("Texts by the lead ministry"), fields),
        _section("best_cases", _("Best cases"), cases),
        _section("assessments", _("Assessment of the action plan"), marks),
    ]


def _figures(content: Content) -> list[Content]:
    figures = content["figures"]
    scale = {row["code"]: row["label"] for row in content["scale"]}
    rows = [("all", in_all_languages(_("All")), figures["all"], figures["budget"]["all"])]
    money = {row["body"]: row for row in figures["budget"]["by_body"]}
    rows += [
        (row["body"], {code: _body(content, row["body"], code) for code in _codes()}, row, money[row["body"]])
        for row in figures["by_body"]
    ]
    return [
        _section(
            f"figures:{key}",
            label,
            [
                *(_count(f"{key}:{name}", word, row["completeness"][name]) for name, word in COMPLETENESS.items()),
                *(
                    _count(f"{key}:{code}", LocalizedText(scale[code]), number)
                    for code, number in row["counts"].items()
                ),
                *(field(f"{key}:{name}", word, "figure", amounts[name] or "") for name, word in MONEY.items()),
            ],
        )
        for key, label, row, amounts in rows
    ]


def _count(key: str, label: Any, number: int) -> Content:
    return field(key, label, "figure", str(number))


def _names(content: Content) -> list[Content]:
    bodies = [_name(f"body:{row['code']}", row["name"], row["name"]) for row in content["bodies"]]
    items = [_name(f"plan:{key}", item["title"], item["title"]) for key, item in _items(content)]
    return [
        _section("bodies", _("Implementing bodies"), bodies),
        _section("plan", _("National Action Plan"), items),
    ]


def _name(key: str, label: Mapping[str, str], texts: Mapping[str, str]) -> Content:
    """A name says the same as another where all its words are the same."""
    return {**localized(key, LocalizedText(label), texts), "value": json.dumps(dict(texts), sort_keys=True)}


def _items(content: Content) -> Iterator[tuple[str, Content]]:
    for area in content["areas"]:
        yield f"{area['code']}", area
        for objective in area["objectives"]:
            yield f"{area['code']}/{objective['code']}", objective
            for strategy in objective["strategies"]:
                yield f"strategy:{strategy['code']}", strategy
                yield from ((f"action:{plan['code']}", plan) for plan in strategy["action_plans"])


def _action_plans(content: Content) -> Iterator[Content]:
    for key, item in _items(content):
        if key.startswith("action:"):
            yield item


def _entries(content: Content) -> dict[tuple[str, str], Content]:
    """Each assignment's report without its number in the annex, which changes with any other one."""
    return {
        (plan["code"], entry["body"]): {key: value for key, value in entry.items() if key != "line"}
        for plan, entry in leaves(content)
    }


def _entry(entry: Content | None, content: Content) -> list[Content]:
    """One assignment's report: its mark first, then all that is printed of it."""
    if entry is None:
        return []
    scale = {row["code"]: row["label"] for row in content["scale"]}
    code = entry["rating"] or entry["status"]
    fields = [
        localized("mark", _("Coordinator's rating"), scale[code], code),
        field("late", _("Late"), "flag", "yes" if entry["late"] else "no"),
        field("restricted", _("Restricted"), "flag", "yes" if entry["restricted"] else "no"),
        field("revision", _("Under revision"), "flag", "yes" if entry["under_revision"] else "no"),
    ]
    return [_section("mark", _("State of the report"), fields), *entry["sections"]]


def _called(key: tuple[str, str], *contents: Content) -> dict[str, str]:
    """An assignment's action plan and body, as the first content that has it calls them."""
    code, body = key
    for content in contents:
        plan = next((plan for plan in _action_plans(content) if plan["code"] == code), None)
        if plan and any(row["code"] == body for row in content["bodies"]):
            return {language: f"{text} · {_body(content, body, language)}" for language, text in _titled(plan).items()}
    return dict.fromkeys(_codes(), f"{code} {body}")


def _titled(plan: Content) -> dict[str, str]:
    return {code: f"{plan['code']} {LocalizedText(plan['title']).in_language(code)}" for code in _codes()}


def _body(content: Content, code: str, language: str) -> str:
    row = next((row for row in content["bodies"] if row["code"] == code), None)
    return LocalizedText(row["short_name"]).in_language(language) if row else code


def _mark(given: Content, content: Content) -> str:
    label = next(str(LocalizedText(row["label"])) for row in content["scale"] if row["code"] == given["rating"])
    return f"{label}: {given['reason']}" if given["reason"] else label


def _spoken(label: Mapping[str, str], language: str) -> LocalizedText:
    """What a text is about, with the language that it is in."""
    names = in_all_languages(dict(settings.LANGUAGES)[language])
    return LocalizedText({code: f"{label.get(code, '')} ({names[code]})" for code in _codes()})


def _codes() -> list[str]:
    return [code for code, _name in settings.LANGUAGES]
