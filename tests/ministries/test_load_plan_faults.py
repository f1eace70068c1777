"""Plan files with faults: refused whole, each fault with its line, its place and its reason, and nothing written."""

import itertools
import os
import re
import time
from pathlib import Path

import pytest

from nap_monitor.lib.yaml_file import DEPTH_LIMIT, FAULTS_SHOWN, SIZE_LIMIT, VALUES_LIMIT
from tests.ministries.loading import OTHER_COUNTRY, REFERENCE, THIRD_PLAN, changed, refusal, run
from tests.ministries.plan_faults import FAULTS

pytestmark = pytest.mark.django_db

HEAD = "The file is refused. Nothing was written."


def line_of(text: str, piece: str) -> int:
    """The line in which this piece of the file stands first."""
    return text[: text.index(piece)].count("\n") + 1


def expected_lines(path: Path, found: list[tuple[str, str, str]]) -> list[str]:
    """What must be said about a faulty file; see ``plan_faults``."""
    text = path.read_text(encoding="utf-8")
    lines = []
    for piece, place, reason in found:
        where = [path.name, *([f"line {line_of(text, piece)}"] if piece else []), *([place] if place else [])]
        said = re.sub(r"line \{(.+)\}", lambda match: f"line {line_of(text, match[1])}", reason)
        lines.append(f"{', '.join(where)}: {said}")
    return lines


@pytest.mark.parametrize("name", FAULTS)
def test_a_fault_is_named_with_its_place(tmp_path, name) -> None:
    replacements, found = FAULTS[name]
    path = changed(tmp_path / OTHER_COUNTRY.name, OTHER_COUNTRY, *replacements)
    head, *said = refusal("load_plan", path)
    wanted = expected_lines(path, found)
    assert head == HEAD
    assert [
        line[: len(want) - 1] + "…" if want.endswith("…") else line for line, want in zip(said, wanted, strict=True)
    ] == wanted


def test_every_fault_is_said_at_once(tmp_path) -> None:
    """Faults on several levels of the real file come in one list, in the order of the lines."""
    run("load_bodies", REFERENCE)
    path = changed(
        tmp_path / THIRD_PLAN.name,
        THIRD_PLAN,
        ("start_year: 2021", "start_year: 1850"),
        ("      - number: 2\n", "      - number: 1 # again\n"),
        ("bodies: [MOIS, MOGEF]", "bodies: [MOIS, MOGEV]"),
        ('ko: "난민여성의 자립 지원"', "ko: ''"),
        ('number: "10.1"\n', "number: 10.1\n"),
    )
    found = [
        ("1850", "plan.start_year", "This must be a whole number from 1900 to 2200."),
        (
            "# again",
            "areas[0].objectives[1].number",
            "The number “1” stands twice; the first time in line {- number: 1}.",
        ),
        (
            "MOGEV",
            "areas[0].objectives[1].strategies[1].actions[1].bodies[1]",
            "“MOGEV” is no known implementing body. Did you mean “MOGEF”?",
        ),
        ("ko: ''", "areas[2].objectives[1].strategies[1].actions[1].text.ko", "There is no text here."),
        (
            "number: 10.1\n",
            "areas[3].objectives[1].strategies[0].number",
            'YAML does not read 10.1 as text. Put it in quotes: "10.1".',
        ),
    ]
    assert refusal("load_plan", path) == [HEAD, *expected_lines(path, found)]


def test_a_long_list_of_faults_ends_with_their_count(tmp_path) -> None:
    run("load_bodies", REFERENCE)
    path = tmp_path / "many.yaml"
    text = THIRD_PLAN.read_text(encoding="utf-8").replace("bodies: [", "bodies: [WHO, WHAT, ")
    path.write_text(text, encoding="utf-8")
    said = refusal("load_plan", path)
    assert len(said) == 1 + FAULTS_SHOWN + 1
    assert said[-1] == f"Further faults: {text.count('WHO') + text.count('WHAT') - FAULTS_SHOWN}"


def test_without_any_body_it_says_what_to_do() -> None:
    line = line_of(THIRD_PLAN.read_text(encoding="utf-8"), "plan:\n")
    reason = "No implementing body is known. Load them first (load_bodies), or list them here under “bodies”."
    assert refusal("load_plan", THIRD_PLAN) == [HEAD, f"nap3.yaml, line {line}: {reason}"]


