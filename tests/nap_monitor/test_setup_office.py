"""LibreOffice for the tests: found where it lies, only with its part for tables, and installed where it is missing."""

from pathlib import Path

import pytest

from nap_monitor.bootstrap import machine, office, suite

pytestmark = pytest.mark.one_database  # the set-up is the same on both


def installed(folder: Path, *, with_tables: bool) -> Path:
    """A program as packages install it: a link among the commands, the program beside its libraries."""
    library, commands = folder / "lib", folder / "bin"
    library.mkdir(parents=True)
    commands.mkdir()
    program = library / "soffice"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    (commands / "soffice").symlink_to(program)
    if with_tables:
        (library / "libscfiltlo.so").touch()
    return commands / "soffice"


def test_it_is_found_on_the_path_and_in_its_folders(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = installed(tmp_path, with_tables=True)
    monkeypatch.setattr(office, "FOLDERS", ())
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    assert office.find() == ""
    assert not office.PACKAGE.is_there()
    monkeypatch.setenv("PATH", str(program.parent))
    assert office.find() == str(program)
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    monkeypatch.setattr(office, "FOLDERS", (str(program.parent),))
    assert office.find() == str(program)
    assert office.PACKAGE.is_there()


def test_without_its_part_for_tables_it_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(office, "FOLDERS", (str(installed(tmp_path, with_tables=False).parent),))
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    assert office.find() == ""


def test_the_tests_ask_for_it_where_it_is_missing_and_packages_can_be_installed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(office, "FOLDERS", ())
    monkeypatch.setenv("PATH", str(tmp_path))
    assert machine.apt_prefix() is None
    assert office.PACKAGE not in suite.packages_of_tests()
    apt = tmp_path / "apt-get"
    apt.write_text("#!/bin/sh\n")
    apt.chmod(0o755)
    monkeypatch.setattr("os.geteuid", lambda: 0)
    assert office.PACKAGE in suite.packages_of_tests()
    assert office.PACKAGE.apt == "libreoffice-calc-nogui"
    assert office.WRITER_PACKAGE in suite.packages_of_tests()


def test_its_part_for_texts_is_another_one(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = installed(tmp_path, with_tables=True)
    monkeypatch.setattr(office, "FOLDERS", ())
    monkeypatch.setenv("PATH", str(program.parent))
    assert office.find(office.WRITER) == ""
    (tmp_path / "lib" / "libswlo.so").touch()
    assert office.find(office.WRITER) == str(program)
