"""The pages of a body's workbook, without a script: download, upload, dry run, applying all of it or nothing."""

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from ministries.enums import Role, State
from ministries.models import Activity, ImplementingBody, Round, Submission, WorkbookUpload
from ministries.services import transitions, workbooks
from ministries.services.submissions import Change, RowChange, save_submission
from ministries.workbook import layout
from ministries.workflow import NotPermitted
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from nap_monitor.lib.audit.models import Event
from tests.factories import RoundFactory, SubmissionFactory, UserFactory, fill_in, person
from tests.ministries.workbooks import Book
from tests.pages import form_data, in_english, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english")]

SignIn = Callable[[User], Client]


@pytest.fixture
def round_() -> Round:
    return RoundFactory(year=2022)


@pytest.fixture
def submission(round_: Round, body: ImplementingBody, focal_point: User) -> Submission:
    return fill_in(SubmissionFactory(round=round_, body=body), focal_point)


@pytest.fixture
def code(submission: Submission) -> str:
    return submission.assignment.action_plan.code


@pytest.fixture
def colleague(body: ImplementingBody) -> User:
    return person(Role.FOCAL_POINT, body, name="Colleague")


@pytest.fixture
def client(signed_in: SignIn, focal_point: User) -> Client:
    return signed_in(focal_point)


@pytest.fixture
def page(submission: Submission) -> str:
    return reverse("ministries:workbook", args=submission.address[:3])


@pytest.fixture
def book(submission: Submission, round_: Round, body: ImplementingBody, focal_point: User) -> Book:
    return Book(round_, body, focal_point)


def send(client: Client, page: str, data: bytes, name: str = "실적.xlsx") -> Any:
    return client.post(page, {"file": SimpleUploadedFile(name, data)}, follow=True)


def events(*kinds: str) -> list[tuple[str, dict[str, Any]]]:
    found = Event.objects.filter(object_kind="ministries.implementingbody", kind__in=kinds).order_by("at", "sequence")
    return [(event.kind, event.data) for event in found]


# Who


@pytest.mark.parametrize(
    ("role", "status"),
    [
        (Role.FOCAL_POINT, 200),
        (Role.APPROVER, 200),
        (Role.COORDINATOR, 404),
        (Role.PANEL_MEMBER, 404),
        (Role.COMMITTEE_READER, 404),
        (Role.ADMINISTRATOR, 404),
    ],
)
def test_those_who_write_for_the_body_find_it_and_nobody_else(
    role: Role, status: int, page: str, body: Any, other_body: Any, signed_in: SignIn
) -> None:
    home = {Role.FOCAL_POINT: body, Role.APPROVER: body}.get(role)
    reader = signed_in(person(role, home) if home else person(role))
    for address in (page, f"{page}download/"):
        assert reader.get(address).status_code == status
    assert send(reader, page, b"x").status_code == (400 if status == 200 else 404)
    assert signed_in(person(Role.FOCAL_POINT, other_body)).get(page).status_code == 404
    assert "/login/" in Client().get(page)["Location"]


def test_an_upload_is_seen_by_who_sent_it_alone(
    client: Client, page: str, book: Book, code: str, colleague: User, signed_in: SignIn
) -> None:
    book["narrative", code, "results"] = "새 실적"
    send(client, page, book.data)
    upload = WorkbookUpload.objects.get()
    other = signed_in(colleague)
    assert other.get(upload.get_absolute_url()).status_code == 404
    assert other.post(upload.get_absolute_url()).status_code == 404
    assert other.post(f"{upload.get_absolute_url()}discard/").status_code == 404
    assert "has not been applied yet" not in text_of(other.get(page))
    assert "has not been applied yet" in text_of(client.get(page))
    with pytest.raises(NotPermitted):
        workbooks.apply_upload(upload=upload, by=colleague, saves=[])


def test_it_is_linked_from_the_list_the_desk_and_the_start_page(client: Client, page: str, round_: Round) -> None:
    desk = reverse("ministries:signoff_desk", args=[round_.plan.number, 2022, "OWN"])
    for address in (in_english("/"), in_english(round_.get_absolute_url()), in_english(desk)):
        assert f'href="{page}"' in client.get(address).content.decode(), address


# Out


