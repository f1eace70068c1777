"""A round with its reminders, for worlds in which every page has something to show."""

import uuid

from ministries.enums import ReminderTo
from ministries.models import ImplementingBody, Round
from ministries.services.reminder_rules import make_rules
from ministries.services.reminders import remind
from nap_monitor.accounts.models import User


def reminded(round: Round, body: ImplementingBody, by: User) -> None:
    """The usual stages, and one reminder by hand to all whom the body has."""
    make_rules(round)
    remind(round=round, bodies=[body], recipients=ReminderTo.values, by=by, batch=uuid.uuid4())
