"""A submission that coordinators have worked on, for tests that walk pages."""

from ministries.models import BudgetLine, ImplementingBody, Round, Submission
from ministries.services.assessments import assess
from ministries.services.ratings import save_rating
from nap_monitor.accounts.models import User
from tests.factories import ActionPlanFactory, AssignmentFactory, SubmissionFactory, submission_in

OVERSPENT = {"budget_value": 1, "budget_state": "value", "executed_value": 2, "executed_state": "value"}


def reviewed(round: Round, body: ImplementingBody, other: ImplementingBody, *, by: User) -> Submission:
    """A submission on an action plan of two bodies: returned, submitted again with a point to check, and rated.

    The action plan has a rating too.
    """
    action_plan = ActionPlanFactory(plan=round.plan)
    for each in (other, body):
        assignment = AssignmentFactory(action_plan=action_plan, body=each)
        found = submission_in("returned", SubmissionFactory(round=round, assignment=assignment))
    BudgetLine.objects.create(submission=found, programme="사업", **OVERSPENT)
    submission_in("submitted", found)
    save_rating(submission=found, by=by, rating="on-track", reason="이행")
    assess(round=round, action_plan=action_plan, by=by, rating="attention", reason="지연")
    return found