def test_the_download_is_a_workbook_under_its_name_and_on_record(client: Client, page: str, code: str) -> None:
    answer = client.get(f"{page}download/")
    assert answer["Content-Type"].endswith("spreadsheetml.sheet")
    assert 'attachment; filename="sample_submissions_2022_Own Ministry_' in answer["Content-Disposition"]
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "private, no-store")
    assert openpyxl.load_workbook(io.BytesIO(answer.content)).sheetnames[1] == "Narrative"
    assert [kind for kind, _data in events("download_workbook")] == ["download_workbook"]
    client.head(f"{page}download/")
    assert len(events("download_workbook")) == 1


def test_a_body_without_assignments_has_nothing_to_download(client: Client, page: str, round_: Round) -> None:
    later = RoundFactory(plan=round_.plan, year=2023)
    there = page.replace("/2022/", "/2023/")
    assert "Your body has no assignments in this round." in text_of(client.get(there))
    assert client.get(f"{there}download/").status_code == 404
    assert later.submissions.count() == 0


# In


def test_a_filled_in_workbook_is_shown_value_by_value_and_then_applied_as_drafts(
    client: Client, page: str, book: Book, code: str, submission: Submission, focal_point: User
) -> None:
    book["narrative", code, "results"] = "새 실적"
    number = book.new_row("activities")
    book["activities", number, "plan"], book["activities", number, "title"] = code, "간부 교육"
    answer = send(client, page, book.data)
    said = text_of(answer)
    assert "Every cell can be taken" in said
    assert "Results 교육을 네 차례 실시하였습니다. 새 실적 Narrative" in said
    assert "New: 간부 교육 (empty) 간부 교육 Activities" in said
    submission.refresh_from_db()
    assert submission.results == "교육을 네 차례 실시하였습니다.", "the dry run saves nothing"
    assert not submission.activities.exists()

    done = client.post(answer.redirect_chain[-1][0], form_data(answer), follow=True)
    assert "2 values were saved" in text_of(done)
    submission.refresh_from_db()
    assert (submission.results, submission.state, submission.written_by) == ("새 실적", State.DRAFT, focal_point)
    assert [each.title for each in submission.activities.all()] == ["간부 교육"]
    kinds = [kind for kind, _data in events("upload_workbook", "apply_workbook")]
    assert kinds == ["upload_workbook", "apply_workbook"]
    assert events("apply_workbook")[0][1]["saved"] == {code: 2}
    upload = WorkbookUpload.objects.get()
    assert (bytes(upload.content), upload.result) == (b"", {code: 2})


def test_applying_twice_saves_once(client: Client, page: str, book: Book, code: str, submission: Submission) -> None:
    number = book.new_row("budget")
    book["budget", number, "plan"], book["budget", number, "programme"] = code, "사업"
    address = send(client, page, book.data).redirect_chain[-1][0]
    for _time in range(2):
        assert "1 value was saved" in text_of(client.post(address, follow=True))
    assert submission.budget_lines.count() == 1
    assert len(events("apply_workbook")) == 1


def test_one_bad_cell_and_nothing_is_saved(
    client: Client, page: str, book: Book, code: str, submission: Submission, body: Any, focal_point: User
) -> None:
    other = SubmissionFactory(round=book.round, body=body)
    book = Book(book.round, body, focal_point)
    book["narrative", code, "results"] = "새 실적"
    book["narrative", other.assignment.action_plan.code, "self_rating"] = "좋음"
    answer = send(client, page, book.data)
    said = text_of(answer)
    place = book.cell("narrative", other.assignment.action_plan.code, "self_rating").coordinate
    assert "1 cell cannot be taken" in said
    assert f"Narrative {place} 좋음 Choose one of the given answers." in said
    assert "Apply all as drafts" not in said
    address = answer.redirect_chain[-1][0]
    assert client.post(address).status_code == 400
    submission.refresh_from_db()
    assert submission.results != "새 실적"


