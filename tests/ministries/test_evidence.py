"""Attaching evidence: each file once, every refusal told, nothing lost where the submission could not be edited."""

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction

from ministries import rules
from ministries.enums import Role, State, StateLabel
from ministries.models import EvidenceFile, StoredFile, Submission
from ministries.services import evidence, file_store, transitions
from ministries.services.changes import Change
from ministries.services.file_store import examine
from ministries.workflow import NotPermitted, Refused, WrongState
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from nap_monitor.lib.audit.models import Event
from tests import files
from tests.evidence import attach, events, looked_into, names, on_disk, sent
from tests.factories import SubmissionFactory, fill_in, person, submission_in

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

#: With transactions that really end, so that what follows on them happens.
ending = pytest.mark.django_db(transaction=True)

#: When what nobody refers to may go.
LATER = file_store.GRACE + dt.timedelta(minutes=1)


@pytest.fixture(autouse=True)
def store(private_files: Path) -> Path:
    """The folder of the stored files."""
    return private_files


@pytest.fixture
def submission(body: Any) -> Submission:
    return SubmissionFactory(body=body)


@pytest.fixture
def by(focal_point: User) -> User:
    return focal_point


# Adding


@pytest.mark.parametrize("name", files.GOOD)
def test_each_accepted_kind_is_attached_with_what_it_is_and_stored_as_it_was_sent(name, submission, by, store) -> None:
    data = files.GOOD[name]()
    (file,) = attach(submission, by, f"자료.{name}", data=data)
    assert (file.name, file.original_name) == (f"자료.{name}", f"자료.{name}")
    assert (file.stored.size, file.stored_id) == (len(data), hashlib.sha256(data).hexdigest())
    assert file.kind_of_file.extensions[0] == name
    with storages["private"].open(file.stored.path) as stored:
        assert stored.read() == data


def test_what_is_stored_is_named_by_its_hash_and_read_by_nobody_else_on_the_machine(submission, by, store) -> None:
    (file,) = attach(submission, by, "../../비밀.pdf")
    (path,) = (path for path in store.rglob("*") if path.is_file())
    assert path.relative_to(store).parts == ("evidence", file.stored_id[:2], file.stored_id)
    assert (path.stat().st_mode & 0o777, path.parent.stat().st_mode & 0o777) == (0o600, 0o700)


def test_the_same_content_is_stored_once_under_as_many_names_as_it_is_sent(submission, by, body, store) -> None:
    data = files.pdf("both")
    attach(submission, by, "하나.pdf", data=data)
    attach(SubmissionFactory(body=body), by, "둘.pdf", data=data)
    assert len(on_disk(store)) == StoredFile.objects.count() == 1
    assert sorted(EvidenceFile.objects.values_list("name", flat=True)) == ["둘.pdf", "하나.pdf"]


def test_the_same_file_twice_in_one_submission_is_told_and_not_added(submission, by) -> None:
    attach(submission, by, "하나.pdf", data=files.pdf())
    result = evidence.add_files(submission=submission, by=by, files=looked_into("둘.pdf", data=files.pdf()))
    assert result.added == []
    assert [(each.name, each.reason) for each in result.refused] == [
        ("둘.pdf", "The same file is there already as “하나.pdf”.")
    ]
    assert names(submission) == ["하나.pdf"]
    with pytest.raises(IntegrityError), transaction.atomic():
        EvidenceFile.objects.create(
            submission=submission, stored=StoredFile.objects.get(), name="x", kind="pdf", uploaded_by=by
        )


def test_the_same_file_twice_in_one_sending_is_attached_once(submission, by) -> None:
    result = evidence.add_files(submission=submission, by=by, files=looked_into("하나.pdf", "둘.pdf", data=files.pdf()))
    assert ([file.name for file in result.added], [each.name for each in result.refused]) == (["하나.pdf"], ["둘.pdf"])


