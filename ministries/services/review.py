"""What a coordinator does beside the steps of the workflow: extending the due date."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from ministries import rules
from ministries.enums import AWAITED
from ministries.models import Submission
from ministries.models.submission import REASON_LENGTH
from ministries.workflow import NotPermitted, Refused, WrongState
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from nap_monitor.lib.audit.services import record


@transaction.atomic
def extend(*, submission: Submission, until: dt.date, reason: str, by: User) -> Submission:
    """Let the body write and submit until ``until`` (inclusive), whatever the round's dates say (제출기한 연장).

    The same day again (a double click) changes nothing and leaves no second event.
    """
    if not rules.allows(by, "ministries.extend_submission", submission):
        raise NotPermitted(_now("Only a coordinator extends a due date."))
    if not reason.strip():
        raise Refused(_("Give a reason."), field="reason")
    if len(reason) > REASON_LENGTH:
        raise Refused(_("The reason is too long."), field="reason")
    if until < clock.today():
        raise Refused(_("The new due date may not lie in the past."), field="until")
    if until <= submission.round.due_date:
        raise Refused(_("The new due date must be later than that of the round."), field="until")
    awaited = Submission.objects.filter(pk=submission.pk, state__in=AWAITED)
    if awaited.exclude(extended_until=until).update(extended_until=until):
        record(kind="extend", subject=submission, by=by, reason=reason.strip(), data={"due_date": until.isoformat()})
    elif not awaited.exists():
        raise WrongState(_now("The due date can only be extended while the submission is awaited."))
    submission.extended_until = until
    return submission
