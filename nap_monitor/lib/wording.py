"""What differs between two texts: line by line, in a line word by word, and in a word what comes after its stem."""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest

LINE = re.compile(r"[^\n]*\n|[^\n]+\Z")
#: A word with the gap before it, so that the pieces put together are the text again.
WORD = re.compile(r"(\s*)(\S+)|(\s+)\Z")
#: What is never cut: a number, a word in letters of another script. Of Hangul each syllable stands for itself.
UNIT = re.compile(r"\d+(?:[.,:]\d+)*|(?:[^\W\d_가-힣]|[\u0300-\u036f])+|.", re.DOTALL)
#: The time grows with the square of what is compared. Longer parts are first cut at the words that both have once.
MOST = 400
#: As many words of one are held against those of the other for the same stem (their product).
MOST_PAIRS = 900
#: Words with fewer syllables in common than this are two words, not two forms of one.
STEM = 2
SAME, ADDED, REMOVED = "same", "added", "removed"

Words = Sequence[tuple[str, str]]


@dataclass(frozen=True)
class Piece:
    """A part of a text: the same in both, added, or removed."""

    kind: str
    text: str

    @property
    def is_blank(self) -> bool:
        """Whether it is nothing but a gap, which has to be shown by a sign."""
        return self.text.isspace()


def differing_words(before: str, after: str) -> list[Piece]:
    """Both texts in one, in pieces: what is removed stands before what is added in its place.

    Of a word of which only the ending changed (부대를, 부대가; 12명을, 15명을) only what differs is marked.
    """
    told = _Told()
    for old, new in _blocks(LINE.findall(before), LINE.findall(after)):
        if old == new:
            told.same("".join(new))
        else:
            _tell_words(told, _words("".join(old)), _words("".join(new)))
    return told.pieces()


class _Told:
    """Pieces as they are found. What is replaced is kept together until something is the same."""

    def __init__(self) -> None:
        self.found: list[Piece] = []
        self.old: list[str] = []
        self.new: list[str] = []

    def differs(self, old: str, new: str) -> None:
        self.old.append(old)
        self.new.append(new)

    def same(self, text: str) -> None:
        if not text:
            return
        self._flush()
        self._add(SAME, text)

    def _flush(self) -> None:
        old, new = "".join(self.old), "".join(self.new)
        self.old, self.new = [], []
        start = _common_gap(old, new)
        self._add(SAME, old[:start])
        old, new = old[start:], new[start:]
        end = _common_gap(old[::-1], new[::-1])
        self._add(REMOVED, old[: len(old) - end])
        self._add(ADDED, new[: len(new) - end])
        self._add(SAME, old[len(old) - end :])

    def _add(self, kind: str, text: str) -> None:
        if not text:
            return
        if self.found and self.found[-1].kind == kind:
            text = self.found.pop().text + text
        self.found.append(Piece(kind, text))

    def pieces(self) -> list[Piece]:
        self._flush()
        return self.found


def _common_gap(old: str, new: str) -> int:
    """How many characters of white space both begin with."""
    length = 0
    for one, other in zip(old, new, strict=False):
        if one != other or not one.isspace():
            break
        length += 1
    return length


def _words(text: str) -> list[tuple[str, str]]:
    """The words of a text, each with the gap before it; a gap at the end stands before a word of no letters."""
    return [(found[1] or found[3] or "", found[2] or "") for found in WORD.finditer(text)]


def _tell_words(told: _Told, before: Words, after: Words) -> None:
    at, to = 0, 0
    for old, new in _blocks([word for _gap, word in before], [word for _gap, word in after]):
        pair = before[at : at + len(old)], after[to : to + len(new)]
        at, to = at + len(old), to + len(new)
        for one, other in zip(*pair, strict=True) if old == new else _forms(*pair):
            _tell_word(told, one, other)


def _tell_word(told: _Told, one: tuple[str, str] | None, other: tuple[str, str] | None) -> None:
    (old_gap, old), (new_gap, new) = one or ("", ""), other or ("", "")
    told.differs(old_gap, new_gap)
    start, end = (len(old), 0) if old == new else _stem(old, new)
    told.same(old[:start])
    told.differs(old[start : len(old) - end], new[start : len(new) - end])
    told.same(old[len(old) - end :])


