"""The page of a submission's files: sending several, what is told of each, changing and removing; without a script."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from ministries.enums import Role, State
from ministries.models import EvidenceFile, Submission
from ministries.services import evidence, transitions
from ministries.services.changes import Change
from nap_monitor.accounts.models import User
from nap_monitor.lib.files.uploads import LARGEST_FILES
from tests import files
from tests.evidence import attach, looked_into, names, sent
from tests.factories import SubmissionFactory, UserFactory, person, submission_in
from tests.pages import actions_on, form_data, text_of

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("english", "private_files")]

SignIn = Callable[[User], Client]
MEGABYTE = 1024 * 1024


@pytest.fixture
def submission(body: Any) -> Submission:
    return SubmissionFactory(body=body)


@pytest.fixture
def page(submission: Submission) -> str:
    return reverse("ministries:evidence_list", args=submission.address)


@pytest.fixture
def client(signed_in: SignIn, focal_point: User) -> Client:
    return signed_in(focal_point)


def send(client: Client, page: str, *sent_files: Any, **more: Any) -> Any:
    return client.post(page, {"file": list(sent_files), **more}, follow=True)


def of_file(kind: str, file: EvidenceFile) -> str:
    return reverse(f"ministries:evidence_{kind}", args=[*file.submission.address, file.pk])


# Who sees it


@pytest.mark.parametrize("state", State.values)
@pytest.mark.parametrize(
    ("role", "states"),
    [
        (Role.COORDINATOR, {"submitted", "returned", "confirmed"}),
        (Role.PANEL_MEMBER, {"confirmed"}),
        (Role.COMMITTEE_READER, set()),
        (Role.ADMINISTRATOR, set()),
    ],
)
def test_others_read_the_files_of_what_they_read_and_are_offered_nothing(
    role: Role, states: set[str], state: str, submission: Submission, page: str, focal_point: User, signed_in: SignIn
) -> None:
    attach(submission, focal_point, "결과.pdf")
    submission_in(state, submission, by=focal_point)
    reader = signed_in(person(role))
    answer = reader.get(page)
    assert answer.status_code == (200 if state in states else 404)
    assert send(reader, page, sent()).status_code == (403 if state in states else 404)
    if state in states:
        assert "결과.pdf" in text_of(answer)
        assert not [action for action in actions_on(answer) if "/evidence/" in action or not action]


def test_a_stranger_and_nobody_find_nothing(submission: Submission, page: str, signed_in: SignIn) -> None:
    assert signed_in(UserFactory()).get(page).status_code == 404
    assert "/login/" in Client().get(page)["Location"]


def test_its_page_shows_the_files_and_leads_to_them(
    client: Client, submission: Submission, page: str, focal_point: User
) -> None:
    (file,) = attach(submission, focal_point, "결과.pdf", description="5월 회의")
    answer = client.get(submission.get_absolute_url())
    assert f'href="{page}"' in answer.content.decode()
    assert file.get_absolute_url() in answer.content.decode()
    assert "결과.pdf 5월 회의" in text_of(answer)
    assert "File added" in text_of(answer)


def test_a_restricted_file_is_named_as_restricted_to_outside_readers(
    submission: Submission, page: str, focal_point: User, signed_in: SignIn, coordinator: User
) -> None:
    attach(submission, focal_point, "명단.pdf", description="누구", is_restricted=True)
    submission_in("confirmed", submission, by=focal_point, coordinator=coordinator)
    panel, lead = signed_in(person(Role.PANEL_MEMBER)), signed_in(coordinator)
    for address in (page, submission.get_absolute_url()):
        outside = panel.get(address)
        assert "Restricted file" in text_of(outside)
        for secret in ("명단", "누구", focal_point.name if address == page else "누구", "/files/"):
            assert secret not in outside.content.decode()
        assert "명단.pdf" in text_of(lead.get(address))


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_database_the_same_for_one_file_and_for_three(
    count: int, client: Client, submission: Submission, page: str, focal_point: User, approver: User,
    django_assert_num_queries: Callable[..., Any],
) -> None:  # fmt: skip
    attach(submission, focal_point, *(f"{number}.pdf" for number in range(count)))
    evidence.hold_files(submission=submission, by=focal_point, files=looked_into(*(f"h{n}.pdf" for n in range(count))))
    client.get(page)
    with django_assert_num_queries(14):
        assert client.get(page).status_code == 200


# Sending


def test_several_files_are_sent_at_once_with_one_description(client: Client, submission: Submission, page: str) -> None:
    answer = send(client, page, sent("하나.pdf"), sent("둘.txt", b"text"), description="회의", is_restricted="on")
    assert answer.redirect_chain == [(page, 302)]
    assert "2 files were added." in text_of(answer)
    assert names(submission) == ["하나.pdf", "둘.txt"]
    assert {(file.description, file.is_restricted) for file in submission.evidence.all()} == {("회의", True)}


def test_good_files_are_kept_and_each_bad_one_is_told(client: Client, submission: Submission, page: str) -> None:
    answer = send(client, page, sent("a.pdf"), sent("b.exe", b"MZ\x90\0" + b"\0" * 99), sent("c.pdf", b""))
    assert answer.status_code == 400
    said = text_of(answer)
    assert "1 file was added." in said
    assert "These files were not taken" in said
    assert "b.exe : This kind of file is not accepted: by its content it seems to be EXE." in said
    assert "c.pdf : The file is empty." in said
    assert names(submission) == ["a.pdf"]


def test_the_same_page_sent_twice_adds_nothing_twice(client: Client, submission: Submission, page: str) -> None:
    send(client, page, sent("a.pdf"))
    answer = send(client, page, sent("a.pdf"))
    assert "a.pdf : The same file is there already as “a.pdf”." in text_of(answer)
    assert names(submission) == ["a.pdf"]


def test_another_ending_is_told(client: Client, page: str) -> None:
    said = text_of(send(client, page, sent("회의.hwp")))
    assert "By its content “회의.hwp” is: PDF document. It is called “회의.pdf” here." in said


def test_without_a_file_it_says_so_and_keeps_the_description(client: Client, page: str) -> None:
    answer = client.post(page, {"description": "회의"})
    assert (answer.status_code, form_data(answer)["description"]) == (400, "회의")
    assert "Choose at least one file." in text_of(answer)


def test_too_long_a_description_loses_no_file(client: Client, submission: Submission, page: str) -> None:
    answer = send(client, page, sent("a.pdf"), description="긴" * 501)
    assert answer.status_code == 400
    assert "The files were added without the description" in text_of(answer)
    assert form_data(answer)["description"] == "긴" * 501
    assert names(submission) == ["a.pdf"]


def test_a_file_over_the_limit_is_told_and_the_others_are_taken(
    client: Client, submission: Submission, page: str, settings: Any
) -> None:
    settings.EVIDENCE_MAX_MEGABYTES = 1
    large = SimpleUploadedFile("큰.txt", b"x" * (MEGABYTE + 1))
    answer = send(client, page, sent("a.pdf"), large, sent("b.pdf", files.pdf("b")))
    assert answer.status_code == 400
    assert "큰.txt : It is larger than 1 MB." in text_of(answer)
    assert names(submission) == ["a.pdf", "b.pdf"]
    alone = send(client, page, SimpleUploadedFile("큰.txt", b"x" * (MEGABYTE + 1)))
    assert "큰.txt : It is larger than 1 MB." in text_of(alone)
    assert "Choose at least one file." not in text_of(alone)


def test_more_than_all_together_is_told_and_what_came_first_is_taken(
    client: Client, submission: Submission, page: str, settings: Any
) -> None:
    settings.EVIDENCE_MAX_MEGABYTES = 1
    many = [SimpleUploadedFile(f"{n}.txt", str(n).encode() * 900_000) for n in range(LARGEST_FILES + 1)]
    answer = send(client, page, *many)
    assert names(submission) == [f"{n}.txt" for n in range(LARGEST_FILES)]
    assert "4.txt : Too much was sent at once. Send this file on its own." in text_of(answer)


def test_where_there_is_no_room_no_form_is_offered(
    client: Client, submission: Submission, page: str, focal_point: User, settings: Any
) -> None:
    settings.EVIDENCE_MAX_FILES = 1
    attach(submission, focal_point)
    answer = client.get(page)
    assert "There is no room for more files." in text_of(answer)
    assert "" not in actions_on(answer)
    assert "A submission has at most 1 files." in text_of(send(client, page, sent("b.pdf", files.pdf("b"))))


# Sent too late


def test_files_that_come_when_it_was_signed_off_meanwhile_are_kept_aside(
    client: Client, submission: Submission, page: str, focal_point: User, approver: User, signed_in: SignIn
) -> None:
    submission_in("signed-off", submission, by=focal_point, approver=approver)
    answer = send(client, page, sent("늦음.pdf"), sent("x.exe", b"MZ\0\0"), description="회의")
    said = text_of(answer)
    assert answer.status_code == 409
    assert "This submission is signed off. Take it back to change it." in said
    assert "The files are not lost" in said
    assert "x.exe : This kind of file is not accepted" in said
    assert names(submission) == []
    (file,) = EvidenceFile.objects.held()
    assert (file.name, file.description, file.uploaded_by) == ("늦음.pdf", "회의", focal_point)
    # It can be downloaded by its sender, and nobody else knows of it.
    assert client.get(file.get_absolute_url()).status_code == 200
    other = signed_in(approver)
    assert "늦음" not in text_of(other.get(page))
    assert other.get(of_file("remove", file)).status_code == 404
    assert other.post(of_file("put_in", file)).status_code == 404

    assert of_file("put_in", file) not in actions_on(client.get(page))
    assert client.post(of_file("put_in", file)).status_code == 409
    transitions.take_back(submission=submission, by=focal_point)
    assert of_file("put_in", file) in actions_on(client.get(page))
    added = client.post(of_file("put_in", file), follow=True)
    assert "“늦음.pdf” was added." in text_of(added)
    assert names(submission) == ["늦음.pdf"]


def test_what_is_kept_aside_is_discarded_after_a_question(
    client: Client, submission: Submission, page: str, focal_point: User
) -> None:
    submission_in("submitted", submission, by=focal_point)
    send(client, page, sent("늦음.pdf"))
    (file,) = EvidenceFile.objects.held()
    asked = client.get(of_file("remove", file))
    assert "Discard the file" in text_of(asked)
    assert EvidenceFile.objects.held().exists()
    client.post(of_file("remove", file))
    assert not EvidenceFile.objects.exists()


def test_what_is_there_already_is_told_when_it_is_put_in(
    client: Client, submission: Submission, focal_point: User
) -> None:
    (held,) = evidence.hold_files(submission=submission, by=focal_point, files=looked_into("a.pdf")).added
    attach(submission, focal_point, "b.pdf", data=files.pdf("a.pdf"))
    answer = client.post(of_file("put_in", held), follow=True)
    assert "The same file is there already as “b.pdf”." in text_of(answer)
    assert EvidenceFile.objects.held().get() == held


# Changing


def test_a_description_is_changed(client: Client, submission: Submission, page: str, focal_point: User) -> None:
    (file,) = attach(submission, focal_point)
    form = client.get(of_file("change", file))
    answer = client.post(of_file("change", file), form_data(form, description="5월", is_restricted="on"), follow=True)
    assert answer.redirect_chain == [(page, 302)]
    assert "결과.pdf Restricted 5월" in text_of(answer)


def test_two_who_change_the_same_see_both_values(
    client: Client, submission: Submission, focal_point: User, approver: User
) -> None:
    (file,) = attach(submission, focal_point)
    form = client.get(of_file("change", file))
    evidence.change_file(file=file, by=approver, changes={"description": Change("", "결재본")})
    answer = client.post(of_file("change", file), form_data(form, description="초안"))
    assert answer.status_code == 409
    assert ("결재본" in text_of(answer), form_data(answer)["description"]) == (True, "초안")
    client.post(of_file("change", file), form_data(answer))
    file.refresh_from_db()
    assert file.description == "초안"


def test_too_long_a_description_of_one_file_is_told(client: Client, submission: Submission, focal_point: User) -> None:
    (file,) = attach(submission, focal_point)
    form = client.get(of_file("change", file))
    answer = client.post(of_file("change", file), form_data(form, description="긴" * 501))
    assert (answer.status_code, form_data(answer)["description"]) == (400, "긴" * 501)


# Removing


def test_a_file_is_removed_after_a_question(
    client: Client, submission: Submission, page: str, focal_point: User
) -> None:
    (file,) = attach(submission, focal_point)
    asked = client.get(of_file("remove", file))
    assert "It is deleted and can't be brought back." in text_of(asked)
    assert names(submission) == ["결과.pdf"]
    answer = client.post(of_file("remove", file), follow=True)
    assert "The file was removed." in text_of(answer)
    assert names(submission) == []
    assert client.post(of_file("remove", file)).status_code == 404


def test_of_a_file_that_was_submitted_it_is_said_that_it_stays_with_the_version(
    client: Client, submission: Submission, focal_point: User, coordinator: User
) -> None:
    (file,) = attach(submission, focal_point)
    submission_in("returned", submission, by=focal_point, coordinator=coordinator)
    assert "it can still be read" in text_of(client.get(of_file("remove", file)))
    client.post(of_file("remove", file))
    assert names(submission) == []
    assert client.get(of_file("remove", file)).status_code == 404
    assert client.get(file.get_absolute_url()).status_code == 200


@pytest.mark.parametrize("kind", ["change", "remove"])
def test_nothing_is_changed_while_it_cannot_be_edited(
    kind: str, client: Client, submission: Submission, focal_point: User
) -> None:
    (file,) = attach(submission, focal_point)
    submission_in("submitted", submission, by=focal_point)
    for answer in (client.get(of_file(kind, file)), client.post(of_file(kind, file), {"description": "x"})):
        assert answer.status_code == 409
        assert "under review" in text_of(answer)
    assert names(submission) == ["결과.pdf"]


@pytest.mark.parametrize("kind", ["change", "remove", "put_in"])
def test_who_may_read_a_file_but_not_change_it_is_told_so_and_others_find_nothing(
    kind: str, submission: Submission, focal_point: User, coordinator: User, other_body: Any, signed_in: SignIn
) -> None:
    (file,) = attach(submission, focal_point)
    submission_in("submitted", submission, by=focal_point, coordinator=coordinator)
    assert signed_in(coordinator).post(of_file(kind, file)).status_code == 403
    assert signed_in(person(Role.FOCAL_POINT, other_body)).post(of_file(kind, file)).status_code == 404
    assert signed_in(person(Role.PANEL_MEMBER)).post(of_file(kind, file)).status_code == 404
    assert names(submission) == ["결과.pdf"]


def test_a_file_of_another_submission_is_not_found_here(
    client: Client, submission: Submission, body: Any, focal_point: User
) -> None:
    (file,) = attach(SubmissionFactory(body=body), focal_point)
    wrong = reverse("ministries:evidence_remove", args=[*submission.address, file.pk])
    assert client.post(wrong).status_code == 404
    assert EvidenceFile.objects.count() == 1
