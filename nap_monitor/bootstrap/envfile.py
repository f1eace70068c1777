"""The ``.env`` file of a sample installation: written once, never overwritten."""

import os
import re
import secrets
from pathlib import Path

from nap_monitor.bootstrap.console import ROOT

ENV_FILE = ROOT / ".env"
EXAMPLE = ROOT / ".env.example"

TEXT = """\
# Written by `make run` for a sample installation on this machine; it is not in git and nothing overwrites it.
# Every setting with its meaning: .env.example. For real work, start from that file.

# Signs sessions and links: keep it to yourself.
SECRET_KEY={key}

# Sample data and sample accounts may be loaded.
SAMPLE_INSTALLATION=true

# No https on the own machine.
HTTPS=false

# Mail is written to files under var/mail instead of being sent.
EMAIL_URL=filemail://
"""


def write(path: Path = ENV_FILE) -> bool:
    """Write the file with a new key, readable by its owner alone; False where there is one, which stays as it is."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return False
    with os.fdopen(descriptor, "w") as file:
        file.write(TEXT.format(key=secrets.token_urlsafe(50)))
    return True


def names(path: Path = EXAMPLE) -> list[str]:
    """The names of all settings, as the example file lists them (set or commented out)."""
    return re.findall(r"^(?:# ?)?([A-Z][A-Z_]+)=", path.read_text(), flags=re.MULTILINE)


def sets(name: str, path: Path = ENV_FILE) -> bool:
    """Whether the file sets ``name``."""
    return path.is_file() and bool(re.search(rf"^{name}=", path.read_text(), flags=re.MULTILINE))
