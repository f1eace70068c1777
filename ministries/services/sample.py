"""Loading sample data: accounts, indicators and rounds of a plan, played through the other services."""

import datetime as dt
from dataclasses import dataclass

from django.conf import settings
from django.db import transaction
from django.db.models import F, prefetch_related_objects
from django.utils.translation import gettext as _

from ministries.models import Assignment, ImplementingBody, Notice, Round
from ministries.sample.accounts import People, taken_addresses
from ministries.sample.calendar import dates_of
from ministries.sample.indicators import make_indicators
from ministries.sample.own_fields import make_own_fields
from ministries.sample.reminders import name_offices, write_logs
from ministries.sample.texts import Texts
from ministries.sample.years import Years
from nap_monitor.lib import clock
from objectives.models import Plan

#: People are appointed, and indicators defined, this long before the first round opens.
BEFORE_ALL = dt.timedelta(days=300)
#: Notices of this time are unread.
UNREAD = dt.timedelta(days=14)


class SampleRefusedError(Exception):
    """Sample data may not be loaded here. The message is the sentence that says why."""


@dataclass(frozen=True)
class Loaded:
    """The sample rounds of a plan, oldest first, and whether they were made just now."""

    plan: Plan
    rounds: list[Round]
    is_new: bool


@transaction.atomic
def load_sample(*, plan: Plan) -> Loaded:
    """Sample accounts, indicators and rounds for ``plan``. Where its sample rounds are there, nothing changes.

    Two years that are over and one that is under way today (fewer where the plan has fewer years). The same plan gives
    the same texts, figures and versions wherever it is loaded; only the days of the last round, and of exceptions,
    count from today.

    Raises :class:`SampleRefusedError` outside a sample installation, beside rounds that are no sample, where a sample
    address belongs to somebody else, and for a plan that nobody carries.
    """
    _check_installation()
    rounds = list(Round.objects.filter(plan=plan, is_sample=True).order_by("year"))
    if rounds:
        return Loaded(plan, rounds, is_new=False)
    _check_no_real_rounds()
    assignments = list(
        Assignment.objects.filter(action_plan__plan=plan)
        .select_related("body", "action_plan__plan")
        .prefetch_related("body__names")
    )
    if not assignments:
        raise SampleRefusedError(
            _("Plan %(number)s has no assignments, so there is nothing to report on.") % {"number": plan.number}
        )
    bodies = list(ImplementingBody.objects.prefetch_related("names"))
    taken = taken_addresses(bodies)
    if taken:
        raise SampleRefusedError(
            _("These addresses of sample accounts belong to somebody else here: %(list)s.") % {"list": ", ".join(taken)}
        )
    texts, calendar = Texts.of(plan), dates_of(plan, clock.today())
    beginning = calendar[0].opening - BEFORE_ALL
    people = People(texts=texts, bodies=bodies, year=plan.end_year, start=beginning)
    with clock.at(beginning):
        make_indicators(plan, assignments, texts)
        own_fields = make_own_fields(assignments, texts, people)
    prefetch_related_objects(assignments, "action_plan__indicators__targets")
    years = Years(
        plan=plan, assignments=assignments, texts=texts, people=people, calendar=calendar, own_fields=own_fields
    )
    name_offices({row.body_id: row.body for row in sorted(assignments, key=lambda row: row.body.order)}.values())
    played = years.play()
    write_logs(played, people, clock.today())
    # Of what happened weeks ago people have read.
    Notice.objects.filter(at__lt=clock.now() - UNREAD, read_at=None).update(read_at=F("at"))
    return Loaded(plan, played, is_new=True)


def _check_installation() -> None:
    if not settings.SAMPLE_INSTALLATION:
        raise SampleRefusedError(
            _("No sample data may be loaded here: this is no sample installation (SAMPLE_INSTALLATION is not true).")
        )


def _check_no_real_rounds() -> None:
    real = Round.objects.filter(is_sample=False).order_by("plan__number", "year")
    if real.exists():
        years = ", ".join(f"{number}/{year}" for number, year in real.values_list("plan__number", "year"))
        raise SampleRefusedError(
            _("No sample data may be loaded here: there are rounds that are no sample (plan/year: %(rounds)s).")
            % {"rounds": years}
        )
