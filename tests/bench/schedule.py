"""How long the schedule takes to remind many bodies, over a real mail server: it must grow with their number alone."""

import datetime as dt
import time
from dataclasses import dataclass

from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext, override_settings

from ministries.enums import Delivery, Role
from ministries.models import Appointment, Assignment, BodyName, ImplementingBody, Round, Submission
from ministries.selectors import reminders as selectors
from ministries.services import schedule
from ministries.services.reminder_rules import make_rules
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from objectives.models import ActionPlan, Plan
from tests.mail_server import serving

#: Bodies at each measurement; each has a focal point and so many submissions.
SIZES = (250, 500, 1000)
SUBMISSIONS = 5


@dataclass(frozen=True)
class Took:
    """A run over so many bodies: seconds to find what is due, seconds of the whole run with sending and confirming, its
    queries to find, and how many e-mails the server took."""

    bodies: int
    finding: float
    whole: float
    queries: int
    taken: int


def measure(sizes: tuple[int, ...] = SIZES) -> list[Took]:
    """Run over each number of bodies, in a transaction that is undone."""
    Round.objects.filter(closing_date__gte=clock.today()).update(
        opening_date=dt.date(2000, 1, 1), due_date=dt.date(2000, 1, 2), closing_date=dt.date(2000, 1, 3)
    )
    Submission.objects.filter(extended_until__isnull=False).update(extended_until=None)
    return [_measure(number) for number in sizes]


def _measure(number: int) -> Took:
    with serving() as server, transaction.atomic():
        _make(number)
        backend = {
            "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
            "EMAIL_HOST": "127.0.0.1",
            "EMAIL_PORT": server.port,
        }
        begin = time.perf_counter()
        with CaptureQueriesContext(connection) as asked:
            selectors.plan()
        finding = time.perf_counter() - begin
        begin = time.perf_counter()
        with override_settings(**backend):
            report = schedule.run()
        whole = time.perf_counter() - begin
        if report.number(Delivery.SENT) != number:
            raise RuntimeError(f"{report.number(Delivery.SENT)} of {number} e-mails were sent")
        transaction.set_rollback(True)
    return Took(number, finding, whole, len(asked), len(server.messages))


def _make(number: int) -> None:
    """A round that is due in two days, with so many bodies."""
    today = clock.today()
    plan = Plan.objects.create(number=999, title={"en": "Bench"}, start_year=2031, end_year=2033)
    strategy = ActionPlan.objects.order_by("pk").first().strategy
    actions = [
        ActionPlan.objects.create(plan=plan, strategy=strategy, code=f"B.{each}", title={"en": "Action"}, order=each)
        for each in range(SUBMISSIONS)
    ]
    bodies = ImplementingBody.objects.bulk_create(
        ImplementingBody(code=f"BENCH{each}", order=each) for each in range(number)
    )
    BodyName.objects.bulk_create(BodyName(body=each, name={"en": each.code, "ko": each.code}) for each in bodies)
    people = User.objects.bulk_create(
        User(email=f"bench{each}@example.org", name=f"Bench {each}", password="!") for each in range(number)
    )
    Appointment.objects.bulk_create(
        Appointment(user=user, role=Role.FOCAL_POINT, body=body, start=today)
        for user, body in zip(people, bodies, strict=True)
    )
    assignments = Assignment.objects.bulk_create(
        Assignment(action_plan=action, body=body, start_year=2031, end_year=2033)
        for body in bodies
        for action in actions
    )
    days = {
        "opening_date": today,
        "due_date": today + dt.timedelta(days=2),
        "closing_date": today + dt.timedelta(days=9),
    }
    round = Round.objects.create(plan=plan, year=2031, **days)
    make_rules(round)
    Submission.objects.bulk_create(Submission(round=round, assignment=each) for each in assignments)


def table(took: list[Took]) -> list[str]:
    """The lines to print: milliseconds a body must not grow with their number."""
    lines = [f"{'bodies':>8}{'e-mails':>10}{'finding s':>12}{'queries':>10}{'whole run s':>14}{'ms a body':>12}"]
    for each in took:
        share = each.whole / each.bodies * 1000
        lines.append(
            f"{each.bodies:>8}{each.taken:>10}{each.finding:>12.2f}{each.queries:>10}{each.whole:>14.2f}{share:>12.2f}"
        )
    return lines
