"""The evidence in a version's content: which files it names, with their hashes, so that each can be proven later."""

from collections.abc import Iterable

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from ministries.content_parts import Content, field, figure, head, in_all_languages, row, rows_in, text, yes_no
from ministries.figures import Figure
from ministries.models import EvidenceFile, Submission

KEY = "evidence"
#: Where the files stand on a submission that was read together with others (:mod:`ministries.selectors.contents`).
PREFETCHED = "evidence_in_content"


def evidence(submission: Submission) -> Content:
    """The files of the working copy. The key of a row is the file's id."""
    read: list[EvidenceFile] | None = getattr(submission, PREFETCHED, None)
    files = submission.evidence.in_content() if read is None else read
    return {**head(KEY), "rows": [_row(file) for file in files]}


def _row(file: EvidenceFile) -> Content:
    kind = file.kind_of_file
    return row(
        str(file.pk),
        [
            text("name", pgettext_lazy("file", "Name"), file.name),
            field("file_kind", _("Kind"), "choice", kind.code, text=in_all_languages(kind.label)),
            figure("size", _("Size"), Figure.of(file.stored.size), in_all_languages(_("bytes"))),
            text("description", _("Description"), file.description),
            yes_no("restricted", pgettext_lazy("disclosure", "Restricted"), file.is_restricted),
            text("sha256", "SHA-256", file.stored_id),
        ],
    )


def files_named_in(sections: Iterable[Content]) -> dict[str, bool]:
    """The files that a version names: by their id, whether each is restricted in it."""
    return {each["key"]: _is_restricted(each) for each in rows_in(sections, KEY)}


def for_outside_readers(sections: Iterable[Content]) -> list[Content]:
    """The sections with nothing of restricted files but that there are such: for what leaves body and coordinator."""
    return [
        {**section, "rows": [_closed(each) for each in section["rows"]]} if section["key"] == KEY else section
        for section in sections
    ]


def _is_restricted(found: Content) -> bool:
    return any(each["key"] == "restricted" and each["value"] == "yes" for each in found["fields"])


def _closed(found: Content) -> Content:
    if not _is_restricted(found):
        return found
    return {**found, "fields": [each for each in found["fields"] if each["key"] == "restricted"]}
