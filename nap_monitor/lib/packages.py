"""Files that are ZIP archives of parts (XLSX, DOCX, HWPX), packed so that the same parts give the same bytes."""

import datetime as dt
import zipfile
from collections.abc import Callable
from io import BytesIO

#: The earliest day that an archive can tell.
EARLIEST = dt.datetime(1980, 1, 1)


def utc(at: dt.datetime) -> dt.datetime:
    """A moment as such files tell it: in UTC, whole seconds, without its zone."""
    return at.astimezone(dt.UTC).replace(microsecond=0, tzinfo=None)


def repacked(
    data: bytes, *, at: dt.datetime, change: Callable[[str, bytes], bytes] | None = None, stored: str = ""
) -> bytes:
    """The archive with every part dated ``at``, in the order that it had; ``change`` gets each part by its name.

    ``stored`` is the name of a part that is not compressed.
    """
    made = BytesIO()
    date = max(utc(at), EARLIEST).timetuple()[:6]
    with zipfile.ZipFile(BytesIO(data)) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            member = zipfile.ZipInfo(name, date_time=date)
            member.compress_type = zipfile.ZIP_STORED if name == stored else zipfile.ZIP_DEFLATED
            member.external_attr = 0o600 << 16
            # Which system packed it stands in each part, and is the same everywhere.
            member.create_system = 3
            target.writestr(member, change(name, content) if change else content)
    return made.getvalue()
