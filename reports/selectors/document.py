"""From a report's content to what its pages print, in one language. Reads the content alone: no database, no clock."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import override

from ministries.content_parts import fields_in
from reports.selectors.abbreviations import abbreviations
from reports.selectors.counts import NO_REPORT, mark_of, share
from reports.selectors.data_notes import Texts, data_notes
from reports.selectors.entries import Objectives, explain_once
from reports.selectors.prose_printed import Prose, edition_facts
from reports.selectors.ratings import ratings_tables
from reports.selectors.report_charts import budget_of_bodies, status_of_action_plans, year_on_year
from reports.selectors.summary import leaves
from reports.selectors.trace import Sources
from reports.words import Words, number

Content = dict[str, Any]

#: The places of the outline that stand outside the objectives.
CHAPTER_TEXTS = (
    "foreword",
    "overview",
    "summary",
    "budget",
    "meetings",
    "opinions",
    "recommendations",
    "measures",
    "next_year",
)
#: Sizes of bars, in units of the page (1/96 inch).
WIDE, NARROW = (642, 26), (102, 15)
HASH_SHOWN = 12
#: The marks of assignments that the summary lists.
NEEDS_ATTENTION = ("attention", "rethink", "not-started", NO_REPORT)


def document(content: Content, language: str, sha256: str) -> Content:
    """The context of the report's template. ``sha256`` is the hash of the content's canonical bytes."""
    with override(language):
        words = Words(content, language)
        prose = Prose(content, words)
        sources = Sources(content, words)
        objectives = Objectives(content, words, prose, sources)
        sections = explain_once(list(objectives.sections()))
        edition = edition_facts(content, words)
        chapters = {place: prose.at(place) for place in CHAPTER_TEXTS}
        texts = Texts(
            translated=objectives.translated,
            korean_only=objectives.korean_only + prose.korean_only,
            unprintable=objectives.unprintable + prose.unprintable,
        )
        place = {"number": content["plan"]["number"], "year": content["year"]}
        title = _("National Action Plan %(number)s, %(year)s: evaluation and improvement measures") % place
        start, _year, end = title.partition(str(content["year"]))
        return {
            "language": language,
            "is_sample": content["is_sample"],
            "year": content["year"],
            "title": title,
            "title_start": start.rstrip(" ,"),
            "title_end": f"{content['year']}{end}",
            "running_title": _("National Action Plan %(number)s, %(year)s") % place,
            "plan_title": words.text(content["plan"]["title"]),
            "issuer": edition["issuer"] if edition else words.body(content["lead"]) if content["lead"] else "",
            "edition": edition,
            "prose": chapters,
            "committee": words.text(content["basis"]["committee"]),
            "sha256": sha256,
            "hash": sha256[:HASH_SHOWN],
            "abbreviations": abbreviations(content, words),
            "legend": [words.mark(code) for code in words.labels],
            "overview": _overview(content, words, sources),
            "ratings": _traced(ratings_tables(content, words, wide=WIDE, narrow=NARROW), sources),
            "status": {"chart": status_of_action_plans(content, words), "source": sources.at("status", "all")},
            "attention": list(_attention(content, words)),
            "activities": objectives.activities.summary(sources),
            "followed_up": list(_followed_up(sections)),
            "years": _years(content, words, sources),
            "sources": list(sources),
            "annexes": _annexes(content, sources),
            "objectives": sections,
            "budget": _budget(content, words, sources),
            "bodies": list(_by_body(content, words)),
            "mends": [_mend(mend, words) for mend in content["mends"]],
            "notes": list(data_notes(content, words, texts, sha256)),
        }


def _traced(ratings: Content, sources: Sources) -> Content:
    """The tables of ratings, each row with the number of its source."""
    for row in (ratings["all"], *ratings["by_area"], *ratings["by_body"]):
        row["source"] = sources.at(*row["key"])
    return ratings


def _years(content: Content, words: Words, sources: Sources) -> Content | None:
    """The years of the plan, each with the number of its source."""
    found = year_on_year(content, words)
    for row in found["years"] if found else ():
        row["source"] = sources.at("ratings", "all") if row["is_now"] else sources.at("year", str(row["year"]))
    return found


def _attention(content: Content, words: Words) -> Iterator[Content]:
    """What the Committee has to look at: the assignments that are slow, have not begun, or were not reported."""
    for action_plan, entry in leaves(content):
        mark = mark_of(entry)
        if mark in NEEDS_ATTENTION:
            yield {
                "code": action_plan["code"],
                "title": words.text(action_plan["title"]),
                "body": words.brief_body(entry["body"]),
                "line": entry.get("line"),
                "mark": words.mark(mark),
            }


def _followed_up(sections: list[Content]) -> Iterator[Content]:
    """What bodies say that they did on earlier recommendations, in the plan's order."""
    for objective in sections:
        for strategy in objective["strategies"]:
            for action_plan in strategy["action_plans"]:
                for entry in action_plan["entries"]:
                    if entry["followed_up"]:
                        yield {
                            "code": action_plan["code"],
                            "title": action_plan["title"],
                            "body": entry["short_body"],
                            "line": entry["line"],
                            "lines": entry["followed_up"],
                        }


