"""Pages come compressed, and their length tells nothing; files come as they are."""

import gzip
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import Client

from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from reports.models import RenderJob
from reports.services.snapshots import take_snapshot
from tests.factories import RoundFactory

pytestmark = pytest.mark.django_db

PACKED = {"Accept-Encoding": "gzip, deflate, br"}


def test_a_page_is_compressed_where_the_browser_takes_it() -> None:
    plain, packed = Client().get("/accounts/login/"), Client().get("/accounts/login/", headers=PACKED)
    assert "Content-Encoding" not in plain
    assert packed["Content-Encoding"] == "gzip"
    assert b"<main" in gzip.decompress(packed.content)
    assert len(packed.content) < len(plain.content) / 2
    assert "Accept-Encoding" in plain["Vary"]
    assert "Accept-Encoding" in packed["Vary"]


def test_the_length_of_the_same_page_differs_so_that_nothing_can_be_guessed_from_it() -> None:
    client = Client()
    assert len({len(client.get("/accounts/login/", headers=PACKED).content) for _time in range(12)}) > 4


def test_a_file_keeps_its_length_and_is_not_compressed_again(coordinator: User, tmp_path: Path, settings: Any) -> None:
    private = {**settings.STORAGES["private"], "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "private": private}
    content = b"%PDF-1.7 " + b"the same again " * 500
    job = RenderJob.objects.create(
        snapshot=take_snapshot(round=RoundFactory()),
        language="ko",
        state="done",
        file_name=storages["private"].save("x.pdf", ContentFile(content)),
        finished_at=clock.now(),
    )
    client = Client()
    client.force_login(coordinator)
    answer = client.get(f"/documents/{job.pk}/download/", headers=PACKED)
    assert b"".join(answer.streaming_content) == content
    assert "Content-Encoding" not in answer
    assert answer["Content-Length"] == str(len(content))
