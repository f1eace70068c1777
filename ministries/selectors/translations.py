"""Reading a submission for who translates it: each text, its translation, whether it still fits, what has changed."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from ministries import fields
from ministries.fields import Text
from ministries.models import Submission, Translation
from ministries.models.translation import mark_of_text
from ministries.translations import Original, Translations, originals_of, texts_in
from nap_monitor.lib.audit.models import Event
from nap_monitor.lib.wording import Piece, differing_words

#: The language into which is translated.
LANGUAGE = "en"
#: How a translation stands to the text.
NONE, FITS, STALE = "none", "fits", "stale"


@dataclass(frozen=True)
class Item:
    """A text beside its translation. ``changes``: for a stale one what the text says otherwise than the one that was
    translated, where that one is known."""

    original: Original
    text: str
    state: str
    author: str
    at: dt.datetime | None
    changes: list[Piece]

    @property
    def name(self) -> str:
        """What the field is called in a form."""
        return "-".join(part for part in (self.original.field.replace(".", "-"), self.original.row) if part)

    @property
    def mark(self) -> str:
        """What tells the text that the translator sees from another one."""
        return mark_of_text(self.original.text)


@dataclass(frozen=True)
class Group:
    """The items of a section of the form."""

    key: str
    label: Text
    items: list[Item]


def items_of(submission: Submission, *, is_own: bool) -> list[Item]:
    """Every text with something in it, and every translation whose text is gone. ``is_own``: what the record of the
    body's drafts holds may be read too. The same number of queries for any number of rows."""
    translations = Translations.of(submission)
    pairs = [(each, translations.at(each.field, each.row, LANGUAGE)) for each in originals_of(submission)]
    shown = [(each, stored) for each, stored in pairs if each.text.strip() or stored]
    stale = {stored.source_sha for each, stored in shown if stored and stored.is_stale(each.text)}
    sources = _sources(submission, stale, is_own=is_own)
    return [_item(each, stored, sources) for each, stored in shown]


def grouped(items: Iterable[Item]) -> list[Group]:
    """The items by section, in the order of the form."""
    return [
        Group(key, fields.SECTIONS[key], list(found))
        for key, found in groupby(items, lambda item: item.original.section)
    ]


def _item(original: Original, stored: Translation | None, sources: dict[str, str]) -> Item:
    if stored is None:
        return Item(original, "", NONE, "", None, [])
    is_stale = stored.is_stale(original.text)
    source = sources.get(stored.source_sha) if is_stale else None
    return Item(
        original,
        stored.text,
        STALE if is_stale else FITS,
        str(stored.author),
        stored.written_at,
        differing_words(source, original.text) if source is not None else [],
    )


def _sources(submission: Submission, marks: set[str], *, is_own: bool) -> dict[str, str]:
    """The texts with these marks: from the versions, and for the body from its record of translating."""
    if not marks:
        return {}
    texts: list[str] = []
    if is_own:
        events = Event.objects.of("ministries.submission", str(submission.pk)).filter(kind="translate")
        texts += [data["source"] for data in events.values_list("data", flat=True) if "source" in data]
    for version in submission.versions.all():
        texts += texts_in(version.sections)
    found = {mark_of_text(text): text for text in texts}
    return {mark: found[mark] for mark in marks if mark in found}
