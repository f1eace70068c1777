"""LibreOffice without its windows, in which the tests open the workbooks and documents that the program writes."""

import os
import shutil

from nap_monitor.bootstrap import machine

#: Where it lies: not everybody has these folders among those that are searched.
FOLDERS = ("/usr/bin", "/usr/lib/libreoffice/program", "/Applications/LibreOffice.app/Contents/MacOS")
#: The libraries that tell that its part for tables, or for texts, is there.
CALC, WRITER = "libscfiltlo", "libswlo"


def find(part: str = CALC) -> str:
    """The path of ``soffice``; empty where there is none, or none with this part."""
    path = shutil.which("soffice", path=os.pathsep.join((os.environ.get("PATH", os.defpath), *FOLDERS)))
    if path is None:
        return ""
    folder = os.path.dirname(os.path.realpath(path))
    names = (f"{part}.so", f"{part}.dylib")
    places = (folder, os.path.join(os.path.dirname(folder), "Frameworks"))
    return path if any(os.path.exists(os.path.join(place, name)) for place in places for name in names) else ""


PACKAGE = machine.SystemPackage(
    apt="libreoffice-calc-nogui", dnf="libreoffice-calc", brew="libreoffice", is_there=lambda: bool(find())
)
WRITER_PACKAGE = machine.SystemPackage(
    apt="libreoffice-writer-nogui", dnf="libreoffice-writer", brew="libreoffice", is_there=lambda: bool(find(WRITER))
)
