"""Whether a file is plain text, and in which encoding."""

import codecs
import re
from typing import BinaryIO

#: Encodings of text as Korean offices write it, with the name that browsers know them by.
ENCODINGS = {"utf-8": "utf-8", "cp949": "euc-kr"}
# Tab, line feed, form feed and carriage return are text; all other controls, and C1, are not.
CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f-\x9f\ufffe\uffff]")
CHUNK = 256 * 1024


def charset_of(file: BinaryIO) -> str:
    """The charset of a file that is plain text throughout; empty where it is none."""
    for encoding, charset in ENCODINGS.items():
        file.seek(0)
        if _is_text(file, encoding):
            return charset
    return ""


def _is_text(file: BinaryIO, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        while chunk := file.read(CHUNK):
            if CONTROLS.search(decoder.decode(chunk)):
                return False
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True
