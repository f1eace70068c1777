"""What a reader of a report must know of its data, as sentences: the annex 'Data notes'."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from reports.words import Words

Content = dict[str, Any]


@dataclass(frozen=True)
class Texts:
    """How many of the printed texts are translations, exist in Korean only, or have characters without a glyph."""

    translated: int
    korean_only: int
    unprintable: int


def data_notes(content: Content, words: Words, texts: Texts, sha256: str) -> Iterator[str]:
    """The notes, in the active language. ``sha256`` is the hash of the content's canonical bytes."""
    yield from _on_the_source(content, words)
    yield from _on_counting(content)
    yield from _on_texts(texts)
    yield _("Hash of the content (SHA-256, schema %(schema)s): %(hash)s") % {
        "schema": content["schema"],
        "hash": sha256,
    }


def _on_the_source(content: Content, words: Words) -> Iterator[str]:
    if content["is_sample"]:
        yield _("Sample data: names, texts and figures are invented. They are not results of any government.")
    if not content.get("edition"):
        yield _("Draft: this document has not been issued.")
    if words.language in content["plan"]["unofficial_languages"]:
        yield _("The plan's text in this language is an unofficial translation.")
    yield _("Bodies have the names that they had on 31 December %(year)s.") % {"year": content["year"]}
    for body in content["bodies"]:
        if body["name_to_confirm"]:
            yield _("The day from which the name %(name)s holds is to be confirmed.") % {
                "name": words.body(body["code"])
            }


def _on_counting(content: Content) -> Iterator[str]:
    total = content["figures"]["all"]["completeness"]
    yield _("Ratings are counted by assignment (implementing body and action plan), as the coordinator gave them.")
    yield _("Not started is counted with rethink. Under review and no report are part of every total.")
    yield _("Only confirmed submissions are printed. What is under review is counted and not printed.")
    yield _("An execution rate compares budget and executed where both are known. A dash means that nothing was given.")
    if total["restricted"]:
        yield _("Restricted submissions: %(count)s. They are counted and not printed.") % {"count": total["restricted"]}
    if total["under_revision"]:
        yield _("Submissions under revision: %(count)s. Their last confirmed version is printed.") % {
            "count": total["under_revision"]
        }


def _on_texts(texts: Texts) -> Iterator[str]:
    if texts.translated:
        yield _("Unofficial translations by bodies or the lead ministry: %(count)s. The Korean text holds.") % {
            "count": texts.translated
        }
    if texts.korean_only:
        yield _("Texts that exist in Korean only: %(count)s. They are printed in Korean.") % {
            "count": texts.korean_only
        }
    if texts.unprintable:
        yield _("Characters that the font of this document does not have: %(count)s. They are printed as ▢.") % {
            "count": texts.unprintable
        }
