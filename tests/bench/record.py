"""How long a page of the record takes as it grows: with few events and with a million, the first one and a deep one."""

import datetime as dt
import random
import statistics
import time
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.core.handlers.wsgi import WSGIHandler
from django.db import connection
from django.urls import reverse

from ministries.models import Submission
from ministries.sample.accounts import address
from ministries.selectors.record import Place
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from nap_monitor.lib.audit.models import Event
from tests.bench.pages import asking

#: How long the record is when it is measured.
SIZES = (100_000, 1_000_000)
ROUNDS = 9
AT_ONCE = 5_000
#: What the record holds in a year: mostly saving, which nobody outside the body reads.
KINDS = {
    "save": 60,
    "translate": 6,
    "add_file": 6,
    "sign_off": 5,
    "submit": 8,
    "return": 4,
    "confirm": 4,
    "download": 7,
}
#: A word that stands in no event.
RARE = "nirgendwo"


@dataclass(frozen=True)
class Searched:
    """A search with its median in milliseconds, by the number of events there were."""

    name: str
    milliseconds: dict[int, float]

    @property
    def ratio(self) -> float:
        """How many times as long it takes in the longest record as in the shortest."""
        return self.milliseconds[max(self.milliseconds)] / self.milliseconds[min(self.milliseconds)]


def events(number: int, plan: int, year: int, seed: int) -> Iterator[Event]:
    """Events of the last years, oldest first, about the submissions of a round and by people of the sample."""
    dice = random.Random(seed)
    found = Submission.objects.filter(round__plan__number=plan, round__year=year).select_related(
        "round", "assignment__body", "assignment__action_plan"
    )
    objects = [(str(each.pk), str(each), each.assignment.body.code) for each in found]
    people = [(str(each.pk), f"{each.name} <{each.email}>") for each in User.objects.order_by("email")]
    kinds, weights, end = list(KINDS), list(KINDS.values()), clock.now()
    begin = end - dt.timedelta(days=3 * 365)
    for place in range(number):
        identity, label, body = dice.choice(objects)
        actor, name = dice.choice(people)
        yield Event(
            id=uuid.UUID(int=dice.getrandbits(128), version=4),
            at=begin + (end - begin) * (place / number),
            kind=dice.choices(kinds, weights)[0],
            object_kind="ministries.submission",
            object_id=identity,
            object_label=label,
            object_body=body,
            actor_id=actor,
            actor_label=name,
            actor_role="focal-point",
            actor_body=body,
            reason="자료를 보완하여 다시 제출하시기 바랍니다." if place % 20 == 0 else "",
            data={"fields": ["results", "shortcomings"], "token": ""},
        )


def fill(number: int, plan: int, year: int, seed: int) -> None:
    """Let the record have so many more of these events."""
    waiting: list[Event] = []
    for event in events(number, plan, year, seed):
        waiting.append(event)
        if len(waiting) == AT_ONCE:
            Event.objects.bulk_create(waiting)
            waiting = []
    Event.objects.bulk_create(waiting)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if connection.vendor == "sqlite" else "VACUUM ANALYZE audit_event")


def searches(plan: int, year: int) -> dict[str, str]:
    """The addresses that are asked for, by what they stand for."""
    one = Submission.objects.filter(round__plan__number=plan, round__year=year).select_related(
        "round", "assignment__body", "assignment__action_plan"
    )[0]
    by = {
        "all": {},
        "by person": {"person": address("focal", one.assignment.body)},
        "by body": {"body": one.assignment.body.code},
        "by submission": {"submission": str(one)},
        "by kind": {"kind": "confirm"},
    }
    deep = str(Place.before(clock.now() - dt.timedelta(days=3 * 365 - 30)))
    found = {f"{name}, first page": query for name, query in by.items()}
    found |= {f"{name}, deep page": {**query, "after": deep} for name, query in by.items()}
    week = {"start": (clock.today() - dt.timedelta(days=3 * 365 - 23)).isoformat()}
    week["end"] = (clock.today() - dt.timedelta(days=3 * 365 - 30)).isoformat()
    found["a week, first page"] = week
    found["a week and a person"] = {**week, **by["by person"]}
    found["all of it at once"] = {**by["by person"], **by["by body"], **by["by kind"]}
    found["words that stand nowhere"] = {"q": RARE}
    page = reverse("ministries:record_list")
    return {name: f"{page}?{urlencode(query)}" for name, query in found.items()}


def measure(plan: int, year: int, sizes: Sequence[int] = SIZES, rounds: int = ROUNDS) -> list[Searched]:
    """Fill the record to each size in turn, and ask for every search."""
    lead, took = User.objects.get(email=address("coordinator")), dict[str, dict[int, float]]()
    there = 0
    for size in sizes:
        fill(size - there, plan, year, seed=size)
        there = size
        handler = WSGIHandler()
        asked = {name: asking(handler, path, lead) for name, path in searches(plan, year).items()}
        seconds: dict[str, list[float]] = {name: [] for name in asked}
        for number in range(rounds + 1):
            for name, ask in asked.items():
                begin = time.perf_counter()
                ask()
                if number:
                    seconds[name].append(time.perf_counter() - begin)
        for name, all_of_them in seconds.items():
            took.setdefault(name, {})[size] = statistics.median(all_of_them) * 1000
    return [Searched(name, milliseconds) for name, milliseconds in took.items()]


def table(took: Sequence[Searched]) -> list[str]:
    """The lines to print: each search by the length of the record, and how many times as long it takes at the end."""
    sizes = list(took[0].milliseconds)
    lines = [f"{'search':<30}" + "".join(f"{f'{size:,} events, ms':>24}" for size in sizes) + f"{'ratio':>8}"]
    for each in took:
        numbers = "".join(f"{each.milliseconds[size]:>24.1f}" for size in sizes)
        lines.append(f"{each.name:<30}{numbers}{each.ratio:>8.2f}")
    return lines
