"""The pages of what is attached to an approval: for the body's own people alone, on screen, on paper and as PDF."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ministries.enums import Role
from ministries.models import Appointment, ImplementingBody, Round, Submission
from ministries.services import transitions
from ministries.workflow import NotPermitted
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from nap_monitor.lib.audit.models import Event
from reports.models import RenderJob, Snapshot
from reports.services import jobs
from tests.factories import AppointmentFactory, RoundFactory, SubmissionFactory, UserFactory, person, submission_in
from tests.pages import form_data, in_english, text_of
from tests.reports.approvals import whole_submission

pytestmark = pytest.mark.django_db

SignIn = Callable[[User], Client]
OTHERS = [Role.COORDINATOR, Role.PANEL_MEMBER, Role.COMMITTEE_READER, Role.ADMINISTRATOR]


@pytest.fixture
def round_(tmp_path: Path, settings: Any) -> Round:
    """A round; files lie in a folder of the test's own, and tasks wait for a worker."""
    private = {**settings.STORAGES["private"], "OPTIONS": {"location": str(tmp_path)}}
    settings.STORAGES = {**settings.STORAGES, "private": private}
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    return RoundFactory(year=2022)


@pytest.fixture
def submission(round_: Round, body: ImplementingBody, focal_point: User) -> Submission:
    return whole_submission(round_, body, focal_point)


def address(round_: Round, body: ImplementingBody, page: str = "print") -> str:
    return reverse(f"reports:approval_{page}", args=[round_.plan.number, round_.year, body.code])


def one(submission: Submission) -> str:
    return reverse("reports:submission_print", args=submission.address)


def of_document(job: RenderJob) -> list[str]:
    return [reverse(f"reports:document_{page}", args=[job.pk]) for page in ("status", "download")]


def finished(job: RenderJob) -> RenderJob:
    """Done by the worker, as one does it."""
    assert jobs.run_job(job_id=str(job.pk)) == "done"
    job.refresh_from_db()
    return job


# Who


def test_the_bodys_people_find_all_of_it_and_nobody_else_anything(
    round_: Round, body: ImplementingBody, other_body: ImplementingBody, submission: Submission, signed_in: SignIn
) -> None:
    job = jobs.request_approval(round=round_, body=body, language="ko", by=person(Role.APPROVER, body))
    pages = [address(round_, body), address(round_, body, "list"), one(submission), *of_document(job)[:1]]
    own = [person(Role.FOCAL_POINT, body), person(Role.APPROVER, body)]
    others = [person(Role.FOCAL_POINT, other_body), *(person(role) for role in OTHERS), UserFactory()]
    for user in own:
        assert [signed_in(user).get(page, follow=True).status_code for page in pages] == [200] * 4, user
    for user in others:
        client = signed_in(user)
        assert [client.get(page).status_code for page in [*pages, of_document(job)[1]]] == [404] * 5, user
        assert client.post(address(round_, body, "list"), {"language": "ko"}).status_code == 404
    for page in [*pages, of_document(job)[1]]:
        assert Client().get(page)["Location"].startswith(reverse("account_login"))


def test_a_coordinator_who_reports_for_the_lead_ministry_prints_its_own(
    round_: Round, lead_body: ImplementingBody, signed_in: SignIn
) -> None:
    user = person(Role.COORDINATOR, lead_body)
    AppointmentFactory(user=user, role=Role.FOCAL_POINT, body=lead_body)
    SubmissionFactory(round=round_, body=lead_body)
    assert signed_in(user).get(address(round_, lead_body)).status_code == 200


def test_the_right_is_asked_again_at_each_download(
    round_: Round, body: ImplementingBody, submission: Submission, approver: User, signed_in: SignIn
) -> None:
    job = jobs.request_approval(round=round_, body=body, language="ko", by=approver)
    RenderJob.objects.filter(pk=job.pk).update(
        state="done", file_name=storages["private"].save("a.pdf", ContentFile(b"%PDF-1.7")), finished_at=clock.now()
    )
    client = signed_in(approver)
    assert client.get(of_document(job)[1]).status_code == 200
    Appointment.objects.filter(user=approver).update(end=clock.today() - dt.timedelta(days=1))
    assert client.get(of_document(job)[1]).status_code == 404