def _annexes(content: Content, sources: Sources) -> list[Content]:
    """The annexes that this report has, numbered in their order."""
    titles = {
        "bodies": _("Action plans by body"),
        **({"sources": _("Rows behind the figures")} if sources.found else {}),
        **({"mends": _("Mends to the plan's text")} if content["mends"] else {}),
        "notes": _("Data notes"),
    }
    return [
        {"key": key, "heading": _("Annex %(number)s. %(title)s") % {"number": number, "title": title}}
        for number, (key, title) in enumerate(titles.items(), start=1)
    ]


def _overview(content: Content, words: Words, sources: Sources) -> Content:
    total = content["figures"]["all"]["completeness"]
    rows = [
        {"name": words.body(row["body"]), "source": sources.at("body", row["body"]), **row["completeness"]}
        for row in content["figures"]["by_body"]
    ]
    return {
        "basis": [words.text(line) for line in content["basis"]["lines"]],
        "years": f"{content['plan']['start_year']}~{content['plan']['end_year']}",
        **{name: words.day(content["round"][name]) for name in ("opening_date", "due_date", "closing_date")},
        "rows": rows,
        "total": total,
        "source": sources.at("ratings", "all"),
        "percent": number(share(Decimal(total["confirmed"]), Decimal(total["total"]))),
        "lists": [listing for listing in _lists(content, words) if listing["rows"]],
    }


def _lists(content: Content, words: Words) -> Iterator[Content]:
    """What is missing, late or told apart, each as a table of assignments by body."""
    titles = {
        "no-report": _("Missing returns"),
        "under-review": _("Submitted, under review"),
        "late": _("Submitted after the due date"),
        "restricted": _("Restricted: counted, not printed"),
        "under_revision": _("Reopened: the last confirmed version is printed"),
    }
    for key, title in titles.items():
        rows = [
            {
                "body": words.short_body(entry["body"]),
                "code": action_plan["code"],
                "title": words.text(action_plan["title"]),
                "note": _list_note(key, entry, words),
            }
            for body in content["bodies"]
            for action_plan, entry in leaves(content)
            if entry["body"] == body["code"] and (entry["status"] == key or entry.get(key) is True)
        ]
        yield {"title": title, "rows": rows, "count": len(rows)}


def _list_note(key: str, entry: Content, words: Words) -> str:
    notes = []
    if key == "late":
        notes.append(words.day(entry["first_submitted_on"]))
    if key == "under-review" and entry["returned"]:
        notes.append(_("Returned for completion"))
    if key in ("late", "no-report") and entry["extended_until"]:
        notes.append(_("Exception until %(day)s") % {"day": words.day(entry["extended_until"])})
    return ", ".join(notes)


def _budget(content: Content, words: Words, sources: Sources) -> Content:
    figures = content["figures"]["budget"]
    passed_on = figures["all"].get("passed_on")
    return {
        "unit": words.text(figures["unit"]),
        "rows": [
            {**_budget_row(words.body(row["body"]), row), "source": sources.at("budget", row["body"])}
            for row in figures["by_body"]
        ],
        "all": {**_budget_row(_("All"), figures["all"]), "source": sources.at("budget", "all")},
        "passed_on": number(passed_on) if passed_on else "",
        "chart": budget_of_bodies(content, words),
        "without": list(_without_budget(content, words)),
    }


def _without_budget(content: Content, words: Words) -> Iterator[Content]:
    """The action plans where a body names no amount: because none is needed, or because it is not known."""
    found: dict[str, Content] = {}
    for action_plan, entry in leaves(content):
        if not entry["money"] or entry["money"]["budget"] is not None:
            continue
        row = found.setdefault(
            action_plan["code"],
            {"code": action_plan["code"], "title": words.text(action_plan["title"]), "not_needed": [], "not_known": []},
        )
        reason = "not_needed" if entry["money"]["state"] == "not-applicable" else "not_known"
        row[reason].append(words.brief_body(entry["body"]))
    for row in found.values():
        yield {**row, "not_needed": ", ".join(row["not_needed"]), "not_known": ", ".join(row["not_known"])}


def _budget_row(name: str, row: Content) -> Content:
    money = {key: number(row[key]) for key in ("budget", "executed", "rate", "gender_responsive")}
    return {"name": name, **row, **money}


def _by_body(content: Content, words: Words) -> Iterator[Content]:
    """The annex: every action plan of each body, with both ratings."""
    found = list(leaves(content))
    for body in content["bodies"]:
        rows = [_annex_row(plan, entry, words) for plan, entry in found if entry["body"] == body["code"]]
        yield {"name": words.body(body["code"]), "rows": rows, "count": len(rows)}


def _annex_row(action_plan: Content, entry: Content, words: Words) -> Content:
    self_rating = fields_in(entry["sections"]).get("self_rating", {})
    return {
        "code": action_plan["code"],
        "title": words.text(action_plan["title"]),
        "mark": words.mark(entry["rating"] or entry["status"]),
        "self_rating": words.text(self_rating.get("text", {})),
        "is_restricted": entry["restricted"],
        "line": entry.get("line"),
        "version": entry["version"]["number"] if entry["version"] else None,
        "hash": entry["version"]["sha256"][:HASH_SHOWN] if entry["version"] else "",
    }


def _mend(mend: Content, words: Words) -> Content:
    levels = {
        "area": _("Area"),
        "objective": _("Objective"),
        "strategy": _("Strategy"),
        "action-plan": _("Action plan"),
    }
    code = "" if mend["level"] == "area" else mend["code"]
    return {
        "level": f"{levels[mend['level']]} {code}".strip(),
        "title": words.text(mend["title"]),
        "source_text": mend["source_text"],
        "note": mend["note"],
    }
