"""The hidden part of a workbook: where and when it comes from, and a mark of each value that was written into it.

A mark is made with the program's secret key. It tells whether a value is still the one that was downloaded, and gives
nothing away: what somebody deletes from a workbook before passing it on stands nowhere in it any more.
"""

import base64
import datetime as dt
import hashlib
import hmac
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from django.conf import settings
from django.core import signing

from ministries.enums import State
from ministries.models import Submission

SALT = "ministries.workbook"
#: Bytes of a mark: two values with the same one are not to be expected in any number of workbooks.
MARK_BYTES = 9
#: The mark of a value that stands in no cell, because none could hold it.
LEFT_TO_FORM = "!"


@dataclass
class Origin:
    """What a workbook says of itself.

    ``name`` is that of this download alone. ``stands`` says of each submission, by its action plan, where it stood.
    ``columns`` are the keys of each sheet's columns; ``rows`` are, by sheet and by the row's key, the action plan and
    the marks of the values in the order of the columns.
    """

    layout: int
    plan: int
    year: int
    body: str
    at: str
    name: str = field(default_factory=lambda: secrets.token_hex(8))
    stands: dict[str, str] = field(default_factory=dict)
    columns: dict[str, list[str]] = field(default_factory=dict)
    rows: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    def put(self, sheet: str, key: str, code: str, marks: Sequence[str]) -> None:
        """Note a row."""
        self.rows.setdefault(sheet, {})[key] = [code, *marks]

    def marks_of(self, sheet: str, key: str) -> tuple[str, Mapping[str, str]] | None:
        """The action plan of a row and its marks by column; nothing for a row that was not downloaded."""
        row = self.rows.get(sheet, {}).get(key)
        return None if row is None else (row[0], dict(zip(self.columns[sheet], row[1:], strict=True)))

    @property
    def moment(self) -> dt.datetime:
        """When it was downloaded."""
        return dt.datetime.fromisoformat(self.at)


def mark(text: str) -> str:
    """The mark of what a value says (:func:`ministries.workbook.values.said`); empty for an empty one."""
    if not text:
        return ""
    digest = hmac.new(_key(), text.encode("utf-8", "surrogatepass"), hashlib.sha256).digest()[:MARK_BYTES]
    return base64.urlsafe_b64encode(digest).decode()


def _key() -> bytes:
    return hashlib.sha256(f"{SALT}.mark:{settings.SECRET_KEY}".encode()).digest()


def stand_of(submission: Submission) -> str:
    """Where a submission stands on its way, as far as that outdates a workbook: signing off and taking that back does
    not, submitting does."""
    state = submission.came_from if submission.state == State.SIGNED_OFF else submission.state
    last = submission.last_submitted_at
    return f"{state} {last.astimezone(dt.UTC).isoformat() if last else ''}".strip()


def sealed(origin: Origin) -> str:
    """The hidden part as text, with a signature."""
    return _signer().sign_object(asdict(origin), compress=True)


def unsealed(text: str) -> Origin:
    """The hidden part. Raises ``signing.BadSignature`` where it is not what this program wrote."""
    loaded: dict[str, Any] = _signer().unsign_object(text)
    try:
        return Origin(**loaded)
    except TypeError as error:  # signed by another release with other parts
        raise signing.BadSignature(str(error)) from error


def _signer() -> signing.Signer:
    # The marks hang on this key, so an older one is of no use.
    return signing.Signer(key=settings.SECRET_KEY, salt=SALT, fallback_keys=[])
