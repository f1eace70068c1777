"""A client of ClamAV's daemon: one file, one answer, over the documented INSTREAM command.

https://docs.clamav.net/manual/Usage/ClamdProtocol.html
"""

import socket
import struct
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Protocol

from nap_monitor.lib.environment import Endpoint

#: Seconds to wait for the connection, and for each answer: a large archive is looked into for a while.
CONNECT_SECONDS = 5.0
ANSWER_SECONDS = 120.0
CHUNK = 64 * 1024


class ClamdAway(Exception):  # noqa: N818 - what it is called in the log
    """The daemon can't be reached or does not answer: try again later."""


class Readable(Protocol):
    """A file open for reading."""

    def read(self, size: int, /) -> bytes:
        """At most ``size`` bytes; none at the end."""


@dataclass(frozen=True)
class Verdict:
    """What the daemon says of a file: clean, or infected with ``signature``, or not scanned because of ``error``."""

    signature: str = ""
    error: str = ""

    @property
    def is_clean(self) -> bool:
        """Whether it was scanned and nothing was found."""
        return not self.signature and not self.error


def ping(endpoint: Endpoint) -> bool:
    """Whether the daemon answers."""
    try:
        with _connection(endpoint) as connection:
            connection.sendall(b"zPING\0")
            return _answer(connection) == "PONG"
    except ClamdAway:
        return False


def scan(endpoint: Endpoint, file: Readable) -> Verdict:
    """Have a file scanned. Raises :class:`ClamdAway` where the daemon does not answer; then nothing is known of it."""
    with _connection(endpoint) as connection:
        try:
            connection.sendall(b"zINSTREAM\0")
            while chunk := file.read(CHUNK):
                connection.sendall(struct.pack("!L", len(chunk)) + chunk)
            connection.sendall(struct.pack("!L", 0))
        except (BrokenPipeError, ConnectionResetError):
            # It stops reading where the file is over its limit; what it says of that may be lost with the connection.
            return _last_word(connection)
        return _verdict(_answer(connection))


def _last_word(connection: socket.socket) -> Verdict:
    try:
        return _verdict(_answer(connection))
    except (OSError, ClamdAway):
        return Verdict(error="The daemon stopped reading the file: is it larger than its StreamMaxLength?")


def _verdict(answer: str) -> Verdict:
    said = answer.removeprefix("stream: ")
    if said == "OK":
        return Verdict()
    if said.endswith(" FOUND"):
        return Verdict(signature=said.removesuffix(" FOUND"))
    return Verdict(error=said.removesuffix(" ERROR") or "no answer")


@contextmanager
def _connection(endpoint: Endpoint) -> Iterator[socket.socket]:
    try:
        with _connected(endpoint) as connection:
            connection.settimeout(ANSWER_SECONDS)
            yield connection
    except OSError as error:
        raise ClamdAway(f"{type(error).__name__}: {error}") from error


def _connected(endpoint: Endpoint) -> socket.socket:
    if not endpoint.path:
        return socket.create_connection((endpoint.host, endpoint.port), timeout=CONNECT_SECONDS)
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.settimeout(CONNECT_SECONDS)
    try:
        connection.connect(endpoint.path)
    except OSError:
        connection.close()
        raise
    return connection


def _answer(connection: socket.socket) -> str:
    """What it says up to the null byte, or to the end of the connection."""
    data = b""
    while not data.endswith(b"\0"):
        part = connection.recv(4096)
        if not part:
            break
        data += part
    if not data:
        raise ClamdAway("The connection was closed without an answer.")
    return data.rstrip(b"\0").decode(errors="replace").strip()
