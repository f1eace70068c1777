"""What a body fills in: the fields of a submission, once. Form, completeness, remarks and versions read this list."""

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ministries.enums import MEASURES_NEEDED, REASON_NEEDED, Rating

if TYPE_CHECKING:
    from ministries.models import Submission

Text = str | Promise


class Kind(Enum):
    """What a field holds."""

    LINE = "line"
    PROSE = "prose"
    CHOICE = "choice"
    FLAG = "flag"


@dataclass(frozen=True)
class Field:
    """A field of a submission: its name on the model, what it is called, in which section it stands, what it holds."""

    name: str
    label: Text
    section: str
    kind: Kind = Kind.PROSE
    help: Text = ""


#: The sections in the order in which a version has them.
SECTIONS: dict[str, Text] = {
    "handling": _("Department and disclosure"),
    "plan": _("Plan of the year"),
    "results": _("Results"),
    "activities": _("Activities"),
    "activities_summary": _("Activities in numbers"),
    "indicators": _("Indicators"),
    "budget": _("Budget and execution (million won)"),
    "budget_summary": _("Whether a budget is needed"),
    "assessment": _("Self-rating and shortcomings"),
    "next": _("Improvement and plan for next year"),
    "consultation": _("Consultation with civil society"),
    "recommendations": _("Earlier recommendations"),
    "links": _("Related resolutions and national plans"),
    "evidence": _("Evidence"),
    "body_fields": _("Fields of the body's own"),
    "warnings": _("Points to check, with the body's remarks"),
    "review": _("Coordinator's rating"),
}


@dataclass(frozen=True)
class Step:
    """A step of the form: its key (lasting, it stands in addresses), what it is called, and its sections."""

    key: str
    label: Text
    sections: tuple[str, ...]


#: The form in steps, which can be taken in any order.
STEPS = (
    Step("plan", _("Plan of the year"), ("plan",)),
    Step("results", _("Results"), ("results",)),
    Step("activities", _("Activities"), ("activities", "activities_summary")),
    Step("indicators", _("Indicators"), ("indicators",)),
    Step("budget", pgettext_lazy("step", "Budget"), ("budget_summary", "budget")),
    Step("assessment", _("Rating and shortcomings"), ("assessment",)),
    Step("next", _("Improvement and next year"), ("next",)),
    Step("consultation", _("Consultation"), ("consultation",)),
    Step("recommendations", _("Earlier recommendations"), ("recommendations",)),
    Step("evidence", _("Links and evidence"), ("links", "evidence")),
    Step("handling", _("Department and disclosure"), ("body_fields", "handling")),
)
STEP_BY_KEY = {step.key: step for step in STEPS}
_STEP_OF = {section: step for step in STEPS for section in step.sections}

FIELDS = (
    Field("this_year_plan", _("This year's plan"), "plan", help=_("Prefilled from last year's plan for next year.")),
    Field("results", _("Results"), "results", help=_("Aggregates only, no personal data.")),
    Field("no_budget_needed", _("No budget needed"), "budget_summary", Kind.FLAG),
    Field("self_rating", _("Self-rating"), "assessment", Kind.CHOICE),
    Field(
        "self_rating_reason",
        _("Reason for the self-rating"),
        "assessment",
        help=_("Needed for attention, rethink, not started and not applicable."),
    ),
    Field("shortcomings", _("Shortcomings and causes"), "assessment"),
    Field(
        "improvement_measures",
        _("Improvement measures"),
        "next",
        help=_("Needed for attention, rethink and not started."),
    ),
    Field("next_year_plan", _("Plan for next year"), "next"),
    Field(
        "consultation",
        _("Consultation with civil society"),
        "consultation",
        help=_("With whom, when and about what. Organisations, not private persons."),
    ),
    Field("consultation_outcome", _("What came of the consultation"), "consultation"),
    Field(
        "recommendations_action",
        _("Action on earlier recommendations"),
        "recommendations",
        help=_("What was done on what meetings, the panel and the Committee asked for."),
    ),
    Field("related", _("Related resolutions and national plans"), "links"),
    Field(
        "gender_impact_assessment",
        _("Gender impact assessment"),
        "links",
        help=_("Which law, plan or programme was assessed, when, and what was changed."),
    ),
    Field("department", _("Department"), "handling", Kind.LINE),
    Field(
        "disclosure", _("Disclosure"), "handling", Kind.CHOICE, _("Classified information may not be entered at all.")
    ),
    Field(
        "disclosure_ground",
        _("Legal ground"),
        "handling",
        Kind.LINE,
        _("Needed where the submission is not fully open."),
    ),
)
BY_NAME = {field.name: field for field in FIELDS}

#: The tables of a submission; each is a section of rows.
TABLES = ("activities", "indicators", "budget", "evidence", "body_fields")

#: What a review remark may be about: a field, or one of the tables.
REMARKABLE: dict[str, Text] = {
    **{field.name: field.label for field in FIELDS},
    **{table: SECTIONS[table] for table in TABLES},
}


def in_section(section: str) -> list[Field]:
    """The fields of a section, in their order."""
    return [field for field in FIELDS if field.section == section]


def step_of(name: str) -> Step:
    """The step of the form in which a field or a table stands. Raises ``KeyError`` for an unknown name."""
    return _STEP_OF[BY_NAME[name].section if name in BY_NAME else name]


@dataclass(frozen=True)
class Gap:
    """Something that is still missing: the field (or the table and its row's key), and the sentence that says so."""

    field: str
    message: Text
    row: str = ""

    @property
    def step(self) -> Step:
        """The step of the form in which it is mended."""
        return step_of(self.field)


def gaps(submission: "Submission") -> list[Gap]:
    """What a submission lacks to be complete; empty where nothing does.

    Complete means: results, self-rating, plan for next year; a reason and improvement measures where the rating asks
    for them; the own fields that the body marked as required. 'Not applicable' needs its reason only. A submission that
    is not fully open names its ground.
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
        found += _unanswered(submission)
    if submission.disclosure != "open" and not submission.disclosure_ground.strip():
        found.append(Gap("disclosure_ground", _("Name the legal ground of the restriction.")))
    return found


def _unanswered(submission: "Submission") -> list[Gap]:
    """The required fields of the body's own without an answer."""
    if submission.pk is None:
        return []
    return [
        Gap("body_fields", _now("Fill in “%(label)s”.") % {"label": asked.label}, str(asked.pk))
        for asked, answer in submission.own_answers
        if asked.is_required and (answer is None or answer.is_empty)
    ]
