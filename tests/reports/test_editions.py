"""Editions: issued once, with their files; corrected by the next one; never changed."""

import pytest
from django.core.files.storage import storages
from django.db import DatabaseError, connection, transaction

from ministries.services.changes import Change
from ministries.workflow import NotPermitted, Refused, WrongState
from nap_monitor.lib.audit import append_only
from nap_monitor.lib.canonical import sha256
from reports.models import Edition, EditionAct, EditionFile, RenderJob
from reports.selectors.editions import is_complete, missing_of
from reports.services.editions import issue_edition, publish_edition, record_outcome
from reports.services.texts import write_text
from tests.reports.data import Year, whole_year

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("private_files")]


@pytest.fixture
def year(transactional_db: None) -> Year:
    """A round with everything in it."""
    return whole_year()


@pytest.fixture
def waiting(settings: object) -> None:
    """Tasks wait for a worker, as they do in production."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}


def _issue(year: Year, **facts: object) -> Edition:
    return issue_edition(round=year.round, by=year.coordinator, **{"accept_missing": True, **facts})


def _write(year: Year, base: str, new: str) -> None:
    change = Change(base, new)
    write_text(round=year.round, place="foreword", language="ko", change=change, by=year.coordinator)


def test_an_edition_says_what_it_is_and_keeps_its_files_under_their_hashes(year) -> None:
    edition = _issue(year, agenda_number="제2호", committee_date="2023-03-02")
    said = edition.snapshot.read()["edition"]
    assert (said["number"], said["agenda_number"], said["committee_date"], said["replaces"]) == (
        1,
        "제2호",
        "2023-03-02",
        None,
    )
    assert said["issuer"]["ko"] == "총괄부"
    files = {(file.language, file.form): file for file in edition.files.all()}
    forms = ("docx", "hwpx", "pdf", "summary")
    assert sorted(files) == [("", "json"), *((language, form) for language in ("en", "ko") for form in forms)]
    for file in files.values():
        with storages["private"].open(file.name) as stored:
            data = stored.read()
        assert (sha256(data), len(data)) == (file.sha256, file.size)
    assert files["", "json"].sha256 == edition.snapshot.sha256
    assert all(files[language, "pdf"].pages > 3 for language in ("ko", "en"))
    assert is_complete(edition)


def test_a_report_with_missing_texts_is_issued_only_when_that_is_accepted(year, waiting) -> None:
    assert "foreword" in [place.key for place in missing_of(year.round)]
    with pytest.raises(Refused, match="작성되지 않은"):
        _issue(year, accept_missing=False)
    assert not Edition.objects.exists()
    _write(year, "", "머리말")
    assert "foreword" not in [place.key for place in missing_of(year.round)]


def test_a_correction_is_the_next_edition_with_errata_and_something_new(year, waiting) -> None:
    first = _issue(year)
    with pytest.raises(Refused) as refused:
        _issue(year)
    assert refused.value.field == "errata_ko"
    with pytest.raises(Refused, match="달라진 내용이 없"):
        _issue(year, errata={"ko": "고침"})
    _write(year, "", "고친 머리말")
    with pytest.raises(WrongState):
        _issue(year, errata={"ko": "고침"}, seen=0)
    second = _issue(year, errata={"ko": "머리말을 고침"}, seen=1)
    assert (second.number, second.snapshot.read()["edition"]["replaces"]) == (2, 1)
    assert first.snapshot.read()["prose"] == {}


def test_an_edition_from_before_there_were_summaries_is_complete_without_them(year, waiting) -> None:
    edition = _issue(year)
    RenderJob.objects.filter(form="summary").delete()
    for job in RenderJob.objects.all():
        assert not is_complete(Edition.objects.get())
        EditionFile.objects.create(
            edition=edition, language=job.language, form=job.form, name="x", sha256="0" * 64, size=1, renderer="x"
        )
    assert is_complete(Edition.objects.get())


def test_publishing_is_a_later_act_once_all_files_are_there(year, waiting) -> None:
    edition = _issue(year)
    with pytest.raises(Refused, match="만들고 있"):
        publish_edition(edition=edition, by=year.coordinator)
    for job in RenderJob.objects.all():
        EditionFile.objects.create(
            edition=edition, language=job.language, form=job.form, name="x", sha256="0" * 64, size=1, renderer="x"
        )
    edition = Edition.objects.get()
    assert publish_edition(edition=edition, by=year.coordinator).kind == "published"
    with pytest.raises(WrongState):
        publish_edition(edition=edition, by=year.coordinator)


def test_what_the_committee_made_of_it_is_recorded_beside_it(year, waiting) -> None:
    edition = _issue(year)
    with pytest.raises(Refused) as refused:
        record_outcome(edition=edition, by=year.coordinator, on="2023-03-02", outcome="")
    assert refused.value.field == "outcome"
    record_outcome(edition=edition, by=year.coordinator, on="2023-03-02", outcome="deferred")
    record_outcome(edition=edition, by=year.coordinator, on="2023-04-06", outcome="amended", note="표 3 보완")
    assert [act.outcome for act in EditionAct.objects.order_by("at")] == ["deferred", "amended"]


def test_nobody_else_issues_publishes_or_records(year, waiting) -> None:
    writer = year.people["HEAD"][0]
    with pytest.raises(NotPermitted):
        issue_edition(round=year.round, by=writer, accept_missing=True)
    edition = _issue(year)
    with pytest.raises(NotPermitted):
        publish_edition(edition=edition, by=writer)
    with pytest.raises(NotPermitted):
        record_outcome(edition=edition, by=writer, on="2023-03-02", outcome="adopted")


@pytest.mark.parametrize("model", [Edition, EditionFile, EditionAct])
def test_the_database_refuses_to_change_or_remove_what_was_issued(year, waiting, model) -> None:
    edition = _issue(year)
    record_outcome(edition=edition, by=year.coordinator, on="2023-03-02", outcome="adopted")
    table = model._meta.db_table
    append_only.lift(connection, table)
    append_only.install(connection, table)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        model.objects.update(**({"number": 9} if model is Edition else {"edition": edition}))
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        model.objects.all()._raw_delete(model.objects.db)
    if connection.vendor == "sqlite":
        append_only.lift(connection, table, actions=("delete",))
