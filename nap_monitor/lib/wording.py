"""What differs between two texts: line by line, and in a line word by word."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import groupby

LINE = re.compile(r"[^\n]*\n|[^\n]+\Z")
#: A word with what stands before it, so that the pieces put together are the text again.
WORD = re.compile(r"\s*\S+|\s+\Z")
#: The time grows with the square of what is compared. A text of more parts is shown as removed and added in whole.
MOST = 400
SAME, ADDED, REMOVED = "same", "added", "removed"


@dataclass(frozen=True)
class Piece:
    """A part of a text: the same in both, added, or removed."""

    kind: str
    text: str


def differing_words(before: str, after: str) -> list[Piece]:
    """Both texts in one, in pieces: what is removed stands before what is added in its place."""
    found = []
    for old, new in _blocks(LINE.findall(before), LINE.findall(after)):
        if old == new:
            found.append(Piece(SAME, "".join(new)))
            continue
        for words_before, words_after in _blocks(WORD.findall("".join(old)), WORD.findall("".join(new))):
            if words_before == words_after:
                found.append(Piece(SAME, "".join(words_after)))
                continue
            found += [
                Piece(kind, "".join(words)) for kind, words in ((REMOVED, words_before), (ADDED, words_after)) if words
            ]
    return [
        Piece(kind, "".join(piece.text for piece in pieces)) for kind, pieces in groupby(found, lambda each: each.kind)
    ]


def _blocks(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """What belongs together of both, in order: equal parts, and parts of which one takes the place of the other."""
    if len(before) > MOST or len(after) > MOST:
        yield before, after
        return
    for _kind, start, end, first, last in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        yield before[start:end], after[first:last]
