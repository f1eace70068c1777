"""Opening ZIP files that somebody sent: nothing is unpacked before its list has been read and bounded."""

import re
import stat
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from tempfile import SpooledTemporaryFile
from typing import IO, BinaryIO, cast

from django.utils.translation import gettext as _

from nap_monitor.lib.files.kinds import Unaccepted

MEGABYTE = 1024 * 1024
#: What all members together may come to.
MOST_UNPACKED = 300 * MEGABYTE
#: How many times its own size an archive may unpack to, once that is more than SMALL.
MOST_RATIO = 200
SMALL = 20 * MEGABYTE
MOST_MEMBERS = 2_000
#: The list of members, in bytes: it is held in memory.
LONGEST_LIST = 2 * MEGABYTE

HEAD = b"PK\x03\x04"
EMPTY = b"PK\x05\x06"
_END, _END64, _LOCATOR = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"
_END_SIZE, _END64_SIZE, _LOCATOR_SIZE = 22, 56, 20
# Encrypted, and encrypted in the later way that hides the headers too.
_ENCRYPTED = 0x1 | 0x40 | 0x2000
#: What stands before each member, in bytes, beside its name.
MEMBER_HEAD = 30
_STORED_OR_DEFLATED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_AES = 99
_ESCAPE = re.compile(r"^[/\\]|^[A-Za-z]:|(^|[/\\])\.\.([/\\]|$)")


@contextmanager
def opened(file: BinaryIO) -> Iterator[zipfile.ZipFile]:
    """The archive with its list checked. Raises :class:`Unaccepted` where it is damaged, locked, or a trap."""
    size = _size_of(file)
    _check_list(file, size)
    try:
        with _open(file) as archive:
            _check_members(archive.infolist(), archive.start_dir, size)
            yield archive
    except Unaccepted:
        raise
    except (zipfile.BadZipFile, zlib.error, struct.error, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise Unaccepted(_("The archive is damaged.")) from error
    except RuntimeError as error:  # the library's word for a missing password
        raise Unaccepted(_("It is protected by a password. Take the password off first.")) from error


def content_of(archive: zipfile.ZipFile, name: str, most: int) -> bytes:
    """The content of a member, of at most ``most`` bytes. Raises ``KeyError`` where there is none of this name."""
    with archive.open(name) as member:
        data = member.read(most + 1)
    if len(data) > most:
        raise Unaccepted(_("The archive is damaged."))
    return data


@contextmanager
def unpacked(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[BinaryIO]:
    """A member's content, read to its end (which checks its sum), as a file of its own."""
    with SpooledTemporaryFile(max_size=2 * MEGABYTE) as copy, archive.open(member) as source:
        while chunk := source.read(MEGABYTE):
            copy.write(chunk)
        copy.seek(0)
        yield cast(BinaryIO, copy)


def _size_of(file: IO[bytes]) -> int:
    return file.seek(0, 2)


def _open(file: BinaryIO) -> zipfile.ZipFile:
    """Names that do not say that they are UTF-8 are CP949 on Korean machines."""
    file.seek(0)
    try:
        return zipfile.ZipFile(file, metadata_encoding="cp949")
    except UnicodeDecodeError:
        file.seek(0)
        return zipfile.ZipFile(file)


def _check_list(file: BinaryIO, size: int) -> None:
    """Before the library reads the whole list into memory: how long it says it is."""
    tail_size = min(size, _END_SIZE + 0xFFFF)
    file.seek(size - tail_size)
    tail = file.read(tail_size)
    at = tail.rfind(_END)
    if at < 0 or len(tail) - at < _END_SIZE:
        raise Unaccepted(_("The archive is damaged."))
    lengths = [struct.unpack_from("<L", tail, at + 12)[0]]
    position = size - tail_size + at - _LOCATOR_SIZE - _END64_SIZE
    if position >= 0:
        file.seek(position)
        end64 = file.read(_END64_SIZE + _LOCATOR_SIZE)
        if end64[_END64_SIZE:].startswith(_LOCATOR):
            if not end64.startswith(_END64):
                raise Unaccepted(_("The archive is damaged."))
            lengths = [struct.unpack_from("<Q", end64, 40)[0]]
    if max(lengths) > LONGEST_LIST:
        raise Unaccepted(_("The archive holds too many files: at most %(limit)d.") % {"limit": MOST_MEMBERS})


def _check_members(members: list[zipfile.ZipInfo], list_at: int, size: int) -> None:
    if len(members) > MOST_MEMBERS:
        raise Unaccepted(_("The archive holds too many files: at most %(limit)d.") % {"limit": MOST_MEMBERS})
    names: set[str] = set()
    for member in members:
        _check_member(member)
        name = unicodedata.normalize("NFC", member.filename).casefold()
        if name in names:
            raise Unaccepted(_("The archive is damaged: “%(name)s” stands in it twice.") % {"name": member.filename})
        names.add(name)
    if sum(member.compress_size + MEMBER_HEAD for member in members) > list_at:
        # Members that share the bytes before the list: how small archives come to unpack into huge ones.
        raise Unaccepted(_("The archive is damaged."))
    unpacked_size = sum(member.file_size for member in members)
    if unpacked_size > SMALL and unpacked_size > MOST_RATIO * size:
        raise Unaccepted(_("The archive unpacks to far more than documents would."))
    if unpacked_size > MOST_UNPACKED:
        raise Unaccepted(_("Unpacked, it is larger than %(limit)d MB.") % {"limit": MOST_UNPACKED // MEGABYTE})


def _check_member(member: zipfile.ZipInfo) -> None:
    if member.flag_bits & _ENCRYPTED or member.compress_type == _AES:
        raise Unaccepted(_("It is protected by a password. Take the password off first."))
    if member.compress_type not in _STORED_OR_DEFLATED:
        raise Unaccepted(_("It is packed in a way that not every computer can read. Pack it as an ordinary ZIP."))
    mode = member.external_attr >> 16
    if not member.filename or any(unicodedata.category(c)[0] == "C" for c in member.orig_filename):
        raise Unaccepted(_("A file in the archive has a name that can't be read."))
    if _ESCAPE.search(member.orig_filename) or stat.S_ISLNK(mode):
        raise Unaccepted(_("The archive would put files into other folders."))
