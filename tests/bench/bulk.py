"""How long a bulk confirm takes: a hundred submissions of a year, each with its saved rating."""

import statistics
import time

from django.db.models import Count, Q
from django.test import Client
from django.urls import reverse

from ministries.enums import Rating, State
from ministries.models import Round, SavedRating, Submission
from ministries.sample.accounts import address
from nap_monitor.accounts.models import User
from tests.bench.pages import Took

#: So many submissions are confirmed at once, and so many times.
NUMBER, RUNS = 100, 3
READY = Q(state__in=(State.SUBMITTED, State.CONFIRMED))


def measure(plan: int, number: int = NUMBER, runs: int = RUNS) -> Took:
    """Confirm what is chosen, set it back, and again; the median counts. Fewer where no round has so many."""
    user = User.objects.get(email=address("coordinator"))
    asked = Count("submissions", filter=Q(submissions__state__in=(State.SUBMITTED, State.CONFIRMED)))
    round_ = Round.objects.filter(plan__number=plan).annotate(ready=asked).order_by("-ready", "-year")[0]
    chosen = list(
        Submission.objects.filter(READY, round=round_).select_related(
            "submitted_version", "assignment__body", "assignment__action_plan"
        )[:number]
    )
    for each in chosen:
        SavedRating.objects.update_or_create(
            submission=each,
            defaults={"version": each.submitted_version, "rating": Rating.ON_TRACK, "by": user, "count": 1},
        )
        each.comments.all().delete()
    client, seconds = Client(SERVER_NAME="127.0.0.1"), []
    client.force_login(user)
    where = reverse("ministries:review_confirm", args=[plan, round_.year])
    for _run in range(runs):
        keys = [each.pk for each in chosen]
        Submission.objects.filter(pk__in=keys).update(state=State.SUBMITTED)
        steps = dict(Submission.objects.filter(pk__in=keys).values_list("pk", "step"))
        rows = [f"{each.assignment.body.code}/{each.assignment.action_plan.code}:{steps[each.pk]}:1" for each in chosen]
        begin = time.perf_counter()
        answer = client.post(where, {"row": rows})
        seconds.append(time.perf_counter() - begin)
        done = Submission.objects.filter(pk__in=keys, state=State.CONFIRMED).count()
        if answer.status_code != 302 or done != len(chosen):
            raise RuntimeError(f"Of {len(chosen)} submissions {done} were confirmed ({answer.status_code}).")
    return Took(f"bulk confirm of {len(chosen)}", statistics.median(seconds) * 1000, 0)
