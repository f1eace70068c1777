"""One way to write a document as bytes, so that the same content always has the same hash, on any database."""

import hashlib
import json
from typing import Any


def canonical_bytes(value: Any) -> bytes:
    """``value`` as JSON with sorted keys and no spaces, in UTF-8. Decimals and dates must be strings already.

    Raises ``TypeError`` for anything that JSON does not know, and ``ValueError`` for a float that is no number.
    """
    text = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return text.encode("utf-8")


def sha256(content: bytes) -> str:
    """The SHA-256 of ``content`` in hexadecimal."""
    return hashlib.sha256(content).hexdigest()
