"""The start page: for each role of a person what to do next, what waits in order of urgency, and a glance at it all."""

import datetime as dt
from typing import TYPE_CHECKING

from ministries import rules
from ministries.enums import Role
from ministries.models import Round
from reports.selectors.start.body import body_part
from reports.selectors.start.lead import COLUMNS, lead_part
from reports.selectors.start.parts import Part
from reports.selectors.start.people import people_part
from reports.selectors.start.reading import figures_part, reading_part

if TYPE_CHECKING:
    from nap_monitor.accounts.models import User

__all__ = ["COLUMNS", "start_page"]


def start_page(user: "User", round: Round | None, last_visit: dt.datetime | None = None) -> list[Part]:
    """The parts of the start page, what presses most first; empty for who holds no role today.

    A coordinator sees all that the panel and the Committee see, so that there is no part of its own for it.
    """
    roles = rules.roles_of(user)
    leads = roles.has(Role.COORDINATOR)
    parts: list[Part] = []
    if leads:
        parts.append(lead_part(user, round))
    if roles.own_bodies:
        parts.append(body_part(user, round))
    if roles.has(Role.PANEL_MEMBER) and not leads:
        parts.append(reading_part(user, round, last_visit))
    if roles.has(Role.COMMITTEE_READER) and not leads:
        parts.append(figures_part())
    if roles.has(Role.ADMINISTRATOR):
        parts.append(people_part(round))
    return parts
