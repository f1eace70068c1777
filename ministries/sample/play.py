"""Playing a story: each step through the real service, on its day, by the person whose step it is."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from ministries.enums import Disclosure, Rating
from ministries.figures import Figure
from ministries.models import Assignment, Submission
from ministries.sample import ratings, stories
from ministries.sample.accounts import People
from ministries.sample.activities import remark_on
from ministries.sample.reports import Report, Writer
from ministries.sample.stories import Step, Story
from ministries.services import extensions, review_remarks, transitions
from ministries.services.ratings import save_rating
from ministries.services.submissions import Change, RowChange, save_submission
from ministries.services.translations import save_translation
from ministries.translations import TRANSLATABLE
from ministries.warnings import SMALL, warnings
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock

#: In which share of its reports a body translates its texts.
TRANSLATED = 0.1
#: In which share of reports with small numbers it says something about them.
REMARKED = 0.3
#: Of which share of what waits for a decision a coordinator has saved a rating, and how long after the submit.
RATED, LOOKED_AT = 0.4, dt.timedelta(hours=3)
#: What a body has written of a report that it has only begun.
BEGUN = ("department", "results", "shortcomings")


class Player:
    """Plays the submission of one assignment in one round."""

    def __init__(
        self,
        *,
        submission: Submission,
        writer: Writer,
        people: People,
        rating: Rating,
        disclosure: Disclosure,
        ended: bool,
        translator: Writer | None = None,
    ) -> None:
        """``translator`` writes the same in English."""
        self.submission, self.writer, self.people = submission, writer, people
        self.assignment: Assignment = submission.assignment
        self.rating = rating
        self.report: Report = writer.report(self.assignment, rating, disclosure, ended=ended)
        self.english: Report | None = None
        if translator and writer.dice(self.assignment).chance("translated", TRANSLATED):
            self.english = translator.report(self.assignment, rating, disclosure, ended=ended)
        self.results = ""
        self.dice = writer.dice(self.assignment)

    @property
    def focal_point(self) -> User:
        """Who writes and submits."""
        return self.people.focal_points[self.assignment.body_id]

    @property
    def approver(self) -> User:
        """Who signs off."""
        return self.people.approvers[self.assignment.body_id]

    @property
    def coordinator(self) -> User:
        """Who reviews."""
        return self.dice.pick("coordinator", self.people.coordinators)

    def play(self, story: Story) -> None:
        """Take all steps of the story, each at its time."""
        for step in story.steps:
            with clock.at(step.at):
                _STEPS[step.name](self, step)
        waits = bool(story.steps) and story.steps[-1].name == stories.SUBMIT
        if self.writer.is_running and waits and self.dice.chance("rated before the decision", RATED):
            with clock.at(story.steps[-1].at + LOOKED_AT):
                self.rate()

    def write(self, step: Step) -> None:
        """The whole report."""
        report = self.report
        self._save(
            report.fields,
            budget=[
                RowChange(None, {name: Change(None, value) for name, value in line.items()}) for line in report.budget
            ],
            activities=[
                RowChange(None, {name: Change(None, value) for name, value in row.items()}) for row in report.activities
            ],
            indicators=[
                RowChange(indicator.pk, {name: Change(_empty(value), value) for name, value in row.items()})
                for indicator, row in report.indicators.items()
            ],
            body_fields=[
                RowChange(pk, {"value": Change("", answer)})
                for pk, answer in self.writer.own_answers(self.assignment).items()
            ],
        )
        self._answer_warnings()
        self._translate()

    def _answer_warnings(self) -> None:
        """A remark on the small numbers of an activity, where the body has one to make."""
        remarks = [remark_on(self.writer, row["title"]) for row in self.report.activities]
        if not any(remarks) or not self.dice.chance("remark on small numbers", REMARKED):
            return
        by_key = {
            caution.key: Change("", remarks[int(caution.place) - 1])
            for caution in warnings(self.submission)
            if caution.kind == SMALL and caution.field == "activities"
        }
        save_submission(submission=self.submission, by=self.focal_point, changes={}, remarks=by_key)

    def _translate(self) -> None:
        """The body translates what it has written. What it writes later (in answer to a return) stays untranslated."""
        if self.english is None:
            return
        for name, text in self.english.fields.items():
            if name in TRANSLATABLE and self.report.fields.get(name):
                self._save_translation(name, text)
        for row, stored in zip(self.english.activities, self.submission.activities.all(), strict=True):
            self._save_translation("activities.title", row["title"], str(stored.pk))

    def _save_translation(self, field: str, text: str, row: str = "") -> None:
        save_translation(submission=self.submission, field=field, row=row, change=Change("", text), by=self.focal_point)

    def write_part(self, step: Step) -> None:
        """The report as far as it has come."""
        self._save({name: text for name, text in self.report.fields.items() if name in BEGUN})

    def revise(self, step: Step) -> None:
        """Another line in the results, in answer to a return or a send-back."""
        new = (self.results or self.writer.texts.mark) + self.writer.added(self.assignment)
        save_submission(submission=self.submission, by=self.focal_point, changes={"results": Change(self.results, new)})
        self.results = new

    def _save(self, fields: Mapping[str, Any], **rows: Any) -> None:
        before = self.submission
        new = dict(fields)
        plan = (before.this_year_plan or self.writer.this_year_plan(self.assignment)) + self.writer.facts(
            self.assignment, "this_year_plan"
        )
        if plan != before.this_year_plan:
            new["this_year_plan"] = plan
        changes = {name: Change(getattr(before, name), value) for name, value in new.items()}
        save_submission(submission=before, by=self.focal_point, changes=changes, **rows)
        self.results = new.get("results", "")

    def sign_off(self, step: Step) -> None:
        """By the approver."""
        transitions.sign_off(submission=self.submission, by=self.approver)

    def send_back(self, step: Step) -> None:
        """By the approver, with a reason."""
        reason = self.writer.say("sent_back", self.assignment)
        transitions.send_back(submission=self.submission, by=self.approver, reason=reason)

    def submit(self, step: Step) -> None:
        """By the focal point, with the number and day of an official document."""
        pair, dice = self.writer.texts.general["document"], self.dice.about(step.at.date())
        number = self.writer.texts.plain(pair, dice, {"year": step.at.year})
        transitions.submit(
            submission=self.submission, by=self.focal_point, document_number=number, document_date=step.at.date()
        )

    def rate(self) -> None:
        """By the coordinator, before deciding on what lies there: what a confirm would take."""
        given = ratings.coordinator_rating(self.rating, self.dice)
        save_rating(submission=self.submission, by=self.coordinator, rating=given, reason=self._reason(given))

    def give_back(self, step: Step) -> None:
        """By the coordinator, with a reason and remarks; in the running year with a rating before."""
        if self.writer.is_running:
            self.rate()
        has_measures = "improvement_measures" in self.report.fields
        fields = ["results", "improvement_measures" if has_measures else "next_year_plan"]
        given = self.dice.between("remarks", 1, 2)
        fields, kept = fields[:given], fields[given:]
        for name in kept:  # among the coordinators, so far
            text = self.writer.say("remarks", self.assignment, name)
            review_remarks.add_remark(submission=self.submission, field=name, text=text, by=self.coordinator)
        transitions.return_submission(
            submission=self.submission,
            by=self.coordinator,
            reason=self.writer.say("returned", self.assignment),
            comments={name: self.writer.say("remarks", self.assignment, name) for name in fields},
            due_date=step.due_date,
        )

    def resolve(self, step: Step) -> None:
        """By the coordinator: the remarks are dealt with."""
        for comment in self.submission.comments.open():
            review_remarks.resolve_remark(remark=comment, by=self.coordinator)

    def confirm(self, step: Step) -> None:
        """By the coordinator, who mostly agrees with the self-rating."""
        given = ratings.coordinator_rating(self.rating, self.dice)
        transitions.confirm(submission=self.submission, by=self.coordinator, rating=given, reason=self._reason(given))

    def _reason(self, given: Rating) -> str:
        if given is self.rating:
            return self.writer.say("coordinator", self.assignment, "same") if self.dice.chance("reason", 0.3) else ""
        lower = ratings.LADDER.index(given) > ratings.LADDER.index(self.rating)
        return self.writer.say("coordinator", self.assignment, "lower" if lower else "higher")

    def reopen(self, step: Step) -> None:
        """By the coordinator, with a reason."""
        reason = self.writer.say("reopened", self.assignment)
        transitions.reopen(submission=self.submission, by=self.coordinator, reason=reason, due_date=step.due_date)

    def extend(self, step: Step) -> None:
        """By the coordinator, with a reason."""
        reason, until = self.writer.say("extended", self.assignment), step.due_date or clock.today()
        extensions.extend(submission=self.submission, until=until, reason=reason, by=self.coordinator)


def _empty(value: Any) -> Any:
    """What stands in a row before anything is written."""
    return Figure() if isinstance(value, Figure) else ""


_STEPS: dict[str, Callable[[Player, Step], None]] = {
    stories.WRITE: Player.write,
    stories.PART: Player.write_part,
    stories.REVISE: Player.revise,
    stories.SIGN_OFF: Player.sign_off,
    stories.SEND_BACK: Player.send_back,
    stories.SUBMIT: Player.submit,
    stories.RETURN: Player.give_back,
    stories.RESOLVE: Player.resolve,
    stories.CONFIRM: Player.confirm,
    stories.REOPEN: Player.reopen,
    stories.EXTEND: Player.extend,
}
