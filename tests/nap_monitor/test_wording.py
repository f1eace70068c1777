"""What differs between two texts, in pieces that are the texts again when put together."""

import time
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nap_monitor.lib.wording import ADDED, MOST, REMOVED, SAME, Piece, differing_words

TEXTS = st.text(alphabet="가나다 를을\n.12a", max_size=60)
SIGNS = {REMOVED: "[-{}-]", ADDED: "[+{}+]", SAME: "{}"}


def told(before: str, after: str) -> str:
    """The pieces in one line, with signs around what is marked."""
    return "".join(SIGNS[piece.kind].format(piece.text) for piece in differing_words(before, after))


def put_together(before: str, after: str) -> tuple[str, str]:
    pieces = differing_words(before, after)
    return (
        "".join(piece.text for piece in pieces if piece.kind != ADDED),
        "".join(piece.text for piece in pieces if piece.kind != REMOVED),
    )


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        (
            "교육을 네 차례 실시함.\n끝",
            "교육을 다섯 차례 실시함.\n아주 끝",
            "교육을 [-네-][+다섯+] 차례 실시함.\n[+아주 +]끝",
        ),
        ("교육 실시", "교육 및 훈련 실시", "교육 [+및 훈련 +]실시"),
        ("회의를 열고 교육을 실시", "교육을 실시", "[-회의를 열고 -]교육을 실시"),
        ("가 나", "가\n나", "가[- -][+\n+]나"),
    ],
)
def test_words_that_came_and_went_are_told_in_their_place(before, after, expected) -> None:
    assert told(before, after) == expected


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("부대를 방문", "부대가 방문", "부대[-를-][+가+] 방문"),
        ("여군 12명을 교육", "여군 15명을 교육", "여군 [-12-][+15+]명을 교육"),
        ("회의 실시함.", "회의 실시하였음.", "회의 실시[-함-][+하였음+]."),
        ("강사를 양성", "강사단을 새로 양성함", "강사[-를-][+단을 새로+] 양성[+함+]"),
        ("예산 12.5%를 집행", "예산 13.5%를 집행", "예산 [-12.5%를-][+13.5%를+] 집행"),
        ("여군 12명을 추가로 교육", "여군 15명을 교육", "여군 [-12-][+15+]명을 [-추가로 -]교육"),
        ("1,234백만원", "1,334백만원", "[-1,234-][+1,334+]백만원"),
        ("끝", "끝.", "끝[+.+]"),
    ],
)
def test_of_a_word_with_another_ending_only_the_ending_is_marked(before, after, expected) -> None:
    assert told(before, after) == expected


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("교육을", "훈련을"),  # a particle in common makes no word of two
        ("교재를", "교육이"),  # nor does a first syllable
        ("trained", "training"),  # a word of letters is never cut
        ("2021년", "2022년"),
    ],
)
def test_two_words_are_marked_whole(before, after) -> None:
    assert told(f"가 {before} 나", f"가 {after} 나") == f"가 [-{before}-][+{after}+] 나"


@pytest.mark.parametrize(("before", "after"), [("", ""), ("같은 글\n", "같은 글\n")])
def test_of_equal_texts_nothing_is_told(before: str, after: str) -> None:
    assert [piece.kind for piece in differing_words(before, after)] in ([], [SAME])


def test_what_is_too_long_and_has_nothing_to_hold_on_to_is_replaced_in_whole() -> None:
    before, after = "가 " * (MOST + 1), "나"
    assert differing_words(before, after) == [Piece(REMOVED, before), Piece(ADDED, after)]


def test_in_a_long_paragraph_one_changed_word_is_marked_alone() -> None:
    words = [f"{number}번째" for number in range(5 * MOST)]
    before = " ".join(words)
    after = " ".join([*words[:700], "바뀐", *words[701:]])
    assert [piece.text for piece in differing_words(before, after) if piece.kind != SAME] == ["700번째", "바뀐"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([f"{n}차회의를" for n in range(2000)], [f"{n}번모임이" for n in range(2000)]),
        ([f"{n}차회의를" for n in range(2000)], [f"{n}번모임이" for n in range(1700)]),
        (
            [f"{n}장" if n % 31 == 0 else f"부대{n % 7}를" for n in range(2000)],
            [f"{n}장" if n % 31 == 0 else f"부대{n % 5}가" for n in range(2000)],
        ),
        (["가", "나"] * 2500, ["나", "가", "가"] * 1600),
    ],
)
def test_texts_of_ten_thousand_characters_in_which_every_word_differs_take_no_time(before, after) -> None:
    one, other = " ".join(before)[:10_000], " ".join(after)[:10_000]
    began = time.process_time()
    assert put_together(one, other) == (one, other)
    assert time.process_time() - began < 2


@given(TEXTS, TEXTS)
def test_the_pieces_put_together_are_both_texts(before: str, after: str) -> None:
    assert put_together(before, after) == (before, after)


@given(st.text(max_size=40), st.text(max_size=40))
def test_they_are_so_whatever_the_script(before: str, after: str) -> None:
    assert put_together(before, after) == (before, after)


@given(TEXTS, TEXTS)
def test_no_two_pieces_of_one_kind_stand_together_and_what_is_removed_comes_first(before: str, after: str) -> None:
    kinds = [piece.kind for piece in differing_words(before, after)]
    assert all(kind != then for kind, then in pairwise(kinds))
    assert (ADDED, REMOVED) not in set(pairwise(kinds))