def test_a_wrong_ending_gives_way_to_the_right_one_and_that_is_said(submission, by) -> None:
    (good,) = looked_into("회의록.pdf.exe")
    assert (good.name, good.renamed_from) == ("회의록.pdf", "회의록.pdf.exe")
    (file,) = evidence.add_files(submission=submission, by=by, files=[good]).added
    assert (file.name, file.original_name) == ("회의록.pdf", "회의록.pdf.exe")
    assert looked_into("회의록.PDF")[0].renamed_from == ""


@pytest.mark.parametrize(
    ("name", "data", "called", "content_type"),
    [
        ("page.html", b"<script>alert(1)</script>", "page.txt", "text/plain; charset=utf-8"),
        ("image.svg", b"<svg onload='alert(1)'/>", "image.txt", "text/plain; charset=utf-8"),
        ("run.js", b"alert(1)", "run.txt", "text/plain; charset=utf-8"),
        ("table.csv", "기관\r\n국방부".encode("cp949"), "table.csv", "text/csv; charset=euc-kr"),
        ("table.pdf", b"a,b\n", "table.txt", "text/plain; charset=utf-8"),
        ("photo.pdf", files.picture("PNG"), "photo.png", "image/png"),
    ],
)
def test_a_file_is_served_as_what_it_is_and_a_page_never_as_a_page(
    name, data, called, content_type, submission, by
) -> None:
    (file,) = attach(submission, by, name, data=data)
    file = EvidenceFile.objects.get(pk=file.pk)
    assert (file.name, file.content_type) == (called, content_type)


def test_good_files_are_taken_and_each_bad_one_is_told(submission, by) -> None:
    good, refused = examine(
        [sent("a.pdf"), sent("b.pdf", b""), sent("c.exe", b"MZ\x90\0" + b"\0" * 99), sent("d.txt", b"text")]
    )
    assert [each.name for each in good] == ["a.pdf", "d.txt"]
    assert [(each.name, each.reason) for each in refused] == [
        ("b.pdf", "The file is empty."),
        ("c.exe", "This kind of file is not accepted: by its content it seems to be EXE."),
    ]


def test_a_file_over_the_limit_is_refused_by_its_size_alone(settings: Any) -> None:
    settings.EVIDENCE_MAX_MEGABYTES = 1
    over = sent("크다.txt", b"x" * (1024 * 1024 + 1))
    just = sent("꼭.txt", b"x" * 1024 * 1024)
    good, refused = examine([over, just])
    assert ([each.name for each in good], [(each.name, each.reason) for each in refused]) == (
        ["꼭.txt"],
        [("크다.txt", "It is larger than 1 MB.")],
    )


def test_a_submission_has_so_many_files_and_no_more(settings: Any, submission, by) -> None:
    settings.EVIDENCE_MAX_FILES = 2
    attach(submission, by, "하나.pdf")
    result = evidence.add_files(submission=submission, by=by, files=looked_into("둘.pdf", "셋.pdf"))
    assert ([file.name for file in result.added], [each.reason for each in result.refused]) == (
        ["둘.pdf"],
        ["A submission has at most 2 files."],
    )


def test_adding_begins_the_submission_is_on_record_and_makes_an_author(submission, by, approver, coordinator) -> None:
    assert submission.label is StateLabel.NOT_STARTED
    (file,) = attach(submission, by, description=" 회의 결과 ")
    submission.refresh_from_db()
    assert (submission.label, submission.written_by, file.description) == (StateLabel.DRAFT, by, "회의 결과")
    assert events(submission) == [("add_file", "결과.pdf")]
    assert rules.took_part(by, submission)
    evidence.change_file(file=file, by=approver, changes={"description": Change("회의 결과", "")})
    submission.refresh_from_db()
    assert submission.written_by == by
    assert rules.took_part(approver, submission)