def test_nobody_has_the_attachment_of_another_body_made(
    round_: Round, body: ImplementingBody, other_body: ImplementingBody, submission: Submission, coordinator: User
) -> None:
    for user in (coordinator, person(Role.APPROVER, other_body)):
        with pytest.raises(NotPermitted):
            jobs.request_approval(round=round_, body=body, language="ko", by=user)
    assert Snapshot.objects.count() == 0


# On paper


def test_the_page_has_head_content_and_nothing_of_the_screen(
    round_: Round, body: ImplementingBody, submission: Submission, focal_point: User, signed_in: SignIn
) -> None:
    answer = signed_in(focal_point).get(in_english(one(submission)))
    text, page = text_of(answer), answer.content.decode()
    for words in (
        f"Attachment National Action Plan {round_.plan.number}: submissions of 2022",
        "Being written – not what was submitted",
        "Implementing body Own Ministry Year 2022",
        "Department 국방여성가족정책과",
        "Focal point Focal Point Approver –",
        "Disclosure Partly (「공공기관의 정보공개에 관한 법률」 제9조) State Draft",
    ):
        assert words in text, words
    assert page.count('class="blank"') == 2, "document number and date are filled in by hand"
    assert page.count("<nav") == 1, "the other language alone, and not on paper"
    assert '<header class="tools">' in page.partition("<nav")[0], "among the tools, which paper leaves out"
    assert "지휘관 &lt;삼백&gt; &amp; 이십 명 참여" in page
    assert '<td lang="ko"><p class="item">○ 교육을 네 차례 실시</p>' in page


def test_after_submitting_the_version_is_printed_with_its_document(
    round_: Round, body: ImplementingBody, submission: Submission, approver: User, focal_point: User, signed_in: SignIn
) -> None:
    transitions.sign_off(submission=submission, by=approver)
    submission.refresh_from_db()
    assert "Signed off – not submitted yet" in text_of(signed_in(approver).get(in_english(one(submission))))
    transitions.submit(
        submission=submission, by=approver, document_number="국방부-9", document_date=dt.date(2023, 1, 30)
    )
    text = text_of(signed_in(approver).get(in_english(one(submission))))
    assert "Document number 국방부-9 Document date 30 January 2023" in text
    assert "not what was submitted" not in text


def test_all_are_printed_with_contents_and_ratings_and_a_state_narrows_them(
    round_: Round, body: ImplementingBody, submission: Submission, approver: User, signed_in: SignIn
) -> None:
    ready = submission_in("signed-off", SubmissionFactory(round=round_, body=body))
    fresh = SubmissionFactory(round=round_, body=body)
    client = signed_in(approver)
    text = text_of(client.get(in_english(address(round_, body))))
    assert "Submissions 0 0 1 1 0 0 0 1 3 Share of 3 (%) 0.0 0.0 33.3 33.3 0.0 0.0 0.0 33.3 100.0" in text
    for each in (submission, ready, fresh):
        assert text.count(f"{code(each)} Item {code(each)}") >= 2
    text = text_of(client.get(in_english(address(round_, body)), {"state": "signed-off"}))
    assert code(ready) in text
    assert f"Item {code(fresh)}" not in text
    assert client.get(address(round_, body), {"state": "confirmed"}).status_code == 404
    everything = text_of(client.get(in_english(address(round_, body)), {"state": "x"}))
    assert f"Item {code(fresh)}" in everything


def code(submission: Submission) -> str:
    return submission.assignment.action_plan.code


def test_addresses_and_methods_that_there_are_not(
    round_: Round, body: ImplementingBody, submission: Submission, approver: User, signed_in: SignIn
) -> None:
    client = signed_in(approver)
    assert client.get(one(submission).replace(code(submission), "9.9.9")).status_code == 404
    for page in (address(round_, body), address(round_, body, "list")):
        assert client.get(page.replace("/2022/", "/1999/")).status_code == 404
    assert client.post(address(round_, body)).status_code == 405


def test_the_pages_take_one_number_of_queries(
    round_: Round,
    body: ImplementingBody,
    submission: Submission,
    focal_point: User,
    signed_in: SignIn,
    django_assert_num_queries: Any,
) -> None:
    client = signed_in(focal_point)
    jobs.request_approval(round=round_, body=body, language="ko", by=focal_point)
    counts = {}
    for page in (address(round_, body), address(round_, body, "list")):
        client.get(page)
        with CaptureQueriesContext(connection) as found:
            client.get(page)
        counts[page] = len(found)
    for _number in range(2):
        whole_submission(round_, body, focal_point)
        jobs.request_approval(round=round_, body=body, language="ko", by=focal_point)
    for page, count in counts.items():
        with django_assert_num_queries(count):
            client.get(page)