CONTENTS = {
    "empty": (b"", "The file is empty."),
    "blank": (b" \n\n", "The file is empty."),
    "comments only": (b"# nothing\n", "The file is empty."),
    "an empty document": (b"---\n...\n", "The file is empty."),
    "text": (b"hello\n", "Expected: keys with values. Found: hello."),
    "a list": (b"- a\n", "Expected: keys with values. Found: a list."),
    "not UTF-8": ("plan:\n  title: 계획\n".encode("euc-kr"), "The file is not UTF-8 text. Save it as UTF-8."),
    "UTF-16": ("plan: 1\n".encode("utf-16"), "The file is not UTF-8 text. Save it as UTF-8."),
    "too large": (b"#" * (SIZE_LIMIT + 1), f"The file is too large: at most {SIZE_LIMIT} bytes are read."),
    "too deep": (b"a: " + b"[" * 5_000, "The nesting is too deep."),
    "too deep in braces": (b"{a: " * 5_000, "The nesting is too deep."),
    "too deep by indentation": (
        b"".join(b" " * depth + b"a:\n" for depth in range(DEPTH_LIMIT + 5)),
        "The nesting is too deep.",
    ),
    "binary": (bytes(range(128)), "There is a control character (U+0000) in the text."),
}


@pytest.mark.parametrize("command", ["load_plan", "load_bodies"])
@pytest.mark.parametrize("name", CONTENTS)
def test_a_file_that_is_no_plan_is_refused(tmp_path, command, name) -> None:
    content, reason = CONTENTS[name]
    path = tmp_path / "file.yaml"
    path.write_bytes(content)
    head, first, *_rest = refusal(command, path)
    assert head == HEAD
    assert re.fullmatch(rf"file\.yaml(, line \d+)?: {re.escape(reason)}", first)


def test_an_alias_bomb_is_refused_at_once(tmp_path) -> None:
    names = "abcdefghijklmnopqrstuvwxyz"
    rows = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    rows += [f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]" for old, new in itertools.pairwise(names)]
    path = tmp_path / "bomb.yaml"
    path.write_text("\n".join(rows), encoding="utf-8")
    start = time.monotonic()
    said = refusal("load_plan", path)
    assert time.monotonic() - start < 5
    assert said[1] == "bomb.yaml, line 1: Anchors (&a) are not allowed."
    assert "bomb.yaml, line 2: References (*a) are not allowed." in said


def test_a_file_with_more_values_than_any_plan_is_refused_before_its_end(tmp_path) -> None:
    path = tmp_path / "many.yaml"
    path.write_text("areas:\n" + "  - [1, 2, 3, 4, 5, 6, 7, 8, 9]\n" * (VALUES_LIMIT // 5), encoding="utf-8")
    line = VALUES_LIMIT // 10 + 1  # each row counts ten
    assert refusal("load_plan", path) == [
        HEAD,
        f"many.yaml, line {line}: The file has too many values: at most {VALUES_LIMIT} are read.",
    ]


@pytest.mark.parametrize("command", ["load_plan", "load_bodies"])
def test_what_is_no_file_is_refused(tmp_path, command) -> None:
    os.mkfifo(tmp_path / "pipe.yaml")
    assert refusal(command, tmp_path / "missing.yaml") == [HEAD, "missing.yaml: There is no such file."]
    assert refusal(command, tmp_path / "pipe.yaml") == [HEAD, "pipe.yaml: This is not an ordinary file."]
    assert refusal(command, tmp_path) == [HEAD, f"{tmp_path.name}: This is a folder, not a file."]
    assert refusal(command, tmp_path / "a\0b.yaml")[1].endswith("embedded null byte")


def test_what_the_file_says_cannot_steer_the_terminal(tmp_path) -> None:
    path = tmp_path / "file.yaml"
    path.write_text('"\\x1b[2Jhidden": 1\n', encoding="utf-8")
    said = refusal("load_plan", path)
    assert "file.yaml, line 1: The key “\\u001b[2Jhidden” is not known here. Known are: plan, areas, bodies." in said


def test_a_byte_order_mark_and_windows_line_ends_are_no_fault(tmp_path) -> None:
    content = OTHER_COUNTRY.read_text(encoding="utf-8").replace("\n", "\r\n").encode("utf-8-sig")
    path = tmp_path / "windows.yaml"
    path.write_bytes(content)
    assert "Plan 1 is loaded." in run("load_plan", path)
    assert "Plan 1: nothing to change." in run("load_plan", OTHER_COUNTRY)