@pytest.mark.parametrize("state", [State.SIGNED_OFF, State.SUBMITTED, State.CONFIRMED])
def test_nothing_is_attached_described_or_removed_while_it_cannot_be_edited(state, submission, by) -> None:
    (file,) = attach(submission, by)
    submission_in(state, submission, by=by)
    before = Event.objects.count()
    with pytest.raises(WrongState):
        evidence.add_files(submission=submission, by=by, files=looked_into("늦음.pdf"))
    with pytest.raises(WrongState):
        evidence.change_file(file=file, by=by, changes={"description": Change("", "x")})
    with pytest.raises(WrongState):
        evidence.remove_file(file=file, by=by)
    assert names(submission) == ["결과.pdf"]
    assert Event.objects.count() == before


def test_a_step_taken_while_the_file_was_being_stored_is_seen(submission, by, approver) -> None:
    fill_in(submission, by)

    class Slow(SimpleUploadedFile):
        """While its bytes are stored, the approver signs off."""

        def seek(self, *args: int) -> int:
            Submission.objects.filter(pk=submission.pk, state="draft").update(state="signed-off", came_from="draft")
            return super().seek(*args)

    (good,) = looked_into("a.pdf")
    slow = replace(good, file=Slow("a.pdf", files.pdf("a.pdf")))
    with pytest.raises(WrongState):
        evidence.add_files(submission=submission, by=by, files=[slow])
    assert names(submission) == []


@pytest.mark.parametrize("role", Role)
def test_nobody_but_the_own_body_attaches_describes_or_removes(role, submission, by, other_body, lead_body) -> None:
    (file,) = attach(submission, by)
    stranger = person(role, {Role.COORDINATOR: lead_body}.get(role, other_body) if role.value in BODIES else None)
    for act in (
        lambda: evidence.add_files(submission=submission, by=stranger, files=looked_into("x.pdf")),
        lambda: evidence.hold_files(submission=submission, by=stranger, files=looked_into("x.pdf")),
        lambda: evidence.change_file(file=file, by=stranger, changes={"description": Change("", "x")}),
        lambda: evidence.remove_file(file=file, by=stranger),
    ):
        with pytest.raises(NotPermitted):
            act()
    assert EvidenceFile.objects.count() == 1


BODIES = {"focal-point", "approver", "coordinator"}


# What is said of a file


def test_a_description_changed_by_two_people_is_a_conflict_and_the_rest_is_saved(submission, by, approver) -> None:
    (file,) = attach(submission, by)
    evidence.change_file(file=file, by=approver, changes={"description": Change("", "결재본")})
    changes = {"description": Change("", "초안"), "is_restricted": Change(False, True)}
    result = evidence.change_file(file=file, by=by, changes=changes)
    assert (result.saved, result.other) == (["is_restricted"], "Approver")
    assert [(each.name, each.stored, each.mine) for each in result.conflicts] == [("description", "결재본", "초안")]
    file.refresh_from_db()
    assert (file.description, file.is_restricted) == ("결재본", True)


def test_too_long_a_description_is_refused_and_nothing_is_saved(submission, by) -> None:
    (file,) = attach(submission, by)
    with pytest.raises(Refused):
        evidence.change_file(file=file, by=by, changes={"description": Change("", "x" * 501)})
    with pytest.raises(Refused):
        evidence.add_files(submission=submission, by=by, files=looked_into("x.pdf"), description="x" * 501)
    file.refresh_from_db()
    assert (file.description, names(submission)) == ("", ["결과.pdf"])


# Removing


@ending
def test_a_removed_file_that_no_version_names_is_gone_with_its_bytes(submission, by, store) -> None:
    (file,) = attach(submission, by)
    with clock.at(clock.now() + LATER):
        evidence.remove_file(file=file, by=by)
    assert (EvidenceFile.objects.count(), StoredFile.objects.count(), on_disk(store)) == (0, 0, [])
    assert events(submission, "remove_file") == [("remove_file", "결과.pdf")]


