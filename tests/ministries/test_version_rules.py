"""Who reads which version: the own body and coordinators every one, everybody else the last confirmed one."""

import pytest
from django.contrib.auth.models import AnonymousUser

from ministries import rules
from ministries.enums import Role, State
from ministries.models import ImplementingBody, Submission, SubmissionVersion
from ministries.services import transitions
from nap_monitor.accounts.models import User
from tests.factories import SubmissionFactory, UserFactory, fill_in, person, submission_in

pytestmark = pytest.mark.django_db

OPEN = {"disclosure": "open", "disclosure_ground": ""}
RESTRICTED = {"disclosure": "restricted", "disclosure_ground": "정보공개법 제9조"}

#: The versions that outside readers see, by what was confirmed (1 submits and 2 confirms the first, 3 and 4 the second)
#: and what the body has said since.
CASES = {
    "submitted": [],
    "confirmed": [2],
    "confirmed twice": [4],
    "reopened": [2],
    "submitted again": [2],
    "restricted": [],
    "restricted, then open": [4],
    "open, then restricted": [],
    "open, restricted since": [],
    "restricted, open since": [],
}


def submission_for(case: str, body: ImplementingBody, coordinator: User) -> Submission:
    """A submission in the situation that ``case`` names."""
    first = RESTRICTED if case.startswith("restricted") else OPEN
    submission = SubmissionFactory(body=body)
    writer, approver = person(Role.FOCAL_POINT, body), person(Role.APPROVER, body)
    submission_in(
        State.SUBMITTED if case == "submitted" else State.CONFIRMED,
        submission,
        by=writer,
        approver=approver,
        coordinator=coordinator,
        content=first,
    )
    if case in ("submitted", "confirmed", "restricted"):
        return submission
    transitions.reopen(submission=submission, by=coordinator, reason="정정")
    submission.refresh_from_db()
    if case == "reopened":
        return submission
    fill_in(submission, writer, results="두 번째 글", **(RESTRICTED if "restricted" in case.split(", ")[-1] else OPEN))
    if case.endswith("since"):
        return submission
    transitions.sign_off(submission=submission, by=approver)
    transitions.submit(submission=submission, by=writer)
    if case != "submitted again":
        transitions.confirm(submission=submission, by=coordinator, rating="on-track")
    submission.refresh_from_db()
    return submission


@pytest.mark.parametrize("case", CASES)
def test_everybody_reads_the_versions_that_the_table_says(case, body, other_body, coordinator) -> None:
    submission = submission_for(case, body, coordinator)
    every = list(submission.versions.values_list("number", flat=True))
    readers = {
        person(Role.FOCAL_POINT, body): every,
        person(Role.APPROVER, body): every,
        coordinator: every,
        person(Role.FOCAL_POINT, other_body): CASES[case],
        person(Role.APPROVER, other_body): CASES[case],
        person(Role.PANEL_MEMBER): CASES[case],
        person(Role.COMMITTEE_READER): [],
        person(Role.ADMINISTRATOR): [],
        UserFactory(): [],
        AnonymousUser(): [],
    }
    versions = SubmissionVersion.objects.select_related("submission__assignment", "submission__confirmed_version")
    for user, expected in readers.items():
        seen = SubmissionVersion.objects.visible_to(user)
        assert [each.number for each in seen] == expected, user
        # The filter and the predicate are the same rule.
        assert [each.number for each in versions.all() if rules.reads_version(user, each)] == expected, user


@pytest.mark.parametrize("case", CASES)
def test_who_reads_a_version_sees_its_submission(case, body, coordinator) -> None:
    submission = submission_for(case, body, coordinator)
    for user in (person(Role.FOCAL_POINT, body), coordinator, person(Role.PANEL_MEMBER)):
        if SubmissionVersion.objects.visible_to(user).exists():
            assert submission in Submission.objects.visible_to(user)