def test_a_fault_that_comes_up_while_applying_undoes_all(
    client: Client, page: str, book: Book, code: str, submission: Submission, body: Any, focal_point: User
) -> None:
    """The second submission is signed off between the dry run and the saving: the first stays as it was."""
    second = fill_in(SubmissionFactory(round=book.round, body=body), focal_point)
    book = Book(book.round, body, focal_point)
    book["narrative", code, "results"] = book["narrative", second.assignment.action_plan.code, "results"] = "새 실적"
    upload = workbooks.keep_upload(round=book.round, body=body, by=focal_point, name="x", content=book.data)
    run = book.run()
    assert len(run.saves) == 2
    Submission.objects.filter(pk=second.pk).update(results="동료의 글")
    with pytest.raises(workbooks.Overtaken):
        workbooks.apply_upload(upload=upload, by=focal_point, saves=run.saves)
    submission.refresh_from_db()
    upload.refresh_from_db()
    assert (submission.results, upload.applied_at) == ("교육을 네 차례 실시하였습니다.", None)


def test_a_submission_that_was_signed_off_meanwhile_is_told_and_nothing_is_saved(
    client: Client, page: str, book: Book, code: str, submission: Submission, approver: User
) -> None:
    book["narrative", code, "results"] = "새 실적"
    address = send(client, page, book.data).redirect_chain[-1][0]
    transitions.sign_off(submission=submission, by=approver)
    answer = client.post(address)
    assert answer.status_code == 400
    assert "This submission is signed off. Take it back to change it." in text_of(answer)
    assert Submission.objects.get().results != "새 실적"


def test_a_workbook_that_changes_nothing_says_so(client: Client, page: str, book: Book) -> None:
    answer = send(client, page, book.data)
    assert "The workbook changes nothing" in text_of(answer)
    assert "Apply all as drafts" not in text_of(answer)
    assert client.post(answer.redirect_chain[-1][0]).status_code == 400


# Conflicts


@pytest.fixture
def clash(client: Client, page: str, book: Book, code: str, submission: Submission, colleague: User) -> Any:
    """The dry run of a workbook whose results a colleague has changed meanwhile; its shortcomings nobody has."""
    book["narrative", code, "results"], book["narrative", code, "shortcomings"] = "내 글", "부족한 점"
    address = send(client, page, book.data).redirect_chain[-1][0]
    theirs = {"results": Change("교육을 네 차례 실시하였습니다.", "동료의 글")}
    save_submission(submission=submission, by=colleague, changes=theirs)
    return client.get(address)


def values(answer: Any) -> tuple[str, dict[str, str]]:
    """The name of the one choice on the page, and what its answers send."""
    (name,) = set(re.findall(r'name="(clash-[0-9a-f]+)"', answer.content.decode()))
    sent = re.findall(rf'name="{name}" value="((keep|take)\.[^"]+)"', answer.content.decode())
    return name, {kind: value for value, kind in sent}


def test_what_a_colleague_changed_meanwhile_stands_side_by_side_and_waits_for_a_choice(
    client: Client, clash: Any, submission: Submission
) -> None:
    said = text_of(clash)
    assert "1 value was changed by somebody else too" in said
    assert "Saved meanwhile by Colleague" in said
    assert "동료의 글 What you wrote 내 글" in said
    address = clash.wsgi_request.path
    answer = client.post(address, form_data(clash))
    assert answer.status_code == 409
    assert "Choose which of the two values is to stand." in text_of(answer)
    submission.refresh_from_db()
    assert (submission.results, submission.shortcomings) == ("동료의 글", "")


@pytest.mark.parametrize(("choice", "results"), [("keep", "동료의 글"), ("take", "내 글")])
def test_the_choice_counts_and_all_is_applied(
    choice: str, results: str, client: Client, clash: Any, submission: Submission
) -> None:
    name, sent = values(clash)
    client.post(clash.wsgi_request.path, {name: sent[choice]})
    submission.refresh_from_db()
    assert (submission.results, submission.shortcomings) == (results, "부족한 점")


def test_a_choice_does_not_count_once_the_stored_value_has_changed_again(
    client: Client, clash: Any, submission: Submission, colleague: User
) -> None:
    name, sent = values(clash)
    again = {"results": Change("동료의 글", "동료의 새 글")}
    save_submission(submission=submission, by=colleague, changes=again)
    answer = client.post(clash.wsgi_request.path, {name: sent["take"]})
    assert answer.status_code == 409
    assert "The stored value was changed again meanwhile. Look at both and choose anew." in text_of(answer)
    submission.refresh_from_db()
    assert (submission.results, submission.shortcomings) == ("동료의 새 글", "")


