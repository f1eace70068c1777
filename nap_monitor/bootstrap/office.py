"""LibreOffice without its windows, in which the tests open the workbooks that the program writes."""

import os
import shutil

from nap_monitor.bootstrap import machine

#: Where it lies: not everybody has these folders among those that are searched.
FOLDERS = ("/usr/bin", "/usr/lib/libreoffice/program", "/Applications/LibreOffice.app/Contents/MacOS")
#: What it must be able to convert to say that its part for tables is there.
CALC = "libscfiltlo"


def find() -> str:
    """The path of ``soffice``; empty where there is none, or none that opens tables."""
    path = shutil.which("soffice", path=os.pathsep.join((os.environ.get("PATH", os.defpath), *FOLDERS)))
    if path is None:
        return ""
    folder = os.path.dirname(os.path.realpath(path))
    names = (f"{CALC}.so", f"{CALC}.dylib")
    places = (folder, os.path.join(os.path.dirname(folder), "Frameworks"))
    return path if any(os.path.exists(os.path.join(place, name)) for place in places for name in names) else ""


PACKAGE = machine.SystemPackage(
    apt="libreoffice-calc-nogui", dnf="libreoffice-calc", brew="libreoffice", is_there=lambda: bool(find())
)
