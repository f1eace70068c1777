"""ClamAV's daemon, which the tests of the virus check start with a signature of their own."""

import os
import shutil

from nap_monitor.bootstrap import machine

#: Where it lies: not everybody has the folders of the system's daemons among those that are searched.
FOLDERS = ("/usr/sbin", "/usr/local/sbin", "/opt/homebrew/sbin")


def find() -> str:
    """The path of ``clamd``; empty where there is none."""
    return shutil.which("clamd", path=os.pathsep.join((os.environ.get("PATH", os.defpath), *FOLDERS))) or ""


PACKAGE = machine.SystemPackage(apt="clamav-daemon", dnf="clamd", brew="clamav", is_there=lambda: bool(find()))
