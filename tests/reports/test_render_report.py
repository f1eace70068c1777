"""The command that writes a report: what it says, and that it writes all or nothing."""

import io
import stat
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override
from pypdf import PdfReader

from ministries.models import Round
from nap_monitor.lib import pdf
from reports.management.commands import render_report
from tests.factories import PlanFactory
from tests.reports.data import empty_year

pytestmark = [pytest.mark.django_db, pytest.mark.one_database]


@pytest.fixture
def round(db: None) -> Round:
    """A round in which nobody has reported: the quickest to render."""
    return empty_year(2).round


def write(output: Path, **options: object) -> str:
    """Run the command; gives what it says, in English."""
    said = io.StringIO()
    with override("en"):
        call_command(
            "render_report", **{"plan": 7, "year": 2022, "language": "ko", **options}, output=output, stdout=said
        )
    return said.getvalue()


@pytest.mark.parametrize("language", ["ko", "en"])
def test_it_writes_the_report_and_says_how_large_it_is_and_what_is_missing(round, tmp_path, language) -> None:
    output = tmp_path / "report.pdf"
    said = write(output, language=language)
    pages = len(PdfReader(output).pages)
    assert said.splitlines()[0].startswith(f"{output}: {pages} pages, ")
    assert "Of 5 assignments, 0 are under review and 5 have no report." in said
    assert [path.name for path in tmp_path.iterdir()] == ["report.pdf"]
    assert stat.S_IMODE(output.stat().st_mode) == 0o644


def test_an_older_file_is_replaced(round, tmp_path) -> None:
    output = tmp_path / "report.pdf"
    output.write_text("old")
    write(output)
    assert output.read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"plan": 8}, "There is no plan with the number 8."),
        ({"year": 1999}, "Plan 7 has no round of the year 1999. It has: 2022."),
        ({"language": "fr"}, "There is no report in the language “fr”. There is one in: ko, en."),
    ],
)
def test_what_does_not_exist_is_named(round, tmp_path, options, sentence) -> None:
    with pytest.raises(CommandError) as refused:
        write(tmp_path / "report.pdf", **options)
    assert str(refused.value) == sentence
    assert list(tmp_path.iterdir()) == []


def test_a_plan_without_rounds_is_named(db, tmp_path) -> None:
    PlanFactory(number=7)
    with pytest.raises(CommandError, match="Plan 7 has no round yet"):
        write(tmp_path / "report.pdf")


def test_a_folder_that_does_not_exist_is_named_before_the_work(round, tmp_path) -> None:
    with pytest.raises(CommandError, match="does not exist"):
        write(tmp_path / "nowhere" / "report.pdf")


def test_a_folder_is_no_file(round, tmp_path) -> None:
    with pytest.raises(CommandError, match="is a folder"):
        write(tmp_path)


def test_what_fails_while_writing_leaves_nothing(tmp_path) -> None:
    with override("en"), pytest.raises(CommandError, match="could not be written"):
        render_report._write(tmp_path / ("x" * 300), b"data")
    assert list(tmp_path.iterdir()) == []


def test_a_faulty_renderer_is_a_sentence(round, tmp_path, monkeypatch) -> None:
    broken = tmp_path / "broken.py"
    broken.write_text("raise SystemExit('no more memory')")
    monkeypatch.setattr(pdf, "WORKER", broken)
    with pytest.raises(CommandError, match=r"could not be rendered. The renderer ended with code 1: no more memory"):
        write(tmp_path / "report.pdf")
    assert list(tmp_path.iterdir()) == [broken]
