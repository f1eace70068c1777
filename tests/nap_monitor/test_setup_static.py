"""Static files as a real server gives them, and the check that asks for those that npm brings."""

import gzip
import http.client
import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import brotli
import pytest
from django.core.checks import run_checks

from nap_monitor.bootstrap import serving, suite
from nap_monitor.bootstrap.console import PYTHON, ROOT
from nap_monitor.lib import checks
from tests.nap_monitor.setup_tools import call, free_port, wait_until

pytestmark = pytest.mark.one_database  # no database at all

TOKENS = "krds/css/token/krds_tokens.css"
STYLE = "krds/css/component/output.css"
FOREVER = "max-age=315360000, public, immutable"
OPEN = {"gzip": gzip.decompress, "br": brotli.decompress}


@dataclass
class Site:
    """A server and the folder that its static files were collected into."""

    root: Path
    port: int

    def hashed(self, name: str) -> str:
        """The name under which the pages ask for a file."""
        return str(json.loads((self.root / "staticfiles.json").read_text())["paths"][name])

    def get(self, name: str, accepts: str = "") -> tuple[dict[str, str], bytes]:
        """Headers and body of a static file that is there."""
        connection = http.client.HTTPConnection(serving.HOST, self.port, timeout=30)
        connection.request("GET", f"/static/{name}", headers={"Accept-Encoding": accepts or "identity"})
        answer = connection.getresponse()
        body = answer.read()
        connection.close()
        assert answer.status == 200, name
        return dict(answer.getheaders()), body


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Collected and served as `make run` does it."""
    folder, port = tmp_path_factory.mktemp("static"), free_port()
    env = suite.test_environment(STATIC_ROOT=str(folder / "static"), DATABASE_URL=f"sqlite:///{folder}/db.sqlite3")
    done = call([PYTHON, "manage.py", "collectstatic", "--no-input"], ROOT, env, timeout=300)
    assert done.returncode == 0, done.stderr
    web, _schedule = serving.programs(port, with_worker=False)
    process = subprocess.Popen(web.command, cwd=ROOT, env=env, stdin=subprocess.DEVNULL)
    try:
        assert wait_until(lambda: serving.answer(port) or process.poll() is not None, 60)
        yield Site(folder / "static", port)
    finally:
        process.terminate()
        process.wait(20)


@pytest.mark.parametrize("encoding", ["br", "gzip"])
@pytest.mark.parametrize("name", [TOKENS, STYLE])
def test_a_hashed_style_sheet_comes_compressed_and_is_kept_for_good(site: Site, name: str, encoding: str) -> None:
    plain, body = site.get(site.hashed(name))
    assert "Content-Encoding" not in plain
    headers, packed = site.get(site.hashed(name), encoding)
    assert headers["Content-Encoding"] == encoding
    assert headers["Cache-Control"] == plain["Cache-Control"] == FOREVER
    assert headers["Vary"] == plain["Vary"] == "Accept-Encoding"
    assert headers["Content-Type"] == 'text/css; charset="utf-8"'
    assert OPEN[encoding](packed) == body
    assert len(packed) < len(body) / 4


def test_brotli_is_preferred_where_the_browser_takes_both(site: Site) -> None:
    assert site.get(site.hashed(STYLE), "gzip, deflate, br, zstd")[0]["Content-Encoding"] == "br"


def test_a_picture_of_krds_comes_compressed_and_is_kept_for_good(site: Site) -> None:
    paths = json.loads((site.root / "staticfiles.json").read_text())["paths"]
    pictures = [name for name in paths if name.startswith("krds/img/") and name.endswith(".svg")]
    largest = max(pictures, key=lambda name: (site.root / name).stat().st_size)
    headers, packed = site.get(paths[largest], "br")
    assert (headers["Content-Encoding"], headers["Cache-Control"]) == ("br", FOREVER)
    assert brotli.decompress(packed).lstrip().startswith((b"<svg", b"<?xml"))


def test_a_name_without_a_hash_is_asked_for_again_soon(site: Site) -> None:
    headers, _ = site.get(STYLE)
    assert headers["Cache-Control"] == "max-age=60, public"


def test_each_address_in_a_style_sheet_of_krds_is_a_hashed_file_that_is_there(site: Site) -> None:
    sheet = site.root / site.hashed(STYLE)
    named = re.findall(r"url\(\s*[\"']?(?!data:|#)([^\"')]+)", sheet.read_text())
    assert len(named) > 10
    wrong = [n for n in named if not re.search(r"\.[0-9a-f]{12}\.", n) or not (sheet.parent / n).resolve().is_file()]
    assert wrong == []


def test_of_krds_only_what_the_pages_use_is_collected(site: Site) -> None:
    folders = {path.parent.relative_to(site.root / "krds").parts[:2] for path in (site.root / "krds").rglob("*.*")}
    assert {"/".join(parts) for parts in folders if len(parts) == 2} == {"css/token", "css/component", "img/component"}
    assert list((site.root / "krds").rglob("component*.css*")) == []


@pytest.mark.parametrize("debug", [True, False])
@pytest.mark.parametrize("deploy", [True, False])
def test_without_the_style_sheets_of_krds_the_check_names_the_command(
    tmp_path: Path, settings: Any, debug: bool, deploy: bool
) -> None:
    settings.DEBUG, settings.KRDS_ROOT = debug, tmp_path / "node_modules" / "krds-uiux" / "resources"
    (found,) = [message for message in run_checks(include_deployment_checks=deploy) if message.id == "nap_monitor.E001"]
    assert found.is_serious()
    assert found.msg == (
        f"The style sheets of KRDS are not installed ({tmp_path}/node_modules/krds-uiux); "
        "no page can be shown with its style."
    )
    assert found.hint == f"Run `make frontend`, or `npm ci --omit=dev --ignore-scripts`, in {ROOT}."


def test_collectstatic_asks_for_the_style_sheets_first(tmp_path: Path, settings: Any) -> None:
    settings.KRDS_ROOT = tmp_path
    assert "nap_monitor.E001" in [message.id for message in run_checks(tags=["staticfiles"])]


def test_another_version_of_krds_than_the_locks_is_named(tmp_path: Path, settings: Any) -> None:
    for name in checks.NEEDED:
        (tmp_path / "resources" / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(settings.KRDS_ROOT / name, tmp_path / "resources" / name)
    (tmp_path / "package.json").write_text('{"version": "1.0.0"}')
    settings.KRDS_ROOT = tmp_path / "resources"
    (found,) = checks.krds_style_sheets()
    assert (found.id, found.msg[:40]) == ("nap_monitor.E002", "KRDS is installed in version 1.0.0, but ")


def test_what_is_installed_here_passes() -> None:
    assert checks.krds_style_sheets() == []
