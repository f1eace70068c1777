"""System packages and the choice of Python: by what is really there, in real subprocesses with a path of their own."""

import sys
from pathlib import Path

import pytest

from nap_monitor.bootstrap import browser, machine
from tests.nap_monitor.setup_tools import bare_copy, call, call_python, clean_environment, link_programs, program

pytestmark = pytest.mark.one_database  # the set-up is the same on both

NO_LIBRARY = machine.SystemPackage(
    apt="libno0", dnf="no", brew="no", is_there=lambda: machine.library_loads("surely-not-there", 0)
)


def test_a_library_is_there_when_the_loader_loads_it() -> None:
    assert machine.library_loads("c", 6)
    assert not machine.library_loads("c", 999)
    assert machine.missing_packages([machine.GETTEXT, NO_LIBRARY]) == [NO_LIBRARY]


def test_gettext_is_missing_where_its_programs_are_not_on_the_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(link_programs(tmp_path / "bin", "msgfmt", "msgmerge")))
    assert machine.missing_packages([machine.GETTEXT]) == [machine.GETTEXT]
    program(tmp_path / "bin" / "xgettext", "exit 0")
    assert machine.missing_packages([machine.GETTEXT]) == []


def test_the_sentence_names_each_package_once_for_three_package_managers() -> None:
    assert machine.sentence([machine.PANGO, machine.PANGOFT2, machine.HARFBUZZ_SUBSET, machine.GETTEXT]) == (
        "System packages are missing and cannot be installed from here (that takes apt-get with root or sudo): install "
        "them with `apt-get install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 gettext` (Debian, Ubuntu), "
        "`dnf install pango harfbuzz gettext` (Fedora) or `brew install pango harfbuzz gettext` (macOS) and run the "
        "same command again."
    )


def test_the_venv_package_is_that_of_the_python_that_runs() -> None:
    assert machine.PYTHON_VENV.apt == f"python3.{sys.version_info.minor}-venv"
    assert machine.PYTHON_VENV.is_there()


def test_make_run_without_apt_stops_with_the_sentence_and_makes_nothing(tmp_path: Path) -> None:
    copy = bare_copy(tmp_path / "clone")
    path = link_programs(tmp_path / "bin", "make", "sh", "sed")
    env = clean_environment(PATH=str(path), PYTHON=sys.executable, PORT="0")
    env["PORT"] = "18431"
    done = call([path / "make", "run"], copy, env)
    assert done.returncode != 0
    assert "apt-get install gettext` (Debian, Ubuntu), `dnf install gettext` (Fedora)" in done.stderr
    assert "Traceback" not in done.stderr + done.stdout
    assert not (copy / ".venv").exists()
    assert not (copy / ".env").exists()


ENSURE_GETTEXT = """
from nap_monitor.bootstrap import machine
from nap_monitor.bootstrap.console import SetUpError
try:
    machine.ensure([machine.GETTEXT])
except SetUpError as error:
    print("REFUSED", error)
"""
APT_GET = """
echo "$DEBIAN_FRONTEND $*" >> "{log}"
case "$*" in *" install "*) {on_install} ;; esac
"""
INSTALLS = "for name in msgfmt msgmerge xgettext; do printf '#!/bin/sh\\n' > {bin}/$name; chmod +x {bin}/$name; done"


def ensure_gettext_with_apt(tmp_path: Path, on_install: str) -> tuple[str, list[str]]:
    """What ensure says on a machine whose apt-get does ``on_install``, and how apt-get was called."""
    path, log = link_programs(tmp_path / "bin", "env", "chmod", "true"), tmp_path / "apt.log"
    program(path / "apt-get", APT_GET.format(log=log, on_install=on_install.format(bin=path)))
    # Whoever is not root gets there through sudo.
    program(path / "sudo", '[ "$1" = -n ] && shift\nexec "$@"')
    done = call_python(ENSURE_GETTEXT, bare_copy(tmp_path / "clone"), clean_environment(PATH=str(path)))
    assert done.stderr == ""
    return done.stdout, log.read_text().splitlines()


def test_missing_packages_are_installed_with_apt_after_reading_the_lists(tmp_path: Path) -> None:
    said, calls = ensure_gettext_with_apt(tmp_path, INSTALLS)
    assert "REFUSED" not in said
    assert calls == [
        "noninteractive -q -o DPkg::Lock::Timeout=300 update",
        "noninteractive -q -o DPkg::Lock::Timeout=300 install -y --no-install-recommends gettext",
    ]


