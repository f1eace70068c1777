"""``manage.py load_sample``: sample accounts and the sample years of a plan, in a sample installation only."""

import unicodedata
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db.models import Count, Q
from django.utils.translation import gettext as _

from ministries.enums import State
from ministries.models import Round
from ministries.sample.accounts import PASSWORD, Account, sample_accounts
from ministries.services.sample import Loaded, SampleRefusedError, load_sample
from objectives.models import Plan

#: What loads the plan that comes with the project.
LOADING = ("manage.py load_bodies fixtures/reference.yaml", "manage.py load_plan fixtures/nap3.yaml")


class Command(BaseCommand):
    """Loads the sample; says what there is and who may sign in."""

    help = "Load sample accounts and sample years of a plan (sample installations only). Twice changes nothing."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--plan", type=int, help="number of the plan; needed only where several are loaded")
        parser.add_argument("--accounts", action="store_true", help="only list the sample accounts")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["accounts"]:
            plan = _plan(options["plan"])
            try:
                loaded = load_sample(plan=plan)
            except SampleRefusedError as refused:
                raise CommandError(str(refused)) from None
            for line in _about(loaded):
                self.stdout.write(line)
            self.stdout.write("")
        for line in _table(sample_accounts()):
            self.stdout.write(line)


def _plan(number: int | None) -> Plan:
    plans = {plan.number: plan for plan in Plan.objects.all()}
    known = ", ".join(str(each) for each in plans)
    if not plans:
        raise CommandError(
            _("No plan is loaded yet. Load one first: %(commands)s.") % {"commands": " && ".join(LOADING)}
        )
    if number is None and len(plans) > 1:
        with_sample = Round.objects.filter(is_sample=True).order_by("plan__number")
        number = with_sample.values_list("plan__number", flat=True).first()
        if number is None:
            raise CommandError(_("Several plans are loaded. Say which one with --plan: %(known)s.") % {"known": known})
    if number is not None and number not in plans:
        raise CommandError(
            _("There is no plan %(number)s. The plans are: %(known)s.") % {"number": number, "known": known}
        )
    return next(iter(plans.values())) if number is None else plans[number]


def _about(loaded: Loaded) -> list[str]:
    new, old = _("The sample of plan %(number)s is loaded:"), _("The sample of plan %(number)s is there already:")
    head = (new if loaded.is_new else old) % {"number": loaded.plan.number}
    counted = Round.objects.filter(pk__in=[each.pk for each in loaded.rounds]).order_by("year")
    counted = counted.annotate(
        all=Count("submissions"), confirmed=Count("submissions", filter=Q(submissions__state=State.CONFIRMED))
    )
    row = _("%(year)s: %(all)s submissions, %(confirmed)s of them confirmed; due on %(due)s")
    return [
        head,
        *(
            "  " + row % {"year": each.year, "all": each.all, "confirmed": each.confirmed, "due": each.due_date}
            for each in counted
        ),
    ]


def _table(accounts: Sequence[Account]) -> list[str]:
    if not accounts:
        return [_("There are no sample accounts here.")]
    rows = [[_("Address"), _("Password"), _("Role"), _("Body")]]
    rows += [[each.email, PASSWORD, str(each.role.label), each.body] for each in accounts]
    widths = [max(_width(row[column]) for row in rows) for column in range(len(rows[0]) - 1)]
    return ["  ".join([*map(_padded, row, widths), row[-1]]).rstrip() for row in rows]


def _width(text: str) -> int:
    """How many columns of a terminal a text takes: Korean letters take two."""
    return sum(2 if unicodedata.east_asian_width(letter) in "WF" else 1 for letter in text)


def _padded(text: str, width: int) -> str:
    return text + " " * (width - _width(text))
