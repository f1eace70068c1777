"""How long the main pages take on the real plan with its sample years, as ratios to an empty page."""

import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from io import BytesIO
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.core.handlers.wsgi import WSGIHandler
from django.db.models import Count
from django.urls import reverse

from ministries.enums import Role, State
from ministries.models import ImplementingBody, Round, Submission, WorkbookUpload
from ministries.sample.accounts import address
from ministries.selectors.workbooks import body_book
from ministries.services.workbooks import keep_upload
from ministries.workbook.download import workbook_for
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock

#: Each page is asked for so many times, in turn with the others; the median counts.
ROUNDS = 25
#: Rounds before, in which templates are read and compiled.
WARMING = 2
#: A body with a usual number of assignments.
BODY = "MND"
#: The one with the most, whose workbook is written and read.
LARGEST = "MOGEF"

EMPTY, SIGNED_IN = "empty page", "empty page behind the sign-in"


@dataclass(frozen=True)
class Took:
    """A page with its median in milliseconds, and how much it shows."""

    name: str
    milliseconds: float
    kilobytes: float


def session_of(user: User) -> str:
    """The cookie of a browser at which this person is signed in."""
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.hold()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def pages(plan: int) -> list[tuple[str, str, User | None]]:
    """What is measured: name, address, who asks."""
    running = Round.objects.select_related("plan").filter(plan__number=plan).order_by("-year")[0]
    last = Round.objects.get(plan__number=plan, year=running.year - 1)
    own = Submission.objects.filter(round=running, assignment__body__code=BODY)
    draft = own.filter(state=State.DRAFT).select_related("round__plan", "assignment__body", "assignment__action_plan")[
        0
    ]
    editable = own.filter(state__in=(State.DRAFT, State.RETURNED)).annotate(rows=Count("activities")).order_by("-rows")
    largest = editable.select_related("round__plan", "assignment__body", "assignment__action_plan")[0]
    submitted = Submission.objects.filter(round=running, state=State.SUBMITTED)[0]
    body = draft.assignment.body
    focal, lead = (User.objects.get(email=each) for each in (address("focal", body), address("coordinator")))
    assert lead.appointments.get().role == Role.COORDINATOR
    widest = ImplementingBody.objects.prefetch_related("names").get(code=LARGEST)
    writer = User.objects.get(email=address("focal", widest))
    place, upload = [plan, running.year, widest.code], _upload(running, widest, writer)
    many = running.submissions.filter(assignment__body=widest).count()
    total, waiting = running.submissions.count(), running.submissions.filter(state=State.SUBMITTED).count()
    year = [plan, running.year]
    return [
        (EMPTY, "/bench/empty/", None),
        (SIGNED_IN, "/bench/signed-in/", focal),
        ("sign-in page", reverse("account_login"), None),
        ("start page, focal point", reverse("home"), focal),
        (f"list, focal point ({own.count()} rows)", reverse("ministries:submission_list", args=year), focal),
        ("form", reverse("ministries:submission_change", args=draft.address), focal),
        (f"workbook of {many} submissions, out", reverse("ministries:workbook_download", args=place), writer),
        (f"workbook of {many} submissions, dry run", upload.get_absolute_url(), writer),
        ("steps of the form", reverse("ministries:submission_write", args=largest.address), focal),
        (
            f"its largest step ({largest.activities.count()} activities)",
            reverse("ministries:submission_write_step", args=[*largest.address, "activities"]),
            focal,
        ),
        ("translation, focal point", reverse("ministries:submission_translation", args=largest.address), focal),
        (f"sign-off desk ({own.count()} rows)", reverse("ministries:signoff_desk", args=[*year, BODY]), focal),
        ("start page, coordinator", reverse("home"), lead),
        (f"list, coordinator ({total} rows)", reverse("ministries:submission_list", args=year), lead),
        ("page of a submission, coordinator", submitted.get_absolute_url(), lead),
        (f"review queue ({waiting} rows)", reverse("ministries:review_queue", args=year), lead),
        ("review of a submission", reverse("ministries:review", args=submitted.address), lead),
        ("plan", reverse("ministries:plan_detail", args=[plan]), focal),
        (f"ratings of {last.year}", reverse("reports:summary", args=[plan, last.year]), focal),
    ]


def _upload(running: Round, body: ImplementingBody, user: User) -> WorkbookUpload:
    """The body's workbook as it was downloaded, waiting to be applied: all of it is read, nothing changes."""
    content = workbook_for(body_book(running, body), user, clock.now())
    return keep_upload(round=running, body=body, by=user, name="bench.xlsx", content=content)


def asking(handler: WSGIHandler, path: str, user: User | None) -> Callable[[], int]:
    """Asks for a page through the whole program, as a web server does; gives the length of the answer."""
    cookie = session_of(user) if user else ""
    place, _mark, query = path.partition("?")

    def ask() -> int:
        environ: dict[str, object] = {"PATH_INFO": place, "HTTP_COOKIE": cookie, "wsgi.input": BytesIO()}
        environ["QUERY_STRING"] = query
        setup_testing_defaults(environ)
        said: list[str] = []
        response = handler(environ, lambda status, headers: said.append(status))
        length = sum(len(part) for part in response)
        response.close()
        if not said[0].startswith("200"):
            raise RuntimeError(f"{path} answered {said[0]}")
        return length

    return ask


def measure(plan: int, rounds: int = ROUNDS) -> list[Took]:
    """Ask for all pages in turn, so that what else the machine does meets each of them alike."""
    handler = WSGIHandler()
    asked = {name: asking(handler, path, user) for name, path, user in pages(plan)}
    seconds: dict[str, list[float]] = {name: [] for name in asked}
    lengths = dict.fromkeys(asked, 0)
    for number in range(WARMING + rounds):
        for name, ask in asked.items():
            begin = time.perf_counter()
            lengths[name] = ask()
            if number >= WARMING:
                seconds[name].append(time.perf_counter() - begin)
    return [Took(name, statistics.median(seconds[name]) * 1000, lengths[name] / 1000) for name in asked]


def table(took: list[Took]) -> list[str]:
    """The lines to print: each page's time as a ratio to both empty pages."""
    by_name = {page.name: page.milliseconds for page in took}
    lines = [f"{'page':<36}{'x empty':>10}{'x signed in':>13}{'ms':>9}{'kB':>8}"]
    for page in took:
        empty, signed_in = (page.milliseconds / by_name[name] for name in (EMPTY, SIGNED_IN))
        lines.append(f"{page.name:<36}{empty:>10.1f}{signed_in:>13.1f}{page.milliseconds:>9.2f}{page.kilobytes:>8.0f}")
    return lines
