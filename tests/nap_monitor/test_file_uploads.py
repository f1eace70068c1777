"""What is too large does not come through: neither one file nor all together, and the rest of the form does."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory

from nap_monitor.lib.files.uploads import LARGEST_FILES, left_out

MEGABYTE = 1024 * 1024


@pytest.fixture(autouse=True)
def limit(settings: Any) -> None:
    settings.EVIDENCE_MAX_MEGABYTES = 1


def read(*files: SimpleUploadedFile) -> tuple[list[tuple[str, int]], list[tuple[str, bool]], str]:
    """The files that came through with their sizes, those that did not, and the text beside them."""
    request = RequestFactory().post("/", {"file": list(files), "text": "beside"})
    over = left_out(request)
    return [(file.name, file.size) for file in request.FILES.getlist("file")], over, request.POST["text"]


def test_a_file_up_to_the_limit_comes_through_to_its_last_byte() -> None:
    data = bytes(range(256)) * 4096
    request = RequestFactory().post("/", {"file": SimpleUploadedFile("꼭.bin", data)})
    assert left_out(request) == []
    assert request.FILES["file"].read() == data


def test_a_file_over_the_limit_is_left_out_and_noted_and_the_others_come() -> None:
    small, large = SimpleUploadedFile("작다.txt", b"x"), SimpleUploadedFile("크다.txt", b"x" * (MEGABYTE + 1))
    last = SimpleUploadedFile("끝.txt", b"yy")
    assert read(small, large, last) == ([("작다.txt", 1), ("끝.txt", 2)], [("크다.txt", True)], "beside")


def test_what_is_too_much_together_is_left_out_and_noted() -> None:
    sent = [SimpleUploadedFile(f"{n}.txt", b"x" * MEGABYTE) for n in range(LARGEST_FILES + 1)]
    through, over, text = read(*sent)
    assert through == [(f"{n}.txt", MEGABYTE) for n in range(LARGEST_FILES)]
    assert (over, text) == ([(f"{LARGEST_FILES}.txt", False)], "beside")


def test_a_form_without_files_has_left_none_out() -> None:
    assert left_out(RequestFactory().post("/", {"text": "x"})) == []
