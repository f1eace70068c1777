"""What ``make test`` makes of its steps: counting, what is missing, the closing lines."""

import re
from pathlib import Path

import pytest

from nap_monitor.accounts.models import User
from nap_monitor.bootstrap import envfile, suite
from nap_monitor.bootstrap.__main__ import COMMANDS
from nap_monitor.bootstrap.console import ROOT
from nap_monitor.bootstrap.suite import FAILED, NOT_RUN, PASSED, Outcome
from tests.nap_monitor.setup_tools import call, clean_environment, copy_tree, program

pytestmark = pytest.mark.one_database  # the set-up is the same on both

REPORT = """<?xml version="1.0" encoding="utf-8"?>
<testsuites><testsuite name="pytest" errors="1" failures="2" skipped="3" tests="10" time="1"></testsuite></testsuites>
"""


def test_errors_count_as_failed_and_skipped_tests_are_not_passed(tmp_path: Path) -> None:
    (tmp_path / "report.xml").write_text(REPORT)
    assert suite.counts(tmp_path / "report.xml") == (4, 3, 3)


def test_a_report_that_is_missing_or_cut_short_counts_nothing(tmp_path: Path) -> None:
    (tmp_path / "cut.xml").write_text(REPORT[:60])
    (tmp_path / "empty.xml").write_text("<testsuites></testsuites>")
    names = ("cut.xml", "none.xml", "empty.xml")
    assert [suite.counts(tmp_path / name) for name in names] == [(0, 0, 0)] * 3


def test_the_closing_line_counts_checks_and_tests() -> None:
    lines = suite.closing(
        [
            Outcome(name="ruff", state=PASSED, passed=1, took="0.1 s"),
            Outcome(name="tests", state=FAILED, passed=40, failed=2, note="40 passed, 2 failed"),
        ]
    )
    assert lines == [
        "",
        "== Summary",
        "passed   ruff     0.1 s",
        "FAILED   tests           40 passed, 2 failed",
        "41 passed, 2 failed",
    ]


def test_what_did_not_run_is_said_just_before_the_closing_line() -> None:
    lines = suite.closing(
        [Outcome(name="tests", state=PASSED, passed=4), suite.missing("tests on PostgreSQL", "no server", False)]
    )
    assert lines[-2:] == ["Not run here: tests on PostgreSQL: no server.", "4 passed, 0 failed, 1 skipped"]


@pytest.mark.parametrize(("require_all", "state"), [(False, NOT_RUN), (True, FAILED)])
def test_a_missing_postgresql_is_a_failure_only_where_all_is_required(
    monkeypatch: pytest.MonkeyPatch, require_all: bool, state: str
) -> None:
    monkeypatch.setenv("TEST_DATABASE_URL", "postgres://somebody:hidden@127.0.0.1:1/nothing")
    outcome = suite.tests_on_postgresql(require_all)
    assert (outcome.state, outcome.failed) == (state, int(require_all))
    assert outcome.note.startswith("no use of TEST_DATABASE_URL (")
    assert "hidden" not in outcome.note


@pytest.mark.parametrize(("require_all", "state"), [(False, NOT_RUN), (True, FAILED)])
def test_a_missing_browser_is_a_failure_only_where_all_is_required(require_all: bool, state: str) -> None:
    outcome = suite.missing("browser tests", "no Chromium", require_all)
    assert (outcome.state, outcome.note) == (state, "no Chromium")


