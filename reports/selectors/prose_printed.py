"""The coordinator's prose of a report's content, as its pages print it in one language."""

from collections.abc import Mapping
from typing import Any

from nap_monitor.lib.localized import LocalizedText, foreign_language
from nap_monitor.lib.pdf import count_unprintable
from reports.words import Words, lines

Content = dict[str, Any]


class Prose:
    """Reads the texts of a content, and counts on the way what the data notes tell of them.

    A text that is missing in this language is printed in another one and counted in ``korean_only``; a content from
    before schema 3 has no prose.
    """

    def __init__(self, content: Content, words: Words) -> None:
        self.texts: Mapping[str, Mapping[str, str]] = content.get("prose", {})
        self.words = words
        self.korean_only = 0
        self.unprintable = 0

    def at(self, place: str) -> list[Any]:
        """The lines of the text at a place of the outline; none where nothing was written."""
        return self.printed(self.texts.get(place, {}))

    def printed(self, text: Mapping[str, str]) -> list[Any]:
        """The lines of a text by language."""
        shown = LocalizedText(text).in_language(self.words.language)
        if shown and foreign_language(shown):
            self.korean_only += 1
        self.unprintable += count_unprintable(shown)
        return list(lines(shown))


def best_cases(content: Content, words: Words, prose: Prose) -> dict[tuple[str, str], list[Content]]:
    """The best cases by area and objective, in the coordinator's order."""
    found: dict[tuple[str, str], list[Content]] = {}
    for case in content.get("best_cases", []):
        found.setdefault((case["area"], case["objective"]), []).append(
            {
                "title": words.text(case["title"]),
                "body": words.body(case["body"]),
                "code": case["action_plan"],
                "line": case["line"],
                "lines": prose.printed(case["text"]),
            }
        )
    return found


def edition_facts(content: Content, words: Words) -> Content | None:
    """What an edition says of itself; nothing for a draft."""
    edition = content.get("edition")
    if not edition:
        return None
    return {
        "number": edition["number"],
        "issuer": words.text(edition["issuer"]),
        "issued_on": words.day(edition["issued_on"]),
        "agenda_number": edition["agenda_number"],
        "committee_date": words.day(edition["committee_date"]),
        "replaces": edition["replaces"],
        "errata": list(lines(words.text(edition["errata"]))),
    }
