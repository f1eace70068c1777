"""Issued editions: which there are, whether all their files are, and what a report still lacks before it is issued."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db.models import Count, Q, QuerySet
from django.shortcuts import get_object_or_404

from ministries import rules
from ministries.models import Round
from reports.models import Edition, EditionAct, EditionFile, RenderJob
from reports.selectors.outline import FIRST_LANGUAGE, Place, places
from reports.selectors.report_content import prose

if TYPE_CHECKING:
    from ministries.rules import Person

Content = dict[str, Any]

#: The documents that are made of every edition, in every language. Editions before may have fewer.
DOCUMENTS = (RenderJob.Form.PDF, RenderJob.Form.SUMMARY, RenderJob.Form.HWPX, RenderJob.Form.DOCX)


def editions(*, plan_number: int, year: int) -> "QuerySet[Edition]":
    """The editions of a year's report, the last one first, with their files, acts and jobs."""
    found = Edition.objects.filter(plan_number=plan_number, year=year).order_by("-number")
    return found.select_related("snapshot").prefetch_related("files", "acts", "snapshot__jobs")


def last_edition(*, plan_number: int, year: int) -> Edition | None:
    """The edition that holds: the one with the highest number."""
    return editions(plan_number=plan_number, year=year).first()


def is_complete(edition: Edition) -> bool:
    """Whether every file of the edition is there: its data, the full report in every language, and whatever else was
    asked for as it was issued (:data:`DOCUMENTS` of that day)."""
    expected = {("", str(RenderJob.Form.JSON))}
    expected |= {(language, str(RenderJob.Form.PDF)) for language, _name in settings.LANGUAGES}
    expected |= {(job.language, job.form) for job in edition.snapshot.jobs.all()}
    return expected <= {(file.language, file.form) for file in edition.files.all()}


def differs(before: Content, after: Content) -> bool:
    """Whether two contents say anything else, beside what an edition says of itself."""
    return {**before, "edition": None} != {**after, "edition": None}


def missing_of(round: Round) -> list[Place]:
    """The places that a complete report needs and that are empty in its first language, in the report's order."""
    written = prose(round)
    return [each for each in places(round) if each.required and not written.get(each.key, {}).get(FIRST_LANGUAGE)]


def visible_editions(user: "Person", *, plan_number: int, year: int) -> "QuerySet[Edition]":
    """The editions that ``user`` may read: all of them with a role, else those that were published."""
    found = editions(plan_number=plan_number, year=year)
    if rules.allows(user, "reports.view_edition"):
        return found
    return found.filter(acts__kind=EditionAct.Kind.PUBLISHED)


def find_edition(user: "Person", *, plan_number: int, year: int, number: int) -> Edition:
    """The edition of this number. Raises ``Http404`` where there is none, or none for this person."""
    return get_object_or_404(visible_editions(user, plan_number=plan_number, year=year), number=number)


def find_file(user: "Person", file: str) -> EditionFile:
    """An edition's file. Raises ``Http404`` where there is none, or none for this person."""
    found = get_object_or_404(EditionFile.objects.select_related("edition"), pk=file)
    edition = found.edition
    find_edition(user, plan_number=edition.plan_number, year=edition.year, number=edition.number)
    return found


@dataclass(frozen=True)
class EditionState:
    """What a page tells of an edition: whether its files are all there, when it was published, what the Committee said.

    ``under_way`` are the documents that are still being made, or could not be.
    """

    edition: Edition
    is_complete: bool
    published: EditionAct | None
    outcomes: list[EditionAct]
    under_way: list[RenderJob]

    @property
    def is_waiting(self) -> bool:
        """Whether a document is still to come."""
        return any(job.is_under_way for job in self.under_way)

    @property
    def failed(self) -> list[RenderJob]:
        """The documents that could not be made."""
        return [job for job in self.under_way if job.state == RenderJob.State.FAILED]

    @property
    def files(self) -> list[EditionFile]:
        """Its files: the documents first, then the data."""
        return sorted(
            self.edition.files.all(), key=lambda file: (not file.language, file.form, file.language != FIRST_LANGUAGE)
        )


def state_of(edition: Edition) -> EditionState:
    """The state of an edition that was read with its files, acts and jobs."""
    acts = list(edition.acts.all())
    complete = is_complete(edition)
    kept = {(file.language, file.form) for file in edition.files.all()}
    return EditionState(
        edition=edition,
        is_complete=complete,
        published=next((act for act in acts if act.kind == EditionAct.Kind.PUBLISHED), None),
        outcomes=[act for act in acts if act.kind == EditionAct.Kind.COMMITTEE],
        under_way=[]
        if complete
        else [job for job in edition.snapshot.jobs.all() if (job.language, job.form) not in kept],
    )


def gaps_of(round: Round) -> dict[str, int]:
    """What the round's data lack today: of how many submissions, how many are under review and not reported."""
    found = round.submissions.aggregate(
        total=Count("pk"),
        no_report=Count("pk", filter=Q(submitted_version=None)),
        confirmed=Count("pk", filter=Q(confirmed_version__isnull=False)),
    )
    return {**found, "under_review": found["total"] - found["no_report"] - found["confirmed"]}
