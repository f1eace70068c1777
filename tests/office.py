"""LibreOffice, as a person would open and save a file in it: without its windows, with a profile of its own."""

import subprocess
import tempfile
from pathlib import Path

import pytest

from nap_monitor.bootstrap import office

SECONDS = 180
#: Sheets to CSV: commas, quotation marks, UTF-8, texts in quotation marks, each sheet a file of its own.
CSV = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
XLSX = "xlsx:Calc MS Excel 2007 XML"


def converted(data: bytes, form: str, *, name: str = "book.xlsx", part: str = office.CALC) -> dict[str, bytes]:
    """What LibreOffice makes of a file: opened, and saved in another form; the files by their names.

    Skipped where the machine has no LibreOffice (``make test`` installs it).
    """
    program = office.find(part)
    if not program:
        pytest.skip("LibreOffice is not installed (packages libreoffice-calc-nogui and libreoffice-writer-nogui).")
    with tempfile.TemporaryDirectory(prefix="office-") as given:
        folder = Path(given)
        (folder / "in").mkdir()
        source = folder / "in" / name
        source.write_bytes(data)
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        done = subprocess.run(
            [program, profile, "--headless", "--convert-to", form, "--outdir", str(folder / "out"), str(source)],
            capture_output=True,
            text=True,
            timeout=SECONDS,
            check=False,
        )
        made = {path.name: path.read_bytes() for path in sorted((folder / "out").glob("*"))}
        assert made, f"LibreOffice did not open it: {done.stdout} {done.stderr}"
        return made


def saved_again(data: bytes) -> bytes:
    """The workbook as LibreOffice saves it."""
    (saved,) = converted(data, XLSX).values()
    return saved