def test_where_apt_fails_its_last_words_and_the_sentence_are_shown(tmp_path: Path) -> None:
    said, _ = ensure_gettext_with_apt(tmp_path, "echo 'E: Unable to locate package gettext'; exit 100")
    assert "E: Unable to locate package gettext" in said
    assert "`brew install gettext` (macOS)" in said


def test_a_package_that_was_installed_and_is_still_not_found_is_named(tmp_path: Path) -> None:
    said, _ = ensure_gettext_with_apt(tmp_path, "true")
    assert "REFUSED apt-get has installed gettext, but this Python" in said


def start(tmp_path: Path, **more: str) -> tuple[int, str, str]:
    """Run the script that finds a Python, with a command that nobody knows."""
    done = call(["sh", "nap_monitor/bootstrap/start.sh", "nothing"], bare_copy(tmp_path / "clone"), {**more})
    return done.returncode, done.stdout, done.stderr


def pretended_python(path: Path, answer: str) -> Path:
    """A program that answers as a Python of another kind would, and says its name when it is chosen."""
    return program(path, f'[ "$1" = -c ] && {{ printf "%s" "{answer}"; exit 0; }}\necho "$(basename "$0") was chosen"')


def test_an_unsupported_python_is_named_in_one_sentence(tmp_path: Path) -> None:
    old = pretended_python(tmp_path / "bin" / "python3", "is Python 3.9")
    code, said, complaint = start(tmp_path, PATH="/usr/bin:/bin", PYTHON=str(old))
    assert (code, said) == (1, "")
    assert complaint.startswith("NAP Monitor needs Python 3.11, 3.12 or 3.13 with sqlite3 and ssl (here: ")
    assert f"{old} is Python 3.9" in complaint
    assert complaint.count("\n") == 1


@pytest.mark.parametrize(
    ("python3", "python312", "chosen"),
    [
        ("fits", "fits", "python3"),
        ("is Python 3.9", "fits", "python3.12"),
        ("was built without sqlite3", "fits without venv", "python3.12"),
        ("fits without venv", "fits", "python3.12"),
        ("fits without venv", "is Python 3.14", "python3"),
    ],
)
def test_the_first_python_that_fits_is_taken(tmp_path: Path, python3: str, python312: str, chosen: str) -> None:
    first = pretended_python(tmp_path / "bin" / "python3", python3)
    second = pretended_python(tmp_path / "bin" / "python3.12", python312)
    _, said, _ = start(tmp_path, PATH="/usr/bin:/bin", PYTHON=f"{first} {second}")
    assert said == f"{chosen} was chosen\n"


def test_this_python_fits(tmp_path: Path) -> None:
    code, _, complaint = start(tmp_path, PATH="/usr/bin:/bin", PYTHON=sys.executable)
    assert code == 2
    assert "invalid choice: 'nothing'" in complaint


@pytest.mark.parametrize(
    ("path", "said", "expected"),
    [
        ("/usr/bin/env", "Chromium 150.0.1", False),
        ("/usr/bin/env", "Chromium 150.0.1 snap", True),
        ("/snap/bin/chromium", "Chromium 150.0.1", True),
    ],
)
def test_a_snap_is_no_browser_for_tests(path: str, said: str, expected: bool) -> None:
    assert browser.is_snap(path, said) is expected


def test_the_browser_that_is_named_must_start(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good = program(tmp_path / "good", "echo Chromium 150.0.1")
    stub = program(tmp_path / "stub", "echo 'requires the chromium snap to be installed'; exit 10")
    monkeypatch.setenv("CHROMIUM", str(good))
    assert browser.find() == browser.Browser(str(good))
    monkeypatch.setenv("CHROMIUM", str(stub))
    assert browser.find() == browser.Browser("", f"CHROMIUM names {stub}, which does not start")
    assert browser.package() is None


def test_the_distribution_is_read_from_os_release(tmp_path: Path) -> None:
    file = tmp_path / "os-release"
    file.write_text('NAME="Ubuntu"\nID_LIKE=debian\nID="ubuntu"\n')
    assert machine.distribution(file) == "ubuntu"
    assert machine.distribution(tmp_path / "none") == ""
