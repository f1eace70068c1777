"""The names of files that people send: fit to be shown, and fit to be saved on any machine."""

import re
import unicodedata

from nap_monitor.lib.files.kinds import KINDS

#: Longest name, in characters, of which a column can hold the whole.
LONGEST = 255
#: Longest name of a download in bytes of UTF-8: the most that common file systems take, with room for " (1)".
LONGEST_BYTES = 240

# What the file systems of Windows refuse, and what separates paths.
FORBIDDEN = re.compile(r'[<>:"|?*/\\]')
# Letters that show nothing: fillers of Hangul and Braille.
BLANK_LETTERS = re.compile("[\u115f\u1160\u2800\u3164\uffa0]")
RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
NAMELESS = "file"

#: Endings that a system would run or open in a browser: such an ending is never left in a name.
ACTIVE = frozenset(
    "apk app bat cgi chm cmd com cpl dll dmg exe hta htm html iso jar jnlp js jse jsp lnk mht mhtml msi pif php pl "  # noqa: SIM905 - a list of words
    "ps1 py rb reg scf scr sh shtml svg svgz swf url vb vbe vbs wasm ws wsf xht xhtml xml xsl".split()
)
_OTHERS = (
    "bin bmp dat doc docm dot eml gz heic heif ini json key log md mp3 mp4 msg numbers odp ods odt pages pot ppt "  # noqa: SIM905 - a list of words
    "pptm rar rtf tar tmp tsv xls xlsb xlsm xlt yaml yml 7z".split()
)
#: Endings that say what a file is; where another one belongs to the content, it takes their place.
KNOWN = ACTIVE | {*_OTHERS, *(extension for kind in KINDS.values() for extension in kind.extensions)}


def shown_name(sent: str) -> str:
    """The name without path, controls and tricks, composed (NFC): what may be shown and saved.

    Marks that turn the direction of writing, and letters that show nothing, are taken out: they can hide an ending.
    """
    name = unicodedata.normalize("NFC", sent.replace("\\", "/").rstrip("/").rpartition("/")[2])
    name = "".join(" " if c.isspace() else c for c in name if c.isspace() or unicodedata.category(c)[0] != "C")
    name = FORBIDDEN.sub("_", BLANK_LETTERS.sub(" ", name))
    name = " ".join(name.split()).strip(". ")
    if RESERVED.fullmatch(name):
        name = f"_{name}"
    return name[:LONGEST] or NAMELESS


def extension_of(name: str) -> str:
    """The ending of a name in small letters, without its point; empty where there is none."""
    return _split(name)[1].lower()


def fitting_name(name: str, extensions: tuple[str, ...]) -> str:
    """The name with an ending that fits the content: one of ``extensions``, the first where it has another.

    An unknown ending is part of the name (``minutes v1.2``) and stays; an ending that a system would run does not,
    nowhere in the name.
    """
    if extension_of(name) in KNOWN.difference(extensions):
        name = _split(name)[0]
    stem, ending = _split(name)
    if ending.lower() not in extensions:
        stem, ending = name, extensions[0]
    while extension_of(stem) in ACTIVE:
        stem = _split(stem)[0]
    return f"{_cut(stem.rstrip('. ') or NAMELESS, LONGEST_BYTES - len(ending) - 1)}.{ending}"


def _split(name: str) -> tuple[str, str]:
    stem, _point, ending = name.rpartition(".")
    return (stem, ending) if stem else (name, "")


def _cut(text: str, most: int) -> str:
    """As much of the text as ``most`` bytes of UTF-8 hold, without half a character."""
    data = text.encode()
    return text if len(data) <= most else data[:most].decode(errors="ignore").rstrip(". ")