def test_neither_the_callers_settings_nor_those_of_the_env_file_reach_the_tests(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for name in envfile.names():
        monkeypatch.setenv(name, "from-outside")
    env = suite.test_environment()
    assert [name for name in envfile.names() if env.get(name, "from-outside") == "from-outside"] == []


def pytest_in(folder: Path, text: str, monkeypatch: pytest.MonkeyPatch, require_all: bool) -> Outcome:
    """What the suite makes of a test file of its own."""
    (folder / "tests").mkdir()
    (folder / "tests" / "test_some.py").write_text(text)
    options = "-p no:django -p no:cacheprovider -p no:hypothesispytest"
    (folder / "pyproject.toml").write_text(f'[tool.pytest.ini_options]\naddopts = "{options}"\n')
    command = folder / "python"
    program(command, f'cd "{folder}" && exec "{suite.PYTHON}" "$@"')
    monkeypatch.setattr(suite, "PYTHON", command)
    monkeypatch.setattr(suite, "REPORTS", folder)
    return suite.run_tests("some tests", "", require_all, suite.test_environment(), workers=0)


@pytest.mark.parametrize(
    ("text", "require_all", "state", "counts"),
    [
        ("def test_one():\n    assert True\n", True, PASSED, (1, 0, 0)),
        ("def test_one():\n    assert True\ndef test_two():\n    assert False\n", True, FAILED, (1, 1, 0)),
        ("import no_such_module\n", False, FAILED, (0, 1, 0)),
        ("", False, FAILED, (0, 1, 0)),
        ("import pytest\ndef test_one():\n    pass\ndef test_two():\n    pytest.skip()\n", False, PASSED, (1, 0, 1)),
        ("import pytest\ndef test_one():\n    pass\ndef test_two():\n    pytest.skip()\n", True, FAILED, (1, 1, 1)),
    ],
    ids=["passing", "failing", "not importable", "empty", "skipping", "skipping where all is required"],
)
def test_a_run_of_pytest_is_judged_by_its_report(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    text: str,
    require_all: bool,
    state: str,
    counts: tuple[int, int, int],
) -> None:
    outcome = pytest_in(tmp_path, text, monkeypatch, require_all)
    assert (outcome.state, (outcome.passed, outcome.failed, outcome.skipped)) == (state, counts)


def test_checks_run_two_at_a_time_and_each_is_told_whole_under_its_name(capsys: pytest.CaptureFixture[str]) -> None:
    waits = "import time; print('one'); time.sleep(0.5); print('two')"
    fails = "import sys; print('wrong', file=sys.stderr); sys.exit(3)"
    outcomes = suite.side_by_side(
        [("first", [suite.PYTHON, "-c", waits], None), ("second", [suite.PYTHON, "-c", fails], None)]
    )
    assert capsys.readouterr().out == "\n== first\none\ntwo\n\n== second\nwrong\n"
    assert [(each.name, each.state, each.passed, each.failed) for each in outcomes] == [
        ("first", PASSED, 1, 0),
        ("second", FAILED, 0, 1),
    ]


def test_what_a_run_takes_is_told_by_the_clock_and_of_all_processors() -> None:
    assert re.fullmatch(r"All in 13\.5 minutes, with \d+\.\d minutes of processor time\.", suite.cost(810))


def test_a_test_that_asks_no_database_is_not_marked_and_gets_none(request: pytest.FixtureRequest) -> None:
    """The second database is asked by the marked tests alone: no other may have anything to ask it."""
    assert request.node.get_closest_marker("database") is None
    with pytest.raises(RuntimeError, match="Database access not allowed"):
        User.objects.count()


def test_a_test_that_asks_the_database_by_a_fixture_is_marked(request: pytest.FixtureRequest, db: None) -> None:
    assert request.node.get_closest_marker("database") is not None


@pytest.mark.django_db
def test_a_test_that_asks_the_database_by_its_mark_is_marked(request: pytest.FixtureRequest) -> None:
    assert request.node.get_closest_marker("database") is not None


def test_ci_asks_for_everything(tmp_path: Path) -> None:
    copy = copy_tree(tmp_path / "clone", ".ci/run", "Makefile", "nap_monitor/__init__.py", "nap_monitor/bootstrap")
    program(copy / "nap_monitor" / "bootstrap" / "start.sh", 'echo "$1 with REQUIRE_ALL=$REQUIRE_ALL"; exit 7')
    done = call(["bash", ".ci/run"], copy, clean_environment(CI="true"))
    assert done.stdout == "test with REQUIRE_ALL=1\n"
    assert done.returncode != 0


def test_make_alone_lists_what_can_be_done() -> None:
    done = call(["make"], ROOT, clean_environment())
    listed = re.findall(r"^make ([a-z]+)\t", done.stdout, flags=re.MULTILINE)
    assert sorted(listed) == sorted(["help", *COMMANDS])
