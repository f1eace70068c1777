"""Whatever happens to the real plan's file on its way, it is loaded or refused with a sentence; never a traceback."""

import re
from collections.abc import Callable

import pytest
from django.core.management import CommandError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.ministries.loading import REFERENCE, THIRD_PLAN, all_rows, run

pytestmark = pytest.mark.django_db

LINES = THIRD_PLAN.read_text(encoding="utf-8").splitlines(keepends=True)
#: What is put somewhere: YAML's own signs, values of every type, and characters that break things.
SIGNS = [
    ":",
    "-",
    "- ",
    "? ",
    "{",
    "}",
    "[",
    "]",
    ",",
    "#",
    "&a ",
    "*a",
    "!",
    "|",
    ">",
    "'",
    '"',
    "%",
    "@",
    "`",
    "<<: ",
]
VALUES = ["null", "true", "1.10", "2021-01-01", "=", "0x_", "1:60", ".inf", "code: A\n", "bodies: []", '"\\ud800"']
BREAKS = ["\t", "\0", "\x85", "\u2028", "\ufeff", "\r", "\n", "\\", "---\n", "...\n", "!!python/name:os.system "]
PIECES = st.one_of(st.sampled_from([*SIGNS, *VALUES, *BREAKS]), st.text(max_size=5))
POSITIONS = st.integers(min_value=0, max_value=len(LINES) - 1)
Mutation = Callable[[list[str]], None]


def _insert(position: int, column: int, piece: str) -> Mutation:
    def mutate(lines: list[str]) -> None:
        line = lines[position % len(lines)]
        lines[position % len(lines)] = line[: column % (len(line) + 1)] + piece + line[column % (len(line) + 1) :]

    return mutate


def _cut(position: int, column: int, length: int) -> Mutation:
    def mutate(lines: list[str]) -> None:
        line = lines[position % len(lines)]
        lines[position % len(lines)] = line[: column % (len(line) + 1)] + line[column % (len(line) + 1) + length :]

    return mutate


def _remove(position: int, length: int) -> Mutation:
    def mutate(lines: list[str]) -> None:
        del lines[position % len(lines) : position % len(lines) + min(length, len(lines) - 1)]

    return mutate


def _copy(position: int, length: int, target: int) -> Mutation:
    def mutate(lines: list[str]) -> None:
        start = position % len(lines)
        lines[target % len(lines) : target % len(lines)] = lines[start : start + length]

    return mutate


COLUMNS = st.integers(min_value=0, max_value=120)
LENGTHS = st.integers(min_value=1, max_value=25)
MUTATIONS = st.one_of(
    st.builds(_insert, POSITIONS, COLUMNS, PIECES),
    st.builds(_cut, POSITIONS, COLUMNS, LENGTHS),
    st.builds(_remove, POSITIONS, LENGTHS),
    st.builds(_copy, POSITIONS, LENGTHS, POSITIONS),
)


@pytest.fixture
def bodies() -> None:
    run("load_bodies", REFERENCE)


@settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(mutations=st.lists(MUTATIONS, min_size=1, max_size=4))
def test_a_mutated_file_is_loaded_or_refused_with_a_place(bodies, tmp_path, mutations) -> None:
    lines = list(LINES)
    for mutate in mutations:
        mutate(lines)
    path = tmp_path / "nap3.yaml"
    path.write_bytes("".join(lines).encode("utf-8", "surrogatepass"))
    with transaction.atomic():
        before = all_rows()
        try:
            assert "is loaded." in run("load_plan", path)
        except CommandError as error:
            _head, *said = str(error).splitlines()
            assert said
            assert all(re.match(rf"{re.escape(str(path))}(, line \d+|: )|Further faults: ", line) for line in said)
            assert all_rows() == before
        transaction.set_rollback(True)
