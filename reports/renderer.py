"""What renders a document, as one text: where it is the same, the same snapshot gives the same bytes.

It names the libraries that lay pages out, and holds a digest of all that shapes a document in this program: templates,
styles, fonts, words and the code in between. A document that was made by another one is compared by its text.
"""

import ctypes
import hashlib
from collections.abc import Iterator
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

from django.conf import settings

#: What shapes a document, as patterns under the project's folder.
PARTS = (
    "templates/pdf/**/*",
    "templates/approval/**/*",
    "templates/charts/**/*",
    "static/css/report-print.css",
    "static/css/approval*.css",
    "static/fonts/*.otf",
    "locale/*/LC_MESSAGES/django.po",
    "nap_monitor/formats/**/*.py",
    "nap_monitor/lib/*.py",
    "ministries/*.py",
    "reports/*.py",
    "reports/selectors/*.py",
    "reports/writers/*.py",
    "reports/services/rendering.py",
)
#: What writes a form that people go on working with.
WRITERS = {"hwpx": "python-hwpx", "docx": "python-docx"}
#: Python packages whose version can change a page.
PACKAGES = ("weasyprint", "pydyf", "fonttools", "tinycss2", "tinyhtml5", "Pyphen", "Django", *WRITERS.values(), "lxml")
PANGO = ("libpango-1.0.so.0", "libpango-1.0.0.dylib", "libpango-1.0-0.dll")
DIGEST_SHOWN = 12


@lru_cache
def renderer(form: str = "pdf") -> str:
    """What makes a form in this process: ``WeasyPrint 70.0, Pango 1.50.12, 0123456789ab``."""
    if form in WRITERS:
        return f"{WRITERS[form]} {version(WRITERS[form])}, {_digest()[:DIGEST_SHOWN]}"
    return f"WeasyPrint {version('weasyprint')}, Pango {_pango()}, {_digest()[:DIGEST_SHOWN]}"


@lru_cache(maxsize=1)
def _digest() -> str:
    found = hashlib.sha256()
    for package in PACKAGES:
        found.update(f"{package} {version(package)}\n".encode())
    for path in _files():
        found.update(f"{path.relative_to(settings.BASE_DIR).as_posix()}\n".encode())
        found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


def _files() -> Iterator[Path]:
    paths = {path for part in PARTS for path in settings.BASE_DIR.glob(part) if path.is_file()}
    yield from sorted(path for path in paths if "__pycache__" not in path.parts)


def _pango() -> str:
    """The version of the library that sets the lines; ``check`` fails where there is none."""
    for name in PANGO:
        try:
            library = ctypes.CDLL(name)
        except OSError:
            continue
        library.pango_version_string.restype = ctypes.c_char_p
        return str(library.pango_version_string().decode("ascii"))
    return "?"
