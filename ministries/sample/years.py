"""The sample's rounds: made and played, year by year."""

import datetime as dt
from collections.abc import Mapping, Sequence

from ministries.enums import Disclosure, Rating
from ministries.models import Assignment, BodyField, Round
from ministries.sample import ratings
from ministries.sample.accounts import People
from ministries.sample.calendar import Dates
from ministries.sample.dice import Dice
from ministries.sample.play import Player
from ministries.sample.reports import Writer
from ministries.sample.stories import stories
from ministries.sample.texts import Texts
from ministries.services.changes import Change
from ministries.services.guidance import write_guidance
from ministries.services.rounds import create_round
from nap_monitor.lib import clock
from objectives.models import Plan

#: A round is made this long before it opens.
PREPARED = dt.timedelta(days=10)
#: For which share of the action plans there is guidance of their own, and again in the running year.
GUIDED, GUIDED_AGAIN = 0.6, 0.7


class Years:
    """Plays the years of a plan one after the other, and remembers what has ended."""

    def __init__(
        self,
        *,
        plan: Plan,
        assignments: Sequence[Assignment],
        texts: Texts,
        people: People,
        calendar: Sequence[Dates],
        own_fields: Mapping[str, Sequence[BodyField]],
    ) -> None:
        """``own_fields``: the fields of a body's own, by the body's code."""
        self._plan, self._assignments, self._texts = plan, assignments, texts
        self._people, self._calendar, self._own_fields = people, calendar, own_fields
        self._today = clock.today()
        self._ended: set[int] = set()

    def play(self) -> list[Round]:
        """All years, oldest first."""
        return [self._year(place, dates) for place, dates in enumerate(self._calendar)]

    def _year(self, place: int, dates: Dates) -> Round:
        new = self._make_round(dates)
        dice = Dice(self._plan.number, dates.year)
        rows = [row for row in self._assignments if row.start_year <= dates.year <= row.end_year]
        own = ratings.self_ratings(rows, dice, ended=self._ended, may_end=place > 0)
        writer, translator = self._writer(self._texts, dates), None
        if self._texts.language == "ko":
            translator = self._writer(Texts.of(self._plan, "en"), dates)
        submissions = {row.assignment_id: row for row in new.submissions.select_related("round__plan")}
        last_over = place == len(self._calendar) - 2
        told = stories(rows, dates, dice, today=self._today, last_over=last_over)
        closed = ratings.disclosures([story.assignment for story in told if story.is_written], dice)
        for story in told:
            row = story.assignment
            submission = submissions[row.pk]
            submission.assignment = row
            Player(
                submission=submission,
                writer=writer,
                people=self._people,
                rating=own[row.pk],
                disclosure=closed.get(row.pk, Disclosure.OPEN),
                ended=row.pk in self._ended,
                translator=translator,
            ).play(story)
        missing = set(new.submissions.filter(first_submitted_at=None).values_list("assignment_id", flat=True))
        self._ended |= {pk for pk, rating in own.items() if rating is Rating.COMPLETED} - missing
        return new

    def _writer(self, texts: Texts, dates: Dates) -> Writer:
        return Writer(
            texts=texts,
            plan=self._plan,
            year=dates.year,
            is_running=dates.is_running,
            bodies={row.body.code: row.body for row in self._assignments},
            own_fields=self._own_fields,
        )

    def _make_round(self, dates: Dates) -> Round:
        guidance = self._texts.both(self._texts.general["guidance"], {"year": dates.year}, marked=True)
        with clock.at(dates.opening - PREPARED):
            new = create_round(
                plan=self._plan,
                year=dates.year,
                opening_date=dates.opening,
                due_date=dates.due,
                closing_date=dates.closing,
                by=self._people.coordinators[0],
                guidance=guidance,
                is_sample=True,
            )
            self._guide(new, dates)
        return new

    def _guide(self, round: Round, dates: Dates) -> None:
        """Say of some action plans what is to be written; in the running year not of all that had it before."""
        for action_plan in {row.action_plan_id: row.action_plan for row in self._assignments}.values():
            dice = Dice(self._plan.number, action_plan.code)
            if not dice.chance("guidance", GUIDED) or (dates.is_running and not dice.chance("again", GUIDED_AGAIN)):
                continue
            pair = self._texts.pick("guidance_of_action_plans", dice)
            text = self._texts.both(pair, {"year": dates.year}, marked=True)
            changes = {f"text_{language}": Change("", words) for language, words in text.items()}
            write_guidance(round=round, action_plan=action_plan, changes=changes, by=self._people.coordinators[0])