# As PDF


def test_it_is_asked_for_once_made_by_the_worker_and_downloaded(
    round_: Round, body: ImplementingBody, submission: Submission, approver: User, signed_in: SignIn
) -> None:
    client, page = signed_in(approver), address(round_, body, "list")
    asked = client.get(page)
    data = form_data(asked, "")
    assert data == {"narrowed_to": "", "language": "ko"}
    for _click in range(2):
        assert client.post(page, data)["Location"] == page
    job = RenderJob.objects.get()
    assert (job.state, job.snapshot.kind, job.snapshot.body_code) == ("waiting", "approval", body.code)
    assert Event.objects.filter(object_kind="reports.renderjob", kind="request").count() == 1
    assert "<progress" in client.get(page).content.decode()
    part = client.get(of_document(job)[0], headers={"HX-Request": "true"})
    assert (part.status_code, b"hx-get" in part.content) == (200, True)
    assert client.get(of_document(job)[0])["Location"] == page
    assert client.get(of_document(job)[1]).status_code == 404, "it is not made yet"


@pytest.mark.one_database
def test_the_worker_makes_the_file_and_its_name_says_what_it_is(
    round_: Round, body: ImplementingBody, submission: Submission, approver: User, signed_in: SignIn
) -> None:
    job = finished(
        jobs.request_approval(round=round_, body=body, language="ko", by=approver, narrowed_to=code(submission))
    )
    answer = signed_in(approver).get(of_document(job)[1])
    data = b"".join(answer.streaming_content)
    assert data.startswith(b"%PDF-")
    assert job.file_name.startswith("approvals/")
    digest = job.snapshot.sha256[:8]
    name = f"nap{round_.plan.number}-2022-{body.code}-{code(submission)}-ko-{digest}.pdf"
    assert f'filename="{name}"' in answer["Content-Disposition"]
    assert answer["Cache-Control"] == "private, no-store"


def test_the_list_names_what_each_document_holds_and_shows_nothing_of_others(
    round_: Round, body: ImplementingBody, other_body: ImplementingBody, submission: Submission, signed_in: SignIn
) -> None:
    SubmissionFactory(round=round_, body=other_body)
    theirs = jobs.request_approval(round=round_, body=other_body, language="ko", by=person(Role.APPROVER, other_body))
    approver = person(Role.APPROVER, body)
    jobs.request_approval(round=round_, body=body, language="en", by=approver, narrowed_to="draft")
    text = text_of(signed_in(approver).get(in_english(address(round_, body, "list"))))
    assert "English · Draft" in text
    assert theirs.snapshot.sha256[:12] not in text
    report = text_of(signed_in(approver).get(reverse("reports:document_list", args=[round_.plan.number, 2022])))
    assert theirs.snapshot.sha256[:12] not in report


@pytest.mark.parametrize("sent", [{"language": "fr"}, {"language": "ko", "narrowed_to": "9.9.9"}, {}])
def test_what_the_form_does_not_offer_is_refused(
    sent: dict[str, str],
    round_: Round,
    body: ImplementingBody,
    submission: Submission,
    approver: User,
    signed_in: SignIn,
) -> None:
    assert signed_in(approver).post(address(round_, body, "list"), sent).status_code == 400
    assert RenderJob.objects.count() == 0


def test_the_desk_leads_to_paper_and_pdf(
    round_: Round, body: ImplementingBody, submission: Submission, approver: User, signed_in: SignIn
) -> None:
    desk = reverse("ministries:signoff_desk", args=[round_.plan.number, 2022, body.code])
    page = signed_in(approver).get(desk, {"state": "draft"}).content.decode()
    assert f'href="{address(round_, body)}?state=draft"' in page
    assert f'href="{address(round_, body, "list")}?of=draft"' in page
    assert f'href="{one(submission)}"' in page
    asked = signed_in(approver).get(address(round_, body, "list"), {"of": "draft"})
    assert form_data(asked, "")["narrowed_to"] == "draft"
