"""A round with its reminders and a request for more time, for worlds in which every page has something to show."""

import datetime as dt
import uuid

from ministries.enums import ReminderTo
from ministries.models import ExtensionRequest, ImplementingBody, Round
from ministries.services.extension_requests import ask
from ministries.services.reminder_rules import make_rules
from ministries.services.reminders import remind
from nap_monitor.accounts.models import User


def reminded(round: Round, body: ImplementingBody, by: User) -> None:
    """The usual stages, and one reminder by hand to all whom the body has."""
    make_rules(round)
    remind(round=round, bodies=[body], recipients=ReminderTo.values, by=by, batch=uuid.uuid4())


def asked(round: Round, body: ImplementingBody, by: User) -> ExtensionRequest:
    """More time for all that the body owes."""
    return ask(round=round, body=body, until=round.due_date + dt.timedelta(19), reason="통계 확정 지연", by=by)
