"""What differs between two texts, in pieces that are the texts again when put together."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nap_monitor.lib.wording import MOST, Piece, differing_words

TEXTS = st.text(alphabet="가나 \n.", max_size=60)


def told(before: str, after: str) -> list[tuple[str, str]]:
    return [(piece.kind, piece.text) for piece in differing_words(before, after)]


def test_words_that_came_and_went_are_told_in_their_place() -> None:
    assert told("교육을 네 차례 실시함.\n끝", "교육을 다섯 차례 실시함.\n아주 끝") == [
        ("same", "교육을"),
        ("removed", " 네"),
        ("added", " 다섯"),
        ("same", " 차례 실시함."),
        ("removed", "\n끝"),
        ("added", "\n아주 끝"),
    ]


@pytest.mark.parametrize(("before", "after"), [("", ""), ("같은 글\n", "같은 글\n")])
def test_of_equal_texts_nothing_is_told(before: str, after: str) -> None:
    assert [piece.kind for piece in differing_words(before, after)] in ([], ["same"])


def test_what_is_longer_than_can_be_compared_is_replaced_in_whole() -> None:
    before, after = "가 " * (MOST + 1), "나"
    assert differing_words(before, after) == [Piece("removed", before), Piece("added", after)]


@given(TEXTS, TEXTS)
def test_the_pieces_put_together_are_both_texts(before: str, after: str) -> None:
    pieces = differing_words(before, after)
    assert "".join(piece.text for piece in pieces if piece.kind != "added") == before
    assert "".join(piece.text for piece in pieces if piece.kind != "removed") == after