def _stem(old: str, new: str) -> tuple[int, int]:
    """How many characters two forms of one word begin and end with in common; none where they are two words."""
    olds, news = UNIT.findall(old), UNIT.findall(new)
    most = min(len(olds), len(news))
    start = next((i for i in range(most) if olds[i] != news[i]), most)
    end = next((i for i in range(most - start) if olds[-1 - i] != news[-1 - i]), most - start)
    common = [*olds[:start], *olds[len(olds) - end :]]
    apart = [*olds[start : len(olds) - end], *news[start : len(news) - end]]
    known = _letters(common)
    is_one_word = known >= STEM and known * 2 >= min(_letters(olds), _letters(news))
    if not is_one_word and (_letters(apart) or not known):
        return 0, 0
    return len("".join(olds[:start])), len("".join(olds[len(olds) - end :]))


def _letters(units: Sequence[str]) -> int:
    """How many of these are more than a mark of punctuation."""
    return sum(unit[0].isalnum() for unit in units)


def _forms(before: Words, after: Words) -> Iterator[tuple[tuple[str, str] | None, tuple[str, str] | None]]:
    """The words in order, in pairs where both are forms of one word, else one without the other."""
    if len(before) * len(after) > MOST_PAIRS:
        # Too many to look for: by their place, where there are as many.
        if len(before) == len(after):
            yield from zip(before, after, strict=True)
        else:
            yield from zip_longest(before, [])
            yield from zip_longest([], after)
        return
    alike = [[sum(_stem(old, new)) for _gap, new in after] for _gap, old in before]
    # best[i][j]: how many characters the words from i and from j on can have in common, without crossing.
    best = [[0] * (len(after) + 1) for _ in range(len(before) + 1)]
    for i in reversed(range(len(before))):
        for j in reversed(range(len(after))):
            together = alike[i][j] + best[i + 1][j + 1] if alike[i][j] else 0
            best[i][j] = max(together, best[i + 1][j], best[i][j + 1])
    i = j = 0
    while i < len(before) and j < len(after):
        if alike[i][j] and best[i][j] == alike[i][j] + best[i + 1][j + 1]:
            yield before[i], after[j]
            i, j = i + 1, j + 1
        elif best[i + 1][j] >= best[i][j + 1]:
            yield before[i], None
            i += 1
        else:
            yield None, after[j]
            j += 1
    yield from ((each, None) for each in before[i:])
    yield from ((None, each) for each in after[j:])


def _blocks(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    """What belongs together of both, in order: equal parts, and parts of which one takes the place of the other."""
    at, to = 0, 0
    for one, other in [*_anchors(before, after), (len(before), len(after))]:
        yield from _matched(before[at:one], after[to:other])
        if one < len(before):
            yield before[one : one + 1], after[other : other + 1]
        at, to = one + 1, other + 1


def _matched(before: Sequence[str], after: Sequence[str]) -> Iterator[tuple[Sequence[str], Sequence[str]]]:
    if len(before) > MOST or len(after) > MOST:
        yield before, after
        return
    for _kind, start, end, first, last in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        yield before[start:end], after[first:last]


def _anchors(before: Sequence[str], after: Sequence[str]) -> list[tuple[int, int]]:
    """Where both stand on the same ground: words that each of two long texts has once, in the same order in both."""
    if len(before) <= MOST and len(after) <= MOST:
        return []
    counts = Counter(before), Counter(after)
    places = {word: place for place, word in enumerate(after)}
    common = [
        (place, places[word])
        for place, word in enumerate(before)
        if word and counts[0][word] == 1 and counts[1][word] == 1
    ]
    return _rising(common)


def _rising(pairs: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """The longest row of pairs, given by their first numbers, in which the second numbers rise too."""
    ends: list[int] = []
    last: list[int] = []
    back: list[int] = []
    for number, (_place, other) in enumerate(pairs):
        length = bisect_left(ends, other)
        back.append(last[length - 1] if length else -1)
        ends[length : length + 1] = [other]
        last[length : length + 1] = [number]
    row: list[tuple[int, int]] = []
    number = last[-1] if last else -1
    while number >= 0:
        row.append(pairs[number])
        number = back[number]
    return row[::-1]
