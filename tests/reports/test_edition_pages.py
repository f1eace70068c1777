"""The pages of editions: who reads what, issuing, publishing, what differs, and the files."""

from collections.abc import Callable

import pytest
from django.core.files.storage import storages
from django.test import Client, TestCase
from django.urls import reverse

from ministries.enums import Role
from ministries.services.changes import Change
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from nap_monitor.lib.audit.models import Event
from nap_monitor.lib.canonical import sha256
from reports.models import Edition, EditionAct, EditionFile, RenderJob
from reports.services.editions import issue_edition, publish_edition
from reports.services.jobs import run_job
from reports.services.texts import write_text
from tests.factories import person
from tests.reports.data import Year, whole_year

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("private_files", "waiting")]
SignIn = Callable[[User], Client]


@pytest.fixture
def waiting(settings: object) -> None:
    """Tasks wait for a worker, as they do in production."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


@pytest.fixture
def year(db: None) -> Year:
    """A round with everything in it."""
    return whole_year()


@pytest.fixture
def edition(year: Year) -> Edition:
    """Its first edition, with all its files."""
    edition = issue_edition(round=year.round, by=year.coordinator, accept_missing=True)
    for job in RenderJob.objects.all():
        EditionFile.objects.create(
            edition=edition, language=job.language, form=job.form, name="x", sha256="0" * 64, size=1, renderer="x"
        )
    return Edition.objects.get()


def _address(name: str, year: Year, *more: object) -> str:
    return reverse(f"reports:edition_{name}", args=[year.round.plan.number, year.round.year, *more])


@pytest.mark.parametrize("role", Role.values)
def test_every_role_reads_what_was_issued_and_only_the_coordinator_acts(year, edition, signed_in, role) -> None:
    body = year.bodies[1] if role in (Role.FOCAL_POINT, Role.APPROVER, Role.COORDINATOR) else None
    client = signed_in(person(Role(role), body))
    for address in (_address("list", year), _address("detail", year, 1)):
        assert client.get(address).status_code == 200
    assert client.get(_address("detail", year, 2)).status_code == 404
    assert client.get(_address("issue", year)).status_code == (200 if role == Role.COORDINATOR else 403)
    if role != Role.COORDINATOR:
        assert client.post(_address("publish", year, 1)).status_code == 403
        assert client.post(_address("outcome", year, 1), {"outcome": "adopted", "on": "2023-03-02"}).status_code == 403
    assert not EditionAct.objects.exists()


def test_the_public_reads_what_was_published_and_cannot_find_the_rest(year, edition) -> None:
    file = edition.files.get(form="json")
    addresses = [
        _address("list", year),
        _address("detail", year, 1),
        reverse("reports:edition_download", args=[file.pk]),
    ]
    for address in addresses:
        response = Client().get(address)
        assert response.status_code == 302
        assert response["Location"].startswith(reverse("account_login"))
    publish_edition(edition=edition, by=year.coordinator)
    pages = [Client().get(address) for address in addresses]
    assert [page.status_code for page in pages] == [200, 200, 200]
    assert sha256(b"".join(pages[2].streaming_content)) == file.sha256
    assert Client().post(_address("publish", year, 1)).status_code == 302
    assert year.coordinator.email not in pages[1].content.decode()


def test_somebody_without_a_role_finds_nothing_before_it_is_published(year, edition, signed_in) -> None:
    client = signed_in(User.objects.create_user("nobody@example.org"))
    assert [client.get(_address("list", year)).status_code, client.get(_address("detail", year, 1)).status_code] == [
        404,
        404,
    ]


def test_a_coordinator_issues_from_the_page_once_the_gaps_are_accepted(year, signed_in) -> None:
    client = signed_in(year.coordinator)
    data = {"seen": "0", "agenda_number": "제3호", "committee_date": "2023. 3. 2."}
    refused = client.post(_address("issue", year), data)
    assert (refused.status_code, Edition.objects.count()) == (400, 0)
    assert "제3호" in refused.content.decode()
    issued = client.post(_address("issue", year), {**data, "accept_missing": "on"})
    assert issued["Location"] == _address("detail", year, 1)
    assert Edition.objects.get().agenda_number == "제3호"
    again = client.post(_address("issue", year), {**data, "errata_ko": "고침", "accept_missing": "on"})
    assert (again.status_code, Edition.objects.count()) == (409, 1)


@pytest.mark.parametrize("day", ["2023-02-30", "언젠가"])
def test_a_day_that_is_none_is_refused_and_what_was_typed_stays(year, signed_in, day) -> None:
    data = {"seen": "0", "agenda_number": "제3호", "committee_date": day, "accept_missing": "on"}
    page = signed_in(year.coordinator).post(_address("issue", year), data)
    assert (page.status_code, Edition.objects.count()) == (400, 0)
    assert day in page.content.decode()


def test_what_the_committee_decided_is_put_on_record_from_the_page(year, edition, signed_in) -> None:
    client = signed_in(year.coordinator)
    assert client.post(_address("outcome", year, 1), {"on": "2023-03-02", "outcome": "whatever"}).status_code == 400
    client.post(_address("outcome", year, 1), {"on": "2023-03-02", "outcome": "amended", "note": "표현"})
    assert [(act.outcome, act.note) for act in EditionAct.objects.all()] == [("amended", "표현")]
    assert client.post(_address("publish", year, 1)).status_code == 302
    assert EditionAct.objects.filter(kind="published").count() == 1


def test_what_differs_between_two_editions_is_shown_item_by_item(year, edition, signed_in) -> None:
    write_text(round=year.round, place="summary", language="ko", change=Change("", "새 총평"), by=year.coordinator)
    name = list(year.submissions)[7]
    year.confirm(name, "attention", reason="더딘 편")
    issue_edition(round=year.round, by=year.coordinator, errata={"ko": "총평을 넣음"}, accept_missing=True)
    page = signed_in(year.coordinator).get(_address("changes", year, 2))
    parts = {part.key.partition("-")[0]: part for part in page.context["parts"]}
    assert sorted(parts) == ["assignment", "figures", "texts"]
    assert len(page.context["parts"]) == 3
    assert "새 총평" in page.content.decode()
    assert year.text(name) in page.content.decode()
    assert signed_in(year.coordinator).get(_address("changes", year, 1)).status_code == 404


def test_a_download_is_on_record_and_a_lost_file_is_told(year, edition, signed_in) -> None:
    file = edition.files.get(form="json")
    address = reverse("reports:edition_download", args=[file.pk])
    client = signed_in(year.coordinator)
    assert client.get(address).status_code == 200
    assert Event.objects.filter(kind="download", object_kind="reports.edition").count() == 1
    storages["private"].delete(file.name)
    assert client.get(address).status_code == 404


def test_what_could_not_be_made_of_an_edition_is_told_and_made_again_and_one_mail_tells_of_all(
    year, signed_in, settings, mailoutbox
) -> None:
    client, folders = signed_in(year.coordinator), settings.STATICFILES_DIRS
    issue_edition(round=year.round, by=year.coordinator, accept_missing=True)
    # A PDF: without the fonts it cannot be made, which the other forms do not need.
    first = RenderJob.objects.get(form="pdf", language="en")
    others = RenderJob.objects.exclude(pk=first.pk)
    RenderJob.objects.filter(pk=first.pk).update(state="running", page=7, lease_until=clock.now())
    part = client.get(_address("files", year, 1), headers={"HX-Request": "true"}).content.decode()
    assert "7쪽" in part
    assert "hx-get" in part
    assert client.get(_address("files", year, 1))["Location"] == _address("detail", year, 1)
    RenderJob.objects.filter(pk=first.pk).update(state="waiting")
    settings.TASKS = {"default": {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}}
    settings.STATICFILES_DIRS = []
    with TestCase.captureOnCommitCallbacks(execute=True):
        run_job(job_id=str(first.pk))
    settings.STATICFILES_DIRS = folders
    with TestCase.captureOnCommitCallbacks(execute=True):
        for job in others:
            assert len(mailoutbox) == 0
            run_job(job_id=str(job.pk))
    first.refresh_from_db()
    assert [first.reason in mail.body for mail in mailoutbox] == [True]
    page = client.get(_address("detail", year, 1)).content.decode()
    assert first.reason in page
    assert _address("retry", year, 1) in page
    assert signed_in(person(Role.PANEL_MEMBER)).post(_address("retry", year, 1)).status_code == 403
    with TestCase.captureOnCommitCallbacks(execute=True):
        assert client.post(_address("retry", year, 1)).status_code == 302
    assert len(mailoutbox) == 2
    part = client.get(_address("files", year, 1), headers={"HX-Request": "true"}).content.decode()
    assert "hx-get" not in part
    assert "data-announce" in part
    assert Edition.objects.get().files.count() == len(others) + 2
