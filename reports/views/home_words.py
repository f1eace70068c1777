"""What the start page says: the groups of what waits, and the card with the one thing to do next."""

from dataclasses import dataclass
from typing import Any

from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from reports.selectors.start.parts import Next

#: What the groups of waiting submissions are called.
TASKS = {
    "overdue": _("Overdue"),
    "returned": _("Returned: to be completed"),
    "to-sign-off": _("Complete: to be signed off"),
    "to-submit": _("Signed off: to be submitted"),
    "due": _("Due within a week"),
    "drafts": _("Drafts"),
    "not-started": _("Not started yet"),
    "waiting": _("Waiting for the approver"),
    "closed": _("Not submitted when the period closed"),
    "to-review": _("To be reviewed, oldest first"),
    "elsewhere": _("Still awaited from other years"),
    "confirmed": _("Confirmed last"),
}

#: The card's heading. Plural ones count ``number``; ``year`` and ``day`` are the round's.
TITLES = {
    "overdue": ngettext_lazy("%(number)s submission is overdue", "%(number)s submissions are overdue", "number"),
    "returned": ngettext_lazy(
        "%(number)s returned submission is to be completed",
        "%(number)s returned submissions are to be completed",
        "number",
    ),
    "to-sign-off": ngettext_lazy(
        "%(number)s submission is complete and waits for your sign-off",
        "%(number)s submissions are complete and wait for your sign-off",
        "number",
    ),
    "to-submit": ngettext_lazy(
        "%(number)s submission is signed off and can be submitted",
        "%(number)s submissions are signed off and can be submitted",
        "number",
    ),
    "due": ngettext_lazy(
        "%(number)s submission is due within a week", "%(number)s submissions are due within a week", "number"
    ),
    "drafts": ngettext_lazy("%(number)s draft is to be finished", "%(number)s drafts are to be finished", "number"),
    "not-started": ngettext_lazy(
        "%(number)s submission is to be started", "%(number)s submissions are to be started", "number"
    ),
    "waiting": ngettext_lazy(
        "%(number)s submission waits for the approver", "%(number)s submissions wait for the approver", "number"
    ),
    "closed": ngettext_lazy(
        "%(number)s submission was not submitted before the period closed",
        "%(number)s submissions were not submitted before the period closed",
        "number",
    ),
    "all-submitted": _("Everything of %(year)s is submitted"),
    "all-confirmed": _("Everything of %(year)s is confirmed"),
    "no-assignments": _("Your body has no assignments in %(year)s"),
    "not-open": _("Round %(year)s opens on %(day)s"),
    "no-round": _("No round has been made yet"),
    "make-round": _("No round has been made yet"),
    "to-review": ngettext_lazy(
        "%(number)s submission waits for review", "%(number)s submissions wait for review", "number"
    ),
    "late": ngettext_lazy("%(number)s submission is overdue", "%(number)s submissions are overdue", "number"),
    "faults": _("There are faults that stop the work"),
    "report": _("Everything of %(year)s is confirmed"),
    "nothing-to-review": _("Nothing waits for review"),
    "newly-confirmed": ngettext_lazy(
        "%(number)s submission was confirmed since your last visit",
        "%(number)s submissions were confirmed since your last visit",
        "number",
    ),
    "confirmed": ngettext_lazy(
        "%(number)s confirmed submission of %(year)s can be read",
        "%(number)s confirmed submissions of %(year)s can be read",
        "number",
    ),
    "nothing-confirmed": _("Nothing of %(year)s is confirmed yet"),
    "ratings": _("The ratings of %(year)s can be read"),
    "ratings-so-far": _("The ratings of %(year)s so far can be read"),
    "vacancies": ngettext_lazy("%(number)s body lacks people", "%(number)s bodies lack people", "number"),
    "lapsed": ngettext_lazy("%(number)s invitation has expired", "%(number)s invitations have expired", "number"),
    "without-role": ngettext_lazy("%(number)s account has no role", "%(number)s accounts have no role", "number"),
    "people-complete": _("Every body has its people"),
}