@ending
def test_what_was_sent_just_now_goes_with_the_next_sweep_so_that_a_second_sender_loses_nothing(
    submission, by, store
) -> None:
    (file,) = attach(submission, by)
    evidence.remove_file(file=file, by=by)
    assert (EvidenceFile.objects.count(), len(on_disk(store))) == (0, 1)
    assert evidence.sweep() == 0
    with clock.at(clock.now() + LATER):
        assert evidence.sweep() == 1
    assert (StoredFile.objects.count(), on_disk(store)) == (0, [])


@ending
def test_bytes_that_another_submission_refers_to_stay(submission, by, body, store) -> None:
    (file,) = attach(submission, by, data=files.pdf())
    (other,) = attach(SubmissionFactory(body=body), by, data=files.pdf())
    with clock.at(clock.now() + LATER):
        evidence.remove_file(file=file, by=by)
        assert evidence.sweep() == 0
        assert len(on_disk(store)) == 1
        evidence.remove_file(file=other, by=by)
    assert on_disk(store) == []


def test_a_file_that_a_version_names_leaves_the_submission_and_stays_with_the_version(
    submission, by, coordinator, store
) -> None:
    (file,) = attach(submission, by)
    submission_in("submitted", submission, by=by)
    transitions.return_submission(submission=submission, by=coordinator, reason="다른 파일")
    with clock.at(clock.now() + LATER):
        evidence.remove_file(file=file, by=by)
        evidence.remove_file(file=file, by=by)
        evidence.sweep()
    file.refresh_from_db()
    assert (names(submission), file.removed_by, len(on_disk(store))) == ([], by, 1)
    assert events(submission, "remove_file") == [("remove_file", "결과.pdf")]
    # The same content may come again, as a file of its own.
    submission.refresh_from_db()
    (again,) = attach(submission, by, data=files.pdf("결과.pdf"))
    assert again.pk != file.pk


def test_a_half_written_file_is_written_again(submission, by, body, store) -> None:
    (file,) = attach(submission, by, data=files.pdf())
    path = store / file.stored.path
    path.write_bytes(b"%PDF")
    attach(SubmissionFactory(body=body), by, data=files.pdf())
    assert path.read_bytes() == files.pdf()


# Versions


def test_a_version_names_its_files_with_their_hashes_and_a_confirmed_one_the_same(submission, by, coordinator) -> None:
    one, two = attach(submission, by, "하나.pdf", "둘.hwp.pdf", is_restricted=True)
    submission_in("confirmed", submission, by=by, coordinator=coordinator)
    for version in (submission.submitted_version, submission.confirmed_version):
        section = next(part for part in version.sections if part["key"] == "evidence")
        told = [{part["key"]: part["value"] for part in row["fields"]} for row in section["rows"]]
        assert [row["key"] for row in section["rows"]] == [str(one.pk), str(two.pk)]
        assert told[0] == {
            "name": "하나.pdf",
            "file_kind": "pdf",
            "size": str(one.stored.size),
            "description": None,
            "restricted": "yes",
            "sha256": one.stored_id,
        }
        assert set(version.evidence.all()) == {one, two}
        assert set(version.evidence_links.values_list("is_restricted", flat=True)) == {True}


def test_the_content_of_a_submission_costs_the_same_with_many_files(
    submission, by, django_assert_num_queries: Callable[..., Any]
) -> None:
    from ministries.content_evidence import evidence as section

    for count in (1, 3):
        attach(submission, by, *(f"{count}-{number}.pdf" for number in range(count)))
        with django_assert_num_queries(1):
            assert section(submission)["rows"]


def test_a_download_is_on_record(submission, by, approver) -> None:
    (file,) = attach(submission, by)
    evidence.record_download(file=file, by=approver)
    (event,) = Event.objects.of("ministries.submission", str(submission.pk)).filter(kind="download")
    assert (event.object_label, event.actor_id) == (str(submission), str(approver.pk))
    assert event.data == {"file": str(file.pk), "name": "결과.pdf", "sha256": file.stored_id}
