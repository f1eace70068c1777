"""Issued editions: which there are, whether all their files are, and what a report still lacks before it is issued."""

from typing import Any

from django.conf import settings
from django.db.models import QuerySet

from ministries.models import Round
from reports.models import Edition, RenderJob
from reports.selectors.outline import FIRST_LANGUAGE, Place, places
from reports.selectors.report_content import prose

Content = dict[str, Any]

#: The documents that are made of every edition, in every language.
DOCUMENTS = (RenderJob.Form.PDF,)


def editions(*, plan_number: int, year: int) -> "QuerySet[Edition]":
    """The editions of a year's report, the last one first, with their files and acts."""
    found = Edition.objects.filter(plan_number=plan_number, year=year).order_by("-number")
    return found.select_related("snapshot").prefetch_related("files", "acts")


def last_edition(*, plan_number: int, year: int) -> Edition | None:
    """The edition that holds: the one with the highest number."""
    return editions(plan_number=plan_number, year=year).first()


def is_complete(edition: Edition) -> bool:
    """Whether every file of the edition is there: its data, and its documents in every language."""
    expected = {("", str(RenderJob.Form.JSON))} | {
        (language, str(form)) for language, _name in settings.LANGUAGES for form in DOCUMENTS
    }
    return expected <= {(file.language, file.form) for file in edition.files.all()}


def differs(before: Content, after: Content) -> bool:
    """Whether two contents say anything else, beside what an edition says of itself."""
    return {**before, "edition": None} != {**after, "edition": None}


def missing_of(round: Round) -> list[Place]:
    """The places that a complete report needs and that are empty in its first language, in the report's order."""
    written = prose(round)
    return [each for each in places(round) if each.required and not written.get(each.key, {}).get(FIRST_LANGUAGE)]
