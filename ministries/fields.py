"""What a body fills in: the fields of a submission, once. Form, completeness, remarks and versions read this list."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from ministries.enums import MEASURES_NEEDED, REASON_NEEDED, Rating

if TYPE_CHECKING:
    from ministries.models import Submission

Text = str | Promise


@dataclass(frozen=True)
class Field:
    """A field of a submission: its name on the model, what it is called, and in which section it stands."""

    name: str
    label: Text
    section: str
    help: Text = ""


SECTIONS: dict[str, Text] = {
    "handling": _("Department and disclosure"),
    "narrative": _("Results"),
    "indicators": _("Indicators"),
    "budget": _("Budget and execution (million won)"),
    "budget_summary": _("Whether a budget is needed"),
    "assessment": _("Self-rating"),
    "next": _("Plan for next year"),
    "review": _("Coordinator's rating"),
}

FIELDS = (
    Field("department", _("Department"), "handling"),
    Field("disclosure", _("Disclosure"), "handling", _("Classified information may not be entered at all.")),
    Field("disclosure_ground", _("Legal ground"), "handling", _("Needed where the submission is not fully open.")),
    Field("this_year_plan", _("This year's plan"), "narrative", _("Prefilled from last year's plan for next year.")),
    Field("results", _("Results"), "narrative", _("Aggregates only, no personal data.")),
    Field("no_budget_needed", _("No budget needed"), "budget"),
    Field("self_rating", _("Self-rating"), "assessment"),
    Field(
        "self_rating_reason",
        _("Reason for the self-rating"),
        "assessment",
        _("Needed for attention, rethink, not started and not applicable."),
    ),
    Field("shortcomings", _("Shortcomings and causes"), "assessment"),
    Field(
        "improvement_measures",
        _("Improvement measures"),
        "assessment",
        _("Needed for attention, rethink and not started."),
    ),
    Field("next_year_plan", _("Plan for next year"), "next"),
)
BY_NAME = {field.name: field for field in FIELDS}

#: What a review remark may be about: a field, or one of the two tables.
REMARKABLE: dict[str, Text] = {
    **{field.name: field.label for field in FIELDS},
    "indicators": SECTIONS["indicators"],
    "budget": SECTIONS["budget"],
}


@dataclass(frozen=True)
class Gap:
    """Something that is still missing: the field, and the sentence that says so."""

    field: str
    message: Text


def gaps(submission: "Submission") -> list[Gap]:
    """What a submission lacks to be complete; empty where nothing does.

    Complete means: results, self-rating, plan for next year; a reason and improvement measures where the rating asks
    for them. 'Not applicable' needs its reason only. A submission that is not fully open names its ground.
    """
    rating = submission.self_rating
    found = []
    if not rating:
        found.append(Gap("self_rating", _("Choose a self-rating.")))
    if rating in REASON_NEEDED and not submission.self_rating_reason.strip():
        found.append(Gap("self_rating_reason", _("Give the reason for this rating.")))
    if rating != Rating.NOT_APPLICABLE:
        if not submission.results.strip():
            found.append(Gap("results", _("Write the results.")))
        if not submission.next_year_plan.strip():
            found.append(Gap("next_year_plan", _("Write the plan for next year.")))
        if rating in MEASURES_NEEDED and not submission.improvement_measures.strip():
            found.append(Gap("improvement_measures", _("Write the improvement measures.")))
    if submission.disclosure != "open" and not submission.disclosure_ground.strip():
        found.append(Gap("disclosure_ground", _("Name the legal ground of the restriction.")))
    return found
