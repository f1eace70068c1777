"""What the machine must have for PDF: asked by ``manage.py check``, before somebody waits for a document."""

import ctypes
from typing import Any

from django.core.checks import CheckMessage, Error

#: Library → the names it goes by on Linux, macOS and Windows, and the Debian package.
LIBRARIES = {
    "pango": (("libpango-1.0.so.0", "libpango-1.0.0.dylib", "libpango-1.0-0.dll"), "libpango-1.0-0"),
    "pangoft2": (("libpangoft2-1.0.so.0", "libpangoft2-1.0.0.dylib", "libpangoft2-1.0-0.dll"), "libpangoft2-1.0-0"),
    "harfbuzz-subset": (
        ("libharfbuzz-subset.so.0", "libharfbuzz-subset.0.dylib", "libharfbuzz-subset-0.dll"),
        "libharfbuzz-subset0",
    ),
}


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def pdf_libraries(**_options: Any) -> list[CheckMessage]:
    """An error for each library that is missing. Without harfbuzz-subset, PDF would be made all the same, many times
    slower on Korean fonts and without a word; so that one is an error too."""
    return [
        Error(
            f"The library {library} is missing; reports cannot be rendered as PDF.",
            hint=f"On Debian or Ubuntu: apt install {package}",
            id=f"reports.E{number:03}",
        )
        for number, (library, (names, package)) in enumerate(LIBRARIES.items(), start=1)
        if not any(_loads(name) for name in names)
    ]
