"""The client of the virus scanner, against the real one."""

import io
import socket
import threading
import zipfile
from collections.abc import Iterator

import pytest

from nap_monitor.lib import clamd
from nap_monitor.lib.environment import Endpoint
from tests import files
from tests.scanner import LONGEST, SIGNATURE, VIRUS, Scanner

pytestmark = pytest.mark.one_database


def scan(scanner: Scanner, data: bytes) -> clamd.Verdict:
    return clamd.scan(scanner.endpoint, io.BytesIO(data))


def test_a_clean_file_is_clean(scanner: Scanner) -> None:
    assert clamd.ping(scanner.endpoint)
    assert scan(scanner, files.pdf()) == clamd.Verdict()
    assert scan(scanner, files.pdf()).is_clean


def test_a_virus_is_found_by_its_signature_also_in_an_archive_and_across_chunks(scanner: Scanner) -> None:
    found = clamd.Verdict(signature=SIGNATURE)
    assert scan(scanner, b"before " + VIRUS + b" behind") == found
    assert scan(scanner, files.zipped({"a.txt": VIRUS * 3}, zipfile.ZIP_DEFLATED)) == found
    assert scan(scanner, b"x" * (clamd.CHUNK - 10) + VIRUS) == found
    assert not found.is_clean


def test_a_file_over_the_scanners_limit_is_not_called_clean(scanner: Scanner) -> None:
    verdict = scan(scanner, b"x" * (LONGEST * 4))
    assert "size limit exceeded" in verdict.error or "StreamMaxLength" in verdict.error
    assert not verdict.is_clean


def test_a_scanner_that_is_not_there_is_away(scanner: Scanner) -> None:
    scanner.stop()
    assert not clamd.ping(scanner.endpoint)
    with pytest.raises(clamd.ClamdAway):
        scan(scanner, files.pdf())
    scanner.start()
    assert scan(scanner, files.pdf()).is_clean


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server


def test_a_connection_without_an_answer_is_no_verdict(listener: socket.socket) -> None:
    def close() -> None:
        connection, _address = listener.accept()
        with connection:
            while connection.recv(65536)[-4:] != b"\0\0\0\0":
                pass

    threading.Thread(target=close, daemon=True).start()
    with pytest.raises(clamd.ClamdAway):
        clamd.scan(Endpoint(host="127.0.0.1", port=listener.getsockname()[1]), io.BytesIO(b"x"))


def test_over_the_network_it_is_the_same_protocol(listener: socket.socket) -> None:
    heard = []

    def answer() -> None:
        connection, _address = listener.accept()
        with connection:
            data = b""
            while not data.endswith(b"\0\0\0\0"):
                data += connection.recv(65536)
            heard.append(data)
            connection.sendall(b"stream: Some.Virus FOUND\0")

    thread = threading.Thread(target=answer, daemon=True)
    thread.start()
    endpoint = Endpoint(host="127.0.0.1", port=listener.getsockname()[1])
    assert clamd.scan(endpoint, io.BytesIO(b"abc")).signature == "Some.Virus"
    thread.join(5)
    assert heard == [b"zINSTREAM\0" + b"\0\0\0\3abc" + b"\0\0\0\0"]
