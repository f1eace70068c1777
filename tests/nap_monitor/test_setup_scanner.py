"""The virus scanner of the tests: found wherever it lies, and installed where it is missing and can be."""

from pathlib import Path

import pytest

from nap_monitor.bootstrap import machine, scanner, suite

pytestmark = pytest.mark.one_database  # the set-up is the same on both


def test_it_is_found_on_the_path_and_in_the_folders_of_daemons(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    program = tmp_path / "clamd"
    program.write_text("#!/bin/sh\n")
    program.chmod(0o755)
    monkeypatch.setattr(scanner, "FOLDERS", ())
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    assert scanner.find() == ""
    assert not scanner.PACKAGE.is_there()
    monkeypatch.setenv("PATH", str(tmp_path))
    assert scanner.find() == str(program)
    monkeypatch.setenv("PATH", str(tmp_path / "nothing"))
    monkeypatch.setattr(scanner, "FOLDERS", (str(tmp_path),))
    assert scanner.find() == str(program)
    assert scanner.PACKAGE.is_there()


def test_the_tests_ask_for_it_where_it_is_missing_and_packages_can_be_installed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(scanner, "FOLDERS", ())
    monkeypatch.setenv("PATH", str(tmp_path))
    assert machine.apt_prefix() is None
    assert suite.packages_of_tests() == []
    apt = tmp_path / "apt-get"
    apt.write_text("#!/bin/sh\n")
    apt.chmod(0o755)
    monkeypatch.setattr("os.geteuid", lambda: 0)
    assert scanner.PACKAGE in suite.packages_of_tests()
    assert scanner.PACKAGE.apt == "clamav-daemon"
