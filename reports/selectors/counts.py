"""Counting a round: ratings, completeness and budget, from entries as the report's content has them."""

from collections import Counter
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from ministries.enums import Rating
from ministries.figures import decimal_text

Content = dict[str, Any]

#: What an assignment is counted as where it has no confirmed rating. Neither is a choice in any form.
UNDER_REVIEW = "under-review"
NO_REPORT = "no-report"
CONFIRMED = "confirmed"
#: Everything that an assignment is counted as: each has exactly one.
COUNTED = (*(str(value) for value in Rating.values), UNDER_REVIEW, NO_REPORT)


def mark_of(entry: Content) -> str:
    """As what an assignment is counted: the coordinator's rating, else 'under review' or 'no report'."""
    return str(entry["rating"] if entry["status"] == CONFIRMED else entry["status"])


def ratings(entries: Iterable[Content]) -> Content:
    """How many assignments there are, and how many of each rating. The counts add up to the total."""
    found = Counter(mark_of(entry) for entry in entries)
    return {"total": found.total(), "counts": {code: found[code] for code in COUNTED}}


def completeness(entries: Iterable[Content]) -> Content:
    """How many assignments are confirmed, under review, not reported; and how many of them came late, and the like."""
    rows = list(entries)
    status = Counter(entry["status"] for entry in rows)
    return {
        "total": len(rows),
        "confirmed": status[CONFIRMED],
        "under_review": status[UNDER_REVIEW],
        "no_report": status[NO_REPORT],
        **{
            flag: sum(1 for entry in rows if entry[flag])
            for flag in ("returned", "late", "under_revision", "restricted")
        },
    }


def budget(entries: Iterable[Content], *, of_all_bodies: bool = False) -> Content:
    """The money of confirmed submissions, in million won, as decimal text.

    Sums take the submissions whose amount is known. The execution rate (%, one place) compares executed with budget
    over those where both are known; it is empty where that budget is zero or nobody's is known. What one body passes on
    to another is in the sums of each, and not in a sum ``of_all_bodies``: there the passing body has reported it.
    """
    rows = [entry["money"] for entry in entries if entry["status"] == CONFIRMED]
    added = [row["own"] if of_all_bodies and row.get("own") else row for row in rows]
    both = [row for row in added if row["budget"] is not None and row["executed"] is not None]
    return {
        "confirmed": len(rows),
        "with_amount": sum(1 for row in rows if row["budget"] is not None),
        "no_budget_needed": sum(1 for row in rows if row["state"] == "not-applicable"),
        "not_known": sum(1 for row in rows if row["budget"] is None and row["state"] != "not-applicable"),
        "in_rate": len(both),
        "budget": _total(added, "budget"),
        "executed": _total(added, "executed"),
        "gender_responsive": _total(added, "gender_responsive"),
        "passed_on": _total([row["own"] for row in rows if row.get("own")], "passed_on"),
        "rate": share(_amount(both, "executed"), _amount(both, "budget")),
    }


def _amount(rows: list[Content], name: str) -> Decimal:
    return sum((Decimal(row[name]) for row in rows if row[name] is not None), Decimal())


def _total(rows: list[Content], name: str) -> str | None:
    """The sum as text; nothing where no amount is known, which is not zero."""
    return decimal_text(_amount(rows, name)) if any(row[name] is not None for row in rows) else None


def share(part: Decimal, whole: Decimal) -> str | None:
    """``part`` of ``whole`` in per cent with one place, half up; nothing where the whole is zero."""
    if not whole:
        return None
    return str((part * 100 / whole).quantize(Decimal("0.1"), ROUND_HALF_UP))
