"""Reading the versions of a submission: which there are for a reader, one in full, and what differs between two."""

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from ministries import rules
from ministries.comparison import NOT_YET, Comparison, compare, frame
from ministries.content import content_of
from ministries.content_evidence import KEY as EVIDENCE
from ministries.content_evidence import for_outside_readers
from ministries.content_parts import Content
from ministries.enums import VersionKind
from ministries.models import EvidenceFile, Submission, SubmissionVersion
from nap_monitor.lib.audit.models import Event

if TYPE_CHECKING:
    from nap_monitor.accounts.models import User

#: The working copy, where a version's number is asked for.
NOW = "now"
WORKING_COPY: Promise = _("Working copy")
#: The steps that write a version.
WRITING = ("submit", "confirm")


@dataclass(frozen=True)
class VersionRow:
    """A version in a list. ``who`` took the step that wrote it; empty where no record of the step is left."""

    id: str
    number: int
    kind: VersionKind
    written_at: dt.datetime
    who: str
    document_number: str
    document_date: dt.date | None
    sha256: str
    is_restricted: bool
    url: str


@dataclass(frozen=True)
class Side:
    """One of two that are compared: its number (or :data:`NOW`), what it is called, and its content."""

    number: str
    label: str
    content: Content
    row: VersionRow | None = None

    @property
    def is_working_copy(self) -> bool:
        """Whether it is what the body is writing."""
        return self.number == NOW


def versions_of(user: "User", submission: Submission) -> list[VersionRow]:
    """The versions that ``user`` may read, the newest first. Two queries, whatever their number."""
    found = SubmissionVersion.objects.visible_to(user).filter(submission=submission).defer("content")
    people = _people(user, submission)
    rows = []
    for version in found.order_by("-number"):
        version.submission = submission
        rows.append(_row(version, people))
    return rows


def _row(version: SubmissionVersion, people: dict[str, str]) -> VersionRow:
    return VersionRow(
        id=str(version.pk),
        number=version.number,
        kind=VersionKind(version.kind),
        written_at=version.written_at,
        who=people.get(str(version.pk), ""),
        document_number=version.document_number,
        document_date=version.document_date,
        sha256=version.sha256,
        is_restricted=version.is_restricted,
        url=version.get_absolute_url(),
    )


def _people(user: "User", submission: Submission) -> dict[str, str]:
    """Who wrote each version, by its id, as far as ``user`` may know of the step."""
    known = Event.objects.of("ministries.submission", str(submission.pk)).filter(rules.visible_steps(user, submission))
    events = known.filter(kind__in=WRITING)
    return {event.data["version"]: event.actor_name for event in events if "version" in event.data}


def find_version(user: "User", submission: Submission, number: int) -> SubmissionVersion:
    """The version of this number. Raises ``Http404`` where there is none that ``user`` may read."""
    found: SubmissionVersion = get_object_or_404(
        SubmissionVersion.objects.visible_to(user), submission=submission, number=number
    )
    found.submission = submission
    return found


@dataclass(frozen=True)
class FileInVersion:
    """A file that a version names; ``url`` where the reader may open it."""

    fields: dict[str, Content]
    url: str


def files_in(user: "User", version: SubmissionVersion, sections: list[Content]) -> list[FileInVersion]:
    """The files that the version names, in the words of that time."""
    rows: list[Content] = next((section["rows"] for section in sections if section["key"] == EVIDENCE), [])
    readable = EvidenceFile.objects.visible_to(user).filter(versions=version).select_related("stored")
    urls = {str(file.pk): _address(file) for file in readable}
    return [FileInVersion({field["key"]: field for field in row["fields"]}, urls.get(row["key"], "")) for row in rows]


def _address(file: EvidenceFile) -> str:
    return "" if file.stored.is_held_back else reverse("ministries:file_download", args=[file.pk])


def content_for(user: "User", version: SubmissionVersion) -> Content:
    """The content of a version as ``user`` reads it: outside body and lead ministry without restricted files."""
    content = version.read()
    if not rules.allows(user, "ministries.view_submitted", version.submission):
        content["sections"] = for_outside_readers(content["sections"])
    return content


def side(user: "User", submission: Submission, asked: str) -> Side:
    """A version by its number, or the working copy. Raises ``Http404`` where ``user`` may not read it."""
    if asked == NOW:
        if not rules.allows(user, "ministries.view_draft", submission):
            raise Http404
        return Side(NOW, str(WORKING_COPY), content_of(submission))
    version = find_version(user, submission, int(asked))
    return Side(asked, label_of(version.number), version.read(), _row(version, _people(user, submission)))


def label_of(number: int) -> str:
    """What a version is called."""
    return _now("Version %(number)s") % {"number": number}


def compared(before: Side, after: Side) -> Comparison:
    """What ``after`` says otherwise than ``before``, with what body and plan are called in each."""
    without: Any = NOT_YET if before.is_working_copy or after.is_working_copy else ()
    both = ([frame(each.content), *each.content["sections"]] for each in (before, after))
    return compare(*both, without=without)