#: The sentence beneath: what to do about it, or what will come and when.
TEXTS = {
    "overdue": _("Write and submit it without delay. If you need more time, ask the coordinator for an extension."),
    "returned": _("Read the reason and the remarks, complete it, and have it signed off and submitted again."),
    "to-sign-off": _("Read it and sign it off; after that it can be submitted."),
    "to-submit": _("Submit it, with document number and date where there is an official document."),
    "due": _("Finish it first. What is still missing is listed on its page."),
    "drafts": _("Go on where you stopped. What is still missing is listed on its page."),
    "not-started": _("Last year's text can be taken as a start. Nothing is required to save."),
    "waiting": _("It is complete. The approver of your body signs it off; nothing else is left for you to do."),
    "closed": "%(why)s",
    "all-submitted": _("The coordinator reviews it. What is returned will stand here, and you get an e-mail."),
    "all-confirmed": _("There is nothing left to do for this year."),
    "no-assignments": _("If you think that this is an error, ask the coordinator of the lead ministry."),
    "not-open": _("From that day on, the submissions of the year can be written. They will stand here."),
    "no-round": _("As soon as the coordinator has made one, its opening date and your submissions will stand here."),
    "make-round": _("Make the round of the year: each assignment gets a submission at once."),
    "to-review": _("The oldest one comes first. Return it with a reason, or confirm it with a rating."),
    "late": _("The list shows which; ask the bodies, or extend the due date where there is reason to."),
    "faults": _("They stand below, each with what to do about it."),
    "report": _("The draft of the report can be made from what is confirmed."),
    "nothing-to-review": _("What the bodies submit will stand here, the oldest first. The due date is %(day)s."),
    "newly-confirmed": _("The newest one comes first. What is new is marked in the list below."),
    "confirmed": _("The newest one comes first."),
    "nothing-confirmed": _("What the coordinator confirms will stand here. The bodies' due date is %(day)s."),
    "ratings": _("By area and by body, as the coordinator gave them. What is missing is shown as missing."),
    "ratings-so-far": _("Submissions are due on %(day)s. Until then, most assignments count as no report."),
    "vacancies": _("Invite somebody for each missing role, so that the body can report."),
    "lapsed": _("These people were appointed but never came in. Send the invitation again."),
    "without-role": _("Appoint them to a role, or deactivate the account."),
    "people-complete": _("Nothing waits for you. Bodies that lose their people will stand here."),
}

#: What the card's button says; ``code`` is the number of the action plan.
BUTTONS = {
    "write": _("Write %(code)s"),
    "mend": _("Complete %(code)s"),
    "sign-off": _("Sign off %(code)s"),
    "submit": _("Submit %(code)s"),
    "open": _("Open %(code)s"),
    "review": _("Review %(code)s"),
    "read": _("Read %(code)s"),
    "list": _("List of submissions"),
    "late": _("List of overdue submissions"),
    "faults": _("See the faults"),
    "report": _("Report"),
    "ratings": _("Ratings %(year)s"),
    "make-round": _("Make a round"),
    "invite": _("Invite a person"),
    "person": _("Open the person"),
    "people": _("People"),
}

#: What is urgent, and what is done: the card says it by its icon as well.
ICONS = {"overdue": "warning", "closed": "warning", "late": "warning", "faults": "warning", "vacancies": "warning"}
DONE = ("all-submitted", "all-confirmed", "report", "people-complete", "nothing-to-review")


@dataclass(frozen=True)
class Card:
    """The card with the one thing to do next, in the reader's language."""

    title: str
    text: str
    button: str
    icon: str
    is_done: bool


def card(next: Next) -> Card:
    """The words for what is to be done next."""
    values: dict[str, Any] = {
        "number": next.number,
        "year": next.year,
        "code": next.row.code if next.row else "",
        "why": next.why,
        "day": date_format(next.day, "DATE_FORMAT") if next.day else "",
    }
    is_done = next.code in DONE
    return Card(
        title=str(TITLES[next.code] % values),
        text=str(TEXTS[next.code] % values),
        button=str(BUTTONS[next.verb] % values) if next.verb else "",
        icon=ICONS.get(next.code, "success" if is_done else "info"),
        is_done=is_done,
    )
