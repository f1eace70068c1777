"""Whether a file is a picture of an accepted kind."""

import warnings
from typing import BinaryIO

from django.utils.translation import gettext as _
from PIL import Image, UnidentifiedImageError

from nap_monitor.lib.files.kinds import GIF, JPEG, PNG, TIFF, WEBP, Kind, Unaccepted

#: How a file of each kind begins. WebP names itself after the length.
HEADS = (
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
)
FORMATS = {"PNG": PNG, "JPEG": JPEG, "GIF": GIF, "WEBP": WEBP, "TIFF": TIFF}


def looks_like(head: bytes) -> bool:
    """Whether a file that begins so says that it is a picture."""
    return head.startswith(tuple(begin for begin, _kind in HEADS)) or (head[:4] == b"RIFF" and head[8:12] == b"WEBP")


def kind_of_picture(file: BinaryIO) -> Kind:
    """The kind of a picture, from its header read through; its pixels are not unpacked."""
    file.seek(0)
    try:
        with warnings.catch_warnings():
            # A large scan is no fault, as nothing here holds its pixels; nor are odd notes of a camera.
            warnings.simplefilter("ignore")
            with Image.open(file, formats=list(FORMATS)) as picture:
                # Telephones take JPEG with several pictures in it, which the library calls MPO.
                found = JPEG if picture.format == "MPO" else FORMATS[picture.format or ""]
                picture.verify()
    except Image.DecompressionBombError as error:
        raise Unaccepted(_("The picture has too many points to be shown. Send it smaller.")) from error
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, KeyError, IndexError, EOFError) as error:
        # What the library raises for a damaged header, by its documentation and its own tests.
        raise Unaccepted(_("The picture is damaged.")) from error
    return found
