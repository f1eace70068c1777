"""Giving one mark to an action plan that several bodies carry."""

from django.db import transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from ministries import rules
from ministries.models import Assessment, Round
from ministries.selectors.assessments import JOINT
from ministries.services.ratings import check_rating
from ministries.workflow import NotPermitted, Refused, WrongState
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from nap_monitor.lib.audit.services import record
from objectives.models import ActionPlan

PERMISSION = "ministries.change_assessment"


@transaction.atomic
def assess(
    *, round: Round, action_plan: ActionPlan, by: User, rating: str, reason: str = "", seen: int | None = None
) -> Assessment:
    """Save the mark of a joint action plan in a round. ``seen`` is the count of savings that the person looked at.

    The same mark again changes nothing. Raises ``NotPermitted``; ``Refused`` for an action plan that is carried by one
    body or by none; ``WrongState`` where somebody else saved meanwhile.
    """
    if not rules.allows(by, PERMISSION):
        raise NotPermitted(_now("Only a coordinator assesses an action plan."))
    # Two who assess one action plan wait for each other, also where it has no mark yet.
    Round.objects.select_for_update(of=("self",)).get(pk=round.pk)
    check_rating(rating, reason)
    carriers = round.submissions.filter(assignment__action_plan=action_plan).count()
    if carriers < JOINT:
        raise Refused(_("Only an action plan of several bodies is assessed: else its body's rating is the mark."))
    stored = Assessment.objects.filter(round=round, action_plan=action_plan).first()
    if stored and (stored.rating, stored.reason) == (rating, reason.strip()):
        return stored
    if seen is not None and seen != (stored.count if stored else 0):
        raise WrongState(_now("Somebody has assessed this action plan meanwhile."))
    found = stored or Assessment(round=round, action_plan=action_plan, count=0)
    before = {"rating": found.rating, "reason": found.reason} if stored else {}
    found.rating, found.reason = rating, reason.strip()
    found.by, found.at, found.count = by, clock.now(), found.count + 1
    found.save()
    data = {"rating": rating, "before": before, "after": {"rating": rating, "reason": found.reason}}
    record(kind="assess", subject=found, by=by, reason=found.reason, data=data)
    return found
