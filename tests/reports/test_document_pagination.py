"""Many documents: they stand on pages, the newest first, in one number of queries."""

import datetime as dt
import hashlib
from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ministries.models import Round
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from reports.models import RenderJob, Snapshot
from reports.views.documents import PAGE_SIZE
from tests.factories import RoundFactory
from tests.pages import in_english, text_of

pytestmark = pytest.mark.django_db

Browser = Callable[[User], Client]


@pytest.fixture
def round_() -> Round:
    return RoundFactory()


def make(round_: Round, number: int, name: str = "") -> None:
    """So many failed documents, one a minute, the first one the newest."""
    for each in range(number):
        sha256 = hashlib.sha256(f"{name}{each}".encode()).hexdigest()
        snapshot = Snapshot.objects.create(
            plan_number=round_.plan.number, year=round_.year, schema=1, content=b"x", sha256=sha256
        )
        asked = clock.now() - dt.timedelta(minutes=each)
        RenderJob.objects.create(snapshot=snapshot, language="ko", state="failed", requested_at=asked)


def address_of(round_: Round) -> str:
    return in_english(reverse("reports:document_list", args=[round_.plan.number, round_.year]))


def shown(client: Client, round_: Round, page: str = "") -> list[RenderJob]:
    return list(client.get(address_of(round_), {"page": page}).context["page"])


def test_the_newest_stand_on_the_first_page_and_the_rest_on_the_next(round_, coordinator, signed_in) -> None:
    make(round_, PAGE_SIZE + 2)
    client = signed_in(coordinator)
    first, second = shown(client, round_), shown(client, round_, "2")
    assert (len(first), len(second)) == (PAGE_SIZE, 2)
    asked = [document.requested_at for document in (*first, *second)]
    assert asked == sorted(asked, reverse=True)
    # A page that there is not is the last one.
    assert shown(client, round_, "99") == second


def test_a_page_of_its_own_is_offered_only_where_there_is_more_than_one(round_, coordinator, signed_in) -> None:
    address = address_of(round_)
    client = signed_in(coordinator)
    make(round_, 1)
    assert "krds-pagination" not in client.get(address).content.decode()
    make(round_, PAGE_SIZE, "more")
    assert "Previous Current page 1 2 Next" in text_of(client.get(address))


def test_one_and_three_documents_cost_the_same_queries(round_, coordinator, signed_in) -> None:
    client, counts = signed_in(coordinator), []
    make(round_, 3)
    for number in (3, 1):
        RenderJob.objects.exclude(pk__in=RenderJob.objects.values("pk")[:number]).delete()
        with CaptureQueriesContext(connection) as queries:
            assert len(shown(client, round_)) == number
        counts.append(len(queries))
    assert counts[0] == counts[1]
