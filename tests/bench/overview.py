"""The overview of a round at three sizes, first and unchanged, as ratios to an empty page behind the sign-in; and again
with ten times the record and the versions, and with more rounds, which must change nothing.
"""

import datetime as dt
import statistics
import time
import uuid
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from wsgiref.util import setup_testing_defaults

from django.core.cache import caches
from django.core.handlers.wsgi import WSGIHandler
from django.db import transaction
from django.urls import reverse

from ministries.enums import State
from ministries.models import Assignment, BodyName, ImplementingBody, Round, Submission, SubmissionVersion
from ministries.sample.accounts import address
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from nap_monitor.lib.audit.models import Event
from objectives.models import ActionPlan, Area, Objective, Plan, Strategy
from tests.bench.pages import session_of

#: Each page is asked for so many times, in turn with the empty one; the median counts. The largest less often.
TIMES, TIMES_OF_LARGE = 25, 5
LARGE = 5_000
#: Bodies and action plans of the plans that are made, each body with a duty for each action plan.
SIZES = ((34, 35), (100, 119))
#: After a change; for somebody whose browser has no copy; unchanged for who has one.
WAYS = ("first", "again", "unchanged")
#: The browser's mark against forged posts: without it no page is kept.
MARK = "csrftoken=" + "b" * 32
HASH = sha256(b"{}").hexdigest()
#: So many events and versions there are for one that there was.
TIMES_THE_RECORD = 10


@dataclass(frozen=True)
class Asked:
    """A page in one situation: its milliseconds, and those of the empty page in the same turns."""

    name: str
    milliseconds: float
    empty: float
    kilobytes: float

    @property
    def ratio(self) -> float:
        """How many empty pages behind the sign-in it takes."""
        return self.milliseconds / self.empty


