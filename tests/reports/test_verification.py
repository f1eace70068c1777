"""An edition stays true: rendered again after everything was renamed and removed, and every harm to it is found."""

import io
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse

from ministries.models import BodyName, ImplementingBody, Indicator, Round, Submission
from nap_monitor.accounts.models import User
from nap_monitor.lib.audit import append_only
from nap_monitor.lib.canonical import canonical_bytes, sha256
from nap_monitor.lib.localized import LocalizedText
from objectives.models import ActionPlan, Area, Objective, Plan, Strategy
from reports.models import Edition, EditionFile, ReportText, Snapshot
from reports.schema import check_content
from reports.selectors.report_content import report_content
from reports.services.editions import issue_edition
from reports.services.verification import verify
from tests.reports.data import Year, whole_year

pytestmark = [pytest.mark.one_database, pytest.mark.usefixtures("private_files")]


@pytest.fixture
def year(transactional_db: None) -> Year:
    """A round with everything in it."""
    return whole_year()


@pytest.fixture
def edition(year: Year, settings: object) -> Edition:
    """Its first edition; what the tests change is allowed to be changed while they do so."""
    issue_edition(round=year.round, by=year.coordinator, accept_missing=True)
    return Edition.objects.select_related("snapshot").get()


def _verify(**options: object) -> str:
    said = io.StringIO()
    call_command("verify_editions", stdout=said, **options)
    return said.getvalue()


def test_an_edition_is_the_same_when_everything_was_renamed_edited_and_removed(edition) -> None:
    kept = [
        (row.__class__, {field.attname: getattr(row, field.attname) for field in row._meta.fields})
        for row in (edition.snapshot, edition, *edition.files.all())
    ]
    other = LocalizedText({"ko": "다른 이름", "en": "Another name"})
    for model in (Plan, Area, Objective, Strategy, ActionPlan):
        model.objects.update(title=other)
    BodyName.objects.update(name=other, short_name=other)
    Indicator.objects.update(name=other)
    User.objects.update(name="Somebody else")
    Submission.objects.update(results="Something else", coordinator_rating="rethink")
    ReportText.objects.update(text="Another text")
    renamed = [(finding.what, finding.fault) for finding in verify(edition)]
    assert [fault for _what, fault in renamed if fault] == []
    assert len(renamed) == 1 + 9 + 8

    call_command("flush", interactive=False, verbosity=0)
    assert ImplementingBody.objects.count() == Plan.objects.count() == Round.objects.count() == 0
    for model, values in kept:
        model.objects.create(**values)
    assert "18" in _verify().splitlines()[-1]


def _change(model: type, **values: object) -> None:
    append_only.lift(connection, model._meta.db_table)
    model.objects.update(**values)
    append_only.install(connection, model._meta.db_table)
    if connection.vendor == "sqlite":
        append_only.lift(connection, model._meta.db_table, actions=("delete",))


def _faults(edition: Edition, *, render: bool = False) -> list[str]:
    fresh = Edition.objects.select_related("snapshot").get(pk=edition.pk)
    return [finding.what for finding in verify(fresh, render=render) if finding.fault]


def test_a_changed_content_is_found(edition) -> None:
    content = edition.snapshot.read()
    content["year"] = 1999
    _change(Snapshot, content=canonical_bytes(content))
    assert _faults(edition) == ["내용"]
    with pytest.raises(CommandError):
        _verify(no_render=True)


def test_a_row_that_says_otherwise_than_its_snapshot_is_found(edition) -> None:
    _change(Edition, agenda_number="제9호")
    assert _faults(edition) == ["내용"]


def test_a_changed_file_and_a_missing_one_are_found(edition) -> None:
    english, korean = edition.files.get(language="en", form="pdf"), edition.files.get(language="ko", form="pdf")
    storage = storages["private"]
    path = Path(storage.path(english.name))
    path.chmod(0o600)
    path.write_bytes(path.read_bytes() + b"%")
    storage.delete(korean.name)
    assert len(_faults(edition)) == 2


def test_a_document_of_another_content_is_found_by_its_text_whatever_made_it(edition) -> None:
    korean = edition.files.get(language="ko", form="pdf")
    english = storages["private"].open(edition.files.get(language="en", form="pdf").name).read()
    name = storages["private"].save("editions/other.pdf", ContentFile(english))
    append_only.lift(connection, "reports_editionfile")
    EditionFile.objects.filter(pk=korean.pk).update(
        name=name, sha256=sha256(english), size=len(english), renderer="An older renderer"
    )
    EditionFile.objects.filter(language="en").update(renderer="An older renderer")
    append_only.install(connection, "reports_editionfile")
    append_only.lift(connection, "reports_editionfile", actions=("delete",))
    assert [what.partition(",")[0] for what in _faults(edition, render=True)] == [f"{korean.get_form_display()} ko"]


def test_an_edition_that_there_is_not_is_told(year) -> None:
    with pytest.raises(CommandError):
        _verify(number=7)


def test_the_content_fits_its_published_schema_and_another_one_does_not(year, client) -> None:
    content = report_content(year.round)
    check_content(content)
    for change in ({"year": "2022"}, {"more": 1}, {"schema": 99}, {"prose": {"foreword": {"ko": 1}}}):
        with pytest.raises(ValueError, match="schema"):
            check_content({**content, **change})
    address = reverse("reports:report_schema", args=[content["schema"]])
    assert client.get(address).json()["properties"]["schema"] == {"const": content["schema"]}
    assert client.get(reverse("reports:report_schema", args=[99])).status_code == 404
