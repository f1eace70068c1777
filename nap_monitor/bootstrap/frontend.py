"""The front-end packages of ``package-lock.json``: by the machine's npm, or by one of our own where it has none."""

import json
import re
import shutil
from pathlib import Path

from nap_monitor.bootstrap import packages
from nap_monitor.bootstrap.console import ROOT, SetUpError, attempt, step, tail
from nap_monitor.bootstrap.stamps import Stamp, digest

MODULES = ROOT / "node_modules"
# Inside, so that they go when the folder does.
STAMPS = MODULES / ".stamps"
LISTS = (ROOT / "package.json", ROOT / "package-lock.json")
OLDEST_NPM = 7  # the first that reads lock files of version 3
# Nothing of a package is run while it is installed. Offline it is to fail after a quarter of a minute, not after more
# than one; what was once fetched is taken from npm's cache, where the hash alone decides.
INSTALL = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--prefer-offline")
PATIENCE = ("--fetch-retry-mintimeout=2000", "--fetch-retry-maxtimeout=10000")
# Said both ways: NODE_ENV=production would leave out what the tests use.
KINDS = {"base": "--omit=dev", "dev": "--include=dev"}

NO_NETWORK = (
    "npm does not get through to its registry: check the network (behind a proxy `npm config set proxy http://…`, with "
    "a registry of your own `npm config set registry https://…`)"
)
REASONS = {
    **dict.fromkeys(
        (
            *("ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ECONNRESET", "ETIMEDOUT", "ENETUNREACH", "EHOSTUNREACH"),
            *("ERR_SOCKET_TIMEOUT", "ENOTCACHED", "UNABLE_TO_GET_ISSUER_CERT_LOCALLY", "SELF_SIGNED_CERT_IN_CHAIN"),
        ),
        NO_NETWORK,
    ),
    "EUSAGE": "package.json and package-lock.json do not belong together: take both from the same commit",
    "EINTEGRITY": "a package is not the one whose hash package-lock.json holds: try `npm cache clean --force`",
    "ENOSPC": "the disk is full: make room",
}


def npm_version(path: str) -> str:
    """The version of an npm; empty where it does not start."""
    try:
        asked = attempt([path, "--version"])
    except OSError:
        return ""
    numbers: list[str] = re.findall(r"^\d+\.\d+\.\d+\S*$", asked.stdout, flags=re.MULTILINE)
    return numbers[-1] if asked.returncode == 0 and numbers else ""


def machines_npm() -> tuple[str, str]:
    """The npm on the path, or an empty text and why there is none to use."""
    path = shutil.which("npm")
    if path is None:
        return "", "This machine has no npm"
    version = npm_version(path)
    if not version:
        return "", f"The npm of this machine ({path}) does not start"
    if int(version.partition(".")[0]) < OLDEST_NPM:
        return "", f"The npm of this machine ({path}) is version {version}, too old for package-lock.json"
    return path, ""


def find_npm() -> str:
    """An npm to install with; where the machine has none, one that comes into ``.venv`` from requirements/node.txt."""
    path, why_not = machines_npm()
    if path:
        return path
    try:
        own = str(packages.install_node())
        if npm_version(own):
            return own
        heard = f"{own} does not start."
    except SetUpError as stop:
        heard = str(stop)
    raise SetUpError(
        f"{heard}\n{why_not}, and one for this folder alone could not be had (see above): install npm {OLDEST_NPM} or "
        "newer with `apt-get install npm` (Debian, Ubuntu), `dnf install nodejs-npm` (Fedora) or `brew install node` "
        "(macOS) and run the same command again."
    )


def missing(kind: str) -> list[str]:
    """The packages that the lock names for this kind and that are not there in its version."""
    locked = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    wanted = {
        place: row["version"]
        for place, row in locked.items()
        if place and not row.get("optional") and (kind == "dev" or not row.get("dev"))
    }
    return [place for place, version in wanted.items() if installed_version(ROOT / place) != version]


def installed_version(folder: Path) -> str:
    """The version of the package in a folder; empty where there is none or only a part of it."""
    try:
        return str(json.loads((folder / "package.json").read_text())["version"])
    except (OSError, ValueError, KeyError):
        return ""


def failure(said: str) -> str:
    """What to tell where npm has failed: its last lines, and one sentence with the reason as far as it gives one."""
    code = re.search(r"^npm (?:ERR!|error) code (\S+)", said, flags=re.MULTILINE)
    reason = REASONS.get(code[1] if code else "", "see above for what npm says")
    return (
        f"{tail(said)}\nThe front-end packages of package-lock.json could not be installed: {reason}; "
        "then run the same command again."
    ).lstrip()


def install(kind: str) -> None:
    """Install into ``node_modules`` what is served (base) or also what the tests use (dev), unless it has been done."""
    content = digest(*(path.read_text() for path in LISTS))
    if Stamp(STAMPS / kind).matches(content) and not missing(kind):
        return
    npm = find_npm()
    for known in KINDS:
        Stamp(STAMPS / known).clear()
    if MODULES.is_symlink():
        # npm would empty the folder of somebody else.
        MODULES.unlink()
    with step("Front-end packages (package-lock.json)"):
        done = attempt([npm, *INSTALL, *PATIENCE, KINDS[kind]])
        if done.returncode != 0:
            raise SetUpError(failure(done.stdout))
        if left := missing(kind):
            raise SetUpError(f"{npm} has come to its end, and {', '.join(left)} is not there; see `{npm} ci`.")
    for known in KINDS if kind == "dev" else ("base",):
        Stamp(STAMPS / known).write(content)
