"""The page of the report's documents: who may ask, who may read, and that the right is asked again at each download."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ministries.enums import Role
from ministries.models import Appointment, Round
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from reports.models import RenderJob
from reports.services.snapshots import take_snapshot
from tests.factories import RoundFactory, person

READERS = [Role.FOCAL_POINT, Role.APPROVER, Role.COORDINATOR, Role.PANEL_MEMBER]
OTHERS = [Role.COMMITTEE_READER, Role.ADMINISTRATOR]
PART = {"HX-Request": "true"}
SignIn = Callable[[User], Client]


@pytest.fixture
def round(db: None) -> Round:
    """A round without submissions."""
    return RoundFactory()


@pytest.fixture
def document(round: Round, tmp_path: object, settings: object) -> RenderJob:
    """A finished document whose file lies in the private storage."""
    private = {**settings.STORAGES["private"], "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "private": private}
    name = storages["private"].save("reports/x.pdf", ContentFile(b"%PDF-1.7 the file"))
    return RenderJob.objects.create(
        snapshot=take_snapshot(round=round),
        language="ko",
        state="done",
        progress=100,
        file_name=name,
        file_size=17,
        pages=3,
        finished_at=clock.now(),
    )


def _list(round: Round) -> str:
    return reverse("reports:document_list", args=[round.plan.number, round.year])


def _addresses(document: RenderJob, round: Round) -> list[str]:
    return [
        _list(round),
        reverse("reports:document_status", args=[document.pk]),
        reverse("reports:document_download", args=[document.pk]),
    ]


@pytest.mark.parametrize("role", READERS)
def test_those_who_read_the_draft_find_and_download_it(
    round: Round, document: RenderJob, role: Role, signed_in: SignIn
) -> None:
    client = signed_in(person(role))
    assert [client.get(address, headers=PART).status_code for address in _addresses(document, round)] == [200, 200, 200]


@pytest.mark.parametrize("role", OTHERS)
def test_others_find_nothing(round: Round, document: RenderJob, role: Role, signed_in: SignIn) -> None:
    client = signed_in(person(role))
    assert [client.get(address).status_code for address in _addresses(document, round)] == [404, 404, 404]
    assert client.post(_list(round), {"form": "pdf", "language": "ko"}).status_code == 404


def test_an_anonymous_visitor_is_asked_to_sign_in(round: Round, document: RenderJob, client: Client) -> None:
    for address in _addresses(document, round):
        response = client.get(address)
        assert response.status_code == 302
        assert response["Location"].startswith(reverse("account_login"))


def test_the_download_is_a_private_file_with_a_speaking_name(
    round: Round, document: RenderJob, signed_in: SignIn
) -> None:
    response = signed_in(person(Role.PANEL_MEMBER)).get(reverse("reports:document_download", args=[document.pk]))
    assert b"".join(response.streaming_content) == b"%PDF-1.7 the file"
    assert response["Content-Type"] == "application/pdf"
    assert response["Cache-Control"] == "private, no-store"
    assert response["Content-Disposition"] == f'attachment; filename="{document.download_name}"'


def test_the_right_is_asked_again_at_each_download(round: Round, document: RenderJob, signed_in: SignIn) -> None:
    member = person(Role.PANEL_MEMBER)
    client = signed_in(member)
    address = reverse("reports:document_download", args=[document.pk])
    assert client.get(address).status_code == 200
    Appointment.objects.filter(user=member).update(end=clock.today() - dt.timedelta(days=1))
    assert client.get(address).status_code == 404


def test_a_file_that_is_gone_or_not_made_yet_is_not_found(round: Round, document: RenderJob, signed_in: SignIn) -> None:
    client = signed_in(person(Role.COORDINATOR))
    storages["private"].delete(document.file_name)
    address = reverse("reports:document_download", args=[document.pk])
    assert client.get(address).status_code == 404
    RenderJob.objects.filter(pk=document.pk).update(state="waiting")
    assert client.get(address).status_code == 404


@pytest.mark.parametrize("role", [Role.FOCAL_POINT, Role.APPROVER, Role.PANEL_MEMBER])
def test_readers_may_not_have_it_made(round: Round, role: Role, signed_in: SignIn) -> None:
    client = signed_in(person(role))
    assert client.post(_list(round), {"form": "pdf", "language": "ko"}).status_code == 403
    assert "<button" not in _main(client.get(_list(round)).content.decode())
    assert RenderJob.objects.count() == 0


def test_a_coordinator_asks_and_an_unknown_language_is_told(round: Round, signed_in: SignIn, settings: object) -> None:
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    client = signed_in(person(Role.COORDINATOR))
    assert client.post(_list(round), {"form": "summary", "language": "fr"}).status_code == 400
    response = client.post(_list(round), {"form": "summary", "language": "en"})
    assert (response.status_code, response["Location"]) == (302, _list(round))
    job = RenderJob.objects.get()
    assert (job.language, job.form, job.state) == ("en", "summary", "waiting")
    assert "<progress" in client.get(_list(round)).content.decode()


def test_the_line_of_a_document_asks_again_until_it_is_ready(
    round: Round, document: RenderJob, signed_in: SignIn
) -> None:
    client = signed_in(person(Role.PANEL_MEMBER))
    waiting = RenderJob.objects.create(snapshot=document.snapshot, language="en", progress=40)
    lines = {}
    for job in (waiting, document):
        address = reverse("reports:document_status", args=[job.pk])
        lines[job] = client.get(address, headers=PART).content.decode()
        assert lines[job].startswith("<tr")
        assert (f'hx-get="{address}"' in lines[job]) is (job == waiting)
        assert client.get(address)["Location"] == _list(round), "a browser is led to the page"
    assert 'value="40"' in lines[waiting]
    assert "data-announce" not in lines[waiting]
    assert "data-announce" in lines[document]
    assert "data-announce" not in client.get(_list(round)).content.decode()


def test_wrong_methods_and_addresses(round: Round, document: RenderJob, signed_in: SignIn) -> None:
    client = signed_in(person(Role.COORDINATOR))
    for address in _addresses(document, round)[1:]:
        assert client.post(address).status_code == 405
    assert client.get(_list(round).replace(str(round.year), "1999")).status_code == 404


def test_the_list_takes_the_same_number_of_queries_for_any_number_of_documents(
    round: Round, document: RenderJob, signed_in: SignIn, django_assert_num_queries: object
) -> None:
    client = signed_in(person(Role.COORDINATOR))
    with CaptureQueriesContext(connection) as one:
        client.get(_list(round))
    RenderJob.objects.create(snapshot=document.snapshot, language="en")
    with django_assert_num_queries(len(one)):
        client.get(_list(round))


def _main(page: str) -> str:
    return page.partition("<main")[2].partition("</main>")[0]
