"""Bodies to choose from: by code, with the name in the reader's language, and no other."""

import pytest
from django import forms
from django.utils.translation import override

from ministries.forms.filters import SubmissionFilter
from ministries.forms.plans import PlanFilter
from tests.factories import both

BODIES = [("OWN", both("이행부", "Own Ministry")), ("OTHER", both("다른부", "Other Ministry"))]


def submission_filter() -> forms.Form:
    """The filter above the list of submissions."""
    return SubmissionFilter({}, bodies=BODIES, scope="all")


def plan_filter() -> forms.Form:
    """The filter of a plan's page."""
    return PlanFilter({}, bodies=BODIES)


@pytest.mark.parametrize("make", [submission_filter, plan_filter])
@pytest.mark.parametrize(
    ("language", "names"),
    [("ko", ["전체", "이행부", "다른부"]), ("en", ["All", "Own Ministry", "Other Ministry"])],
)
def test_a_body_is_chosen_by_code_and_named_in_the_readers_language(make, language, names):
    with override(language):
        choices = [(value, str(label)) for value, label in make().fields["body"].choices]
    assert choices == list(zip(["", "OWN", "OTHER"], names, strict=True))