def make_plan(number: int, bodies: int, actions: int, year: int) -> Round:
    """A plan of this size with a round of ``year`` and of the year before, its submissions in all states."""
    plan = Plan.objects.create(number=number, title={"ko": f"시험 {number}"}, start_year=year - 9, end_year=year + 9)
    carriers = ImplementingBody.objects.bulk_create(
        ImplementingBody(code=f"X{number}-{each}", order=1000 + each) for each in range(bodies)
    )
    BodyName.objects.bulk_create(
        BodyName(body=body, name={"ko": f"시험기관 {body.code}"}, short_name={"ko": body.code}) for body in carriers
    )
    area = Area.objects.create(plan=plan, code="area", order=1, title={"ko": "분야"})
    objective = Objective.objects.create(area=area, code="1", order=1, title={"ko": "목표"})
    strategies = Strategy.objects.bulk_create(
        Strategy(objective=objective, code=f"1.{each}", order=each, title={"ko": f"세부과제 {each}"})
        for each in range(1 + actions // 2)
    )
    plans = ActionPlan.objects.bulk_create(
        ActionPlan(
            plan=plan, strategy=strategies[each // 2], code=f"1.{each // 2}.{each}", order=each, title={"ko": "과제"}
        )
        for each in range(actions)
    )
    assignments = Assignment.objects.bulk_create(
        Assignment(action_plan=one, body=body, start_year=year - 9, end_year=year + 9)
        for one in plans
        for body in carriers
    )
    for each in (year - 1, year):
        made = make_round(plan, each)
        _fill(made, assignments)
    return made


def make_round(plan: Plan, year: int) -> Round:
    """A round without submissions."""
    today = clock.today()
    days = {"opening_date": today - dt.timedelta(days=60), "due_date": today, "closing_date": today}
    return Round.objects.create(plan=plan, year=year, **days)


@transaction.atomic
def _fill(made: Round, assignments: list[Assignment]) -> None:
    """Submissions in all states, with their versions: rows plainly, as the services would take minutes."""
    states, moment = list(State), clock.now() - dt.timedelta(days=9)
    rows = []
    for number, each in enumerate(assignments):
        state = states[number % len(states)]
        row = Submission(round=made, assignment=each, state=state, started_at=moment, self_rating="on-track")
        row.came_from = State.DRAFT if state == State.SIGNED_OFF else ""
        if state not in (State.DRAFT, State.SIGNED_OFF):
            row.submitted_version_id, row.first_submitted_at, row.last_submitted_at = uuid.uuid4(), moment, moment
        if state == State.CONFIRMED:
            row.confirmed_version_id, row.confirmed_at = row.submitted_version_id, moment
            row.coordinator_rating = "attention"
        rows.append(row)
    # What names a version is written before it: the database looks when the transaction ends.
    saved = Submission.objects.bulk_create(rows, batch_size=500)
    SubmissionVersion.objects.bulk_create(
        (
            SubmissionVersion(
                id=row.submitted_version_id,
                submission=row,
                number=1,
                kind="submit",
                schema=1,
                content=b"{}",
                sha256=HASH,
            )
            for row in saved
            if row.submitted_version_id
        ),
        batch_size=500,
    )


def lengthen_record(times: int = TIMES_THE_RECORD) -> None:
    """So many times the events and the versions, all of days before yesterday."""
    past = clock.now() - dt.timedelta(days=30)
    made = [
        Event(kind=each.kind, at=past, object_kind=each.object_kind, object_id=each.object_id, object_label="x")
        for each in Event.objects.all()
        for _ in range(times - 1)
    ]
    Event.objects.bulk_create(made, batch_size=2000)
    more = [
        SubmissionVersion(
            submission_id=each.submission_id,
            number=100 * (1 + number) + each.number,
            kind=each.kind,
            schema=each.schema,
            content=each.content,
            sha256=each.sha256,
        )
        for each in SubmissionVersion.objects.filter(submission__round__plan__number__lt=90)
        for number in range(times - 1)
    ]
    SubmissionVersion.objects.bulk_create(more, batch_size=500)


class Reader:
    """A coordinator's browser, asking the whole program as a web server does."""

    def __init__(self, user: User) -> None:
        self._handler, self._cookie = WSGIHandler(), f"{session_of(user)}; {MARK}"

    def ask(self, path: str, mark: str = "") -> tuple[int, str, float, int]:
        """Status, mark, seconds and bytes of an answer; ``mark`` is that of the page that the browser has."""
        environ: dict[str, object] = {"PATH_INFO": path, "HTTP_COOKIE": self._cookie, "wsgi.input": BytesIO()}
        setup_testing_defaults(environ)
        if mark:
            environ["HTTP_IF_NONE_MATCH"] = mark
        said: list[tuple[str, list[tuple[str, str]]]] = []
        begin = time.perf_counter()
        response = self._handler(environ, lambda status, headers: said.append((status, headers)))
        length = sum(len(part) for part in response)
        seconds = time.perf_counter() - begin
        response.close()
        status, headers = said[0]
        return int(status[:3]), dict(headers).get("ETag", ""), seconds, length


def _measured(reader: Reader, name: str, path: str, times: int) -> list[Asked]:
    """The page as it is made, as it is answered from what was made before, and as the browser has it already."""
    mark = reader.ask(path)[1]
    seconds: dict[str, list[float]] = {way: [] for way in (*WAYS, "empty")}
    sizes = dict.fromkeys(WAYS, 0)
    for _ in range(times):
        for way in WAYS:
            if way == "first":
                caches["pages"].clear()
            asked = mark if way == "unchanged" else ""
            status, mark_now, took, sizes[way] = reader.ask(path, asked)
            if asked and status == 200:  # every five minutes a page is made anew
                status, _, took, sizes[way] = reader.ask(path, mark_now)
            if status != (304 if way == "unchanged" else 200):
                raise RuntimeError(f"{path} answered {status}")
            mark = mark_now or mark
            seconds[way].append(took)
        seconds["empty"].append(reader.ask("/bench/signed-in/")[2])
    medians = {way: statistics.median(each) * 1000 for way, each in seconds.items()}
    return [Asked(f"{name}, {way}", medians[way], medians["empty"], sizes[way] / 1000) for way in sizes]


def measure(plan: int, *, sizes: tuple[tuple[int, int], ...] = SIZES, times: int = TIMES) -> list[Asked]:
    """The overview of the plan's running round and of made ones; then the first again with more record and rounds."""
    running = Round.objects.select_related("plan").filter(plan__number=plan).order_by("-year")[0]
    reader = Reader(User.objects.get(email=address("coordinator")))
    found: list[Asked] = []

    def take(made: Round, what: str = "") -> None:
        count = made.submissions.count()
        path = reverse("ministries:overview", args=[made.plan.number, made.year])
        found.extend(_measured(reader, f"{count:,}{what}", path, TIMES_OF_LARGE if count > LARGE else times))

    take(running)
    made = [make_plan(90 + number, *size, running.year) for number, size in enumerate(sizes)]
    for each in made:
        take(each)
    lengthen_record()
    take(running, f", {TIMES_THE_RECORD} x the record")
    for year in range(running.year + 1, running.year + 11):
        make_round(running.plan, year)
    take(running, ", 10 more rounds")
    return found


def table(asked: list[Asked]) -> list[str]:
    """The lines to print: each as a ratio to the empty page behind the sign-in."""
    lines = [f"{'overview, submissions':<36}{'x signed in':>13}{'ms':>9}{'kB':>8}"]
    lines += [f"{each.name:<36}{each.ratio:>13.1f}{each.milliseconds:>9.2f}{each.kilobytes:>8.0f}" for each in asked]
    return lines