def test_rows_that_a_colleague_removed_or_changed_wait_for_a_choice_too(
    client: Client, page: str, submission: Submission, book: Book, colleague: User, code: str
) -> None:
    gone = Activity.objects.create(submission=submission, title="지운 활동", order=1)
    kept = Activity.objects.create(submission=submission, title="남은 활동", order=2)
    book = Book(book.round, book.body, book.user)
    book["activities", gone.pk, "place"] = "서울"
    book["activities", kept.pk, "remove"] = "Remove"
    removal = RowChange(gone.pk, {"title": Change("지운 활동", "지운 활동")}, delete=True)
    renamed = RowChange(kept.pk, {"title": Change("남은 활동", "바꾼 활동")})
    save_submission(submission=submission, by=colleague, changes={}, activities=[removal, renamed])
    address = send(client, page, book.data).redirect_chain[-1][0]
    run = book.run()
    assert [(clash.item.before, clash.item.after, clash.conflict.by) for clash in run.clashes] == [
        ("Removed", "지운 활동 · 서울", "Colleague"),
        ("바꾼 활동", "Removed", "Colleague"),
    ]
    client.post(address, {clash.name: clash.take for clash in run.clashes})
    assert [(each.title, each.place) for each in submission.activities.all()] == [("지운 활동", "서울")]


# What is refused as a whole, and what is kept


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"", "The file is empty."),
        (b"PK\x03\x04 cut off", "The archive is damaged."),
        (b"%PDF-1.7\n%%EOF", "Save it as “Excel workbook (*.xlsx)” and upload it again."),
    ],
)
def test_what_is_no_workbook_is_refused_on_the_page(data: bytes, sentence: str, client: Client, page: str) -> None:
    answer = send(client, page, data)
    assert answer.status_code == 400
    assert sentence in text_of(answer)
    assert not WorkbookUpload.objects.exists()


def test_sending_nothing_is_told(client: Client, page: str) -> None:
    answer = client.post(page)
    assert answer.status_code == 400
    assert "This field is required." in text_of(answer)


def test_a_workbook_over_the_limit_is_refused(client: Client, page: str, settings: Any) -> None:
    settings.WORKBOOK_MAX_MEGABYTES = 1
    for size, limit in ((1, 50), (3, 1)):
        settings.EVIDENCE_MAX_MEGABYTES = limit
        answer = send(client, page, b"PK\x03\x04" + b"x" * size * 1024 * 1024)
        assert answer.status_code == 400
        assert "The file is too large: at most 1.0 MB." in text_of(answer)


def test_a_person_has_one_upload_at_a_time_and_can_discard_it(client: Client, page: str, book: Book, code: str) -> None:
    for text in ("하나", "둘"):
        book["narrative", code, "results"] = text
        send(client, page, book.data)
    upload = WorkbookUpload.objects.get()
    answer = client.post(f"{upload.get_absolute_url()}discard/", follow=True)
    assert "The uploaded workbook was discarded. Nothing was changed." in text_of(answer)
    assert not WorkbookUpload.objects.exists()
    assert client.get(upload.get_absolute_url()).status_code == 404


def test_what_is_not_applied_goes_after_a_week(client: Client, page: str, book: Book) -> None:
    send(client, page, book.data)
    assert workbooks.sweep() == 0
    with clock.at(clock.now() + workbooks.KEPT * 1.01):
        assert workbooks.sweep() == 1
    assert not WorkbookUpload.objects.exists()


def test_an_upload_that_the_program_has_outgrown_says_so(
    client: Client, page: str, book: Book, monkeypatch: pytest.MonkeyPatch
) -> None:
    address = send(client, page, book.data).redirect_chain[-1][0]
    monkeypatch.setattr(layout, "LAYOUT", layout.LAYOUT + 1)
    assert "This workbook can no longer be applied" in text_of(client.get(address))
    assert client.post(address).status_code == 400


def test_a_person_without_a_role_finds_nothing(page: str, signed_in: SignIn, tmp_path: Path) -> None:
    assert signed_in(UserFactory()).get(page).status_code == 404
