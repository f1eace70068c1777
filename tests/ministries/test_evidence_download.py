"""The download: a safe type, a safe name, locked up in the browser, and on record."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
from django.test import Client

from ministries.models import EvidenceFile, Submission
from nap_monitor.accounts.models import User
from nap_monitor.lib.audit.models import Event
from tests import files
from tests.evidence import attach
from tests.factories import SubmissionFactory

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]


@pytest.fixture(autouse=True)
def store(private_files: Path) -> Path:
    return private_files


@pytest.fixture
def submission(body: Any) -> Submission:
    return SubmissionFactory(body=body)


def download(client: Client, file: EvidenceFile, **more: Any) -> Any:
    return client.get(f"/files/{file.pk}/", **more)


def name_in(answer: Any) -> str:
    kind, _semicolon, rest = answer["Content-Disposition"].partition("; ")
    assert kind == "attachment"
    if rest.startswith("filename*="):
        assert rest.isascii()
        return unquote(rest.removeprefix("filename*=utf-8''"))
    return rest.removeprefix('filename="').removesuffix('"')


@pytest.mark.parametrize(
    ("sent", "called"),
    [
        ("회의 결과 (최종).pdf", "회의 결과 (최종).pdf"),
        ("plain.pdf", "plain.pdf"),
        ("성" * 85 + ".pdf", "성" * 78 + ".pdf"),
        ("evil\r\nSet-Cookie: x=1.pdf", "evil Set-Cookie_ x=1.pdf"),
        ('quote".pdf', "quote_.pdf"),
        ("x\u202efdp.html", "xfdp.pdf"),
    ],
)
def test_it_comes_under_its_name_as_an_attachment(
    sent: str, called: str, submission: Submission, focal_point: User, signed_in: SignIn
) -> None:
    (file,) = attach(submission, focal_point, sent)
    answer = download(signed_in(focal_point), file)
    assert (answer.status_code, name_in(answer)) == (200, called)


@pytest.mark.parametrize("name", files.GOOD)
def test_it_comes_whole_as_what_it_is_and_nothing_in_it_runs(
    name: str, submission: Submission, focal_point: User, signed_in: SignIn
) -> None:
    data = files.GOOD[name]()
    (file,) = attach(submission, focal_point, f"자료.{name}", data=data)
    answer = download(signed_in(focal_point), file)
    assert b"".join(answer.streaming_content) == data
    assert answer.streaming
    assert (answer["Content-Type"], answer["Content-Length"]) == (file.content_type, str(len(data)))
    assert not answer["Content-Type"].startswith(("text/html", "image/svg"))
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("default-src 'none'; sandbox;")
    assert answer["Cache-Control"] == "private, no-store"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"


def test_a_page_in_disguise_is_served_as_plain_text(
    submission: Submission, focal_point: User, signed_in: SignIn
) -> None:
    (file,) = attach(submission, focal_point, "x.html", data=b"<script>alert(document.cookie)</script>")
    answer = download(signed_in(focal_point), file)
    assert (answer["Content-Type"], name_in(answer)) == ("text/plain; charset=utf-8", "x.txt")


def test_the_address_is_the_same_in_english(submission: Submission, focal_point: User, signed_in: SignIn) -> None:
    (file,) = attach(submission, focal_point)
    assert signed_in(focal_point).get(f"/en/files/{file.pk}/").status_code == 200


def test_each_download_is_on_record_and_asking_for_the_head_is_none(
    submission: Submission, focal_point: User, approver: User, signed_in: SignIn
) -> None:
    (file,) = attach(submission, focal_point)
    assert signed_in(approver).head(f"/files/{file.pk}/").status_code == 200
    for _ in range(2):
        download(signed_in(approver), file)
    found = Event.objects.of("ministries.submission", str(submission.pk)).filter(kind="download")
    assert [(event.actor_id, event.actor_role, event.data["file"]) for event in found] == [
        (str(approver.pk), "approver", str(file.pk))
    ] * 2


def test_who_may_not_see_it_leaves_no_record(submission: Submission, focal_point: User, signed_in: SignIn) -> None:
    (file,) = attach(submission, focal_point)
    for client in (Client(), signed_in(User.objects.create_user(email="a@example.org"))):
        assert download(client, file).status_code in (302, 404)
    assert not Event.objects.filter(kind="download").exists()


@pytest.mark.parametrize("method", ["post", "put", "delete"])
def test_it_is_only_read(method: str, submission: Submission, focal_point: User, signed_in: SignIn) -> None:
    (file,) = attach(submission, focal_point)
    assert getattr(signed_in(focal_point), method)(f"/files/{file.pk}/").status_code == 405


def test_a_file_that_is_missing_in_the_storage_is_told(
    submission: Submission, focal_point: User, signed_in: SignIn, store: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (file,) = attach(submission, focal_point)
    (store / file.stored.path).unlink()
    answer = download(signed_in(focal_point), file)
    assert answer.status_code == 404
    assert f"The stored file {file.stored.path} is missing." in caplog.messages
    assert not Event.objects.filter(kind="download").exists()


@pytest.mark.parametrize("address", ["/files/", "/files/x/", "/files/00000000-0000-0000-0000-000000000000/"])
def test_an_address_of_nothing_is_nothing(address: str, focal_point: User, signed_in: SignIn) -> None:
    assert signed_in(focal_point).get(address).status_code == 404
