"""The fixed words of the work: states, roles, ratings and the like. Wording: the project's table of terms."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class BodyKind(models.TextChoices):
    """What sort of institution an implementing body is."""

    MINISTRY = "ministry", _("ministry")
    AGENCY = "agency", _("agency")
    COUNCIL = "council", _("council")
    PUBLIC_INSTITUTION = "public-institution", _("public institution")


class Role(models.TextChoices):
    """What a person is appointed to."""

    FOCAL_POINT = "focal-point", _("Focal point")
    APPROVER = "approver", _("Approver")
    COORDINATOR = "coordinator", _("Coordinator")
    PANEL_MEMBER = "panel-member", _("Panel member")
    COMMITTEE_READER = "committee-reader", _("Committee reader")
    ADMINISTRATOR = "administrator", _("Administrator")


#: Roles that are held in an implementing body; the others are held for the whole plan.
BODY_ROLES = (Role.FOCAL_POINT, Role.APPROVER, Role.COORDINATOR)


class ReminderTo(models.TextChoices):
    """Whom a stage of the reminders is for, in a body: its people by role, or the office that it names."""

    FOCAL_POINT = "focal-point", _("Focal point")
    APPROVER = "approver", _("Approver")
    ESCALATION = "escalation", _("Escalation address")


class Occasion(models.TextChoices):
    """Why a reminder's e-mail is sent."""

    SCHEDULED = "scheduled", _("By the schedule")
    MANUAL = "manual", _("By a coordinator")
    MESSAGE = "message", _("Message of a coordinator")


class Delivery(models.TextChoices):
    """How far a reminder's e-mail has come. ``claimed``: a process is sending it, or was killed while it did."""

    WAITING = "waiting", _("Waiting to be sent")
    CLAIMED = "claimed", _("Being sent")
    SENT = "sent", pgettext_lazy("e-mail", "Sent")
    FAILED = "failed", _("Not sent")
    REPLACED = "replaced", _("Replaced by a later one")
    DROPPED = "dropped", _("No longer needed")


class MailFault(models.TextChoices):
    """Why an e-mail could not be sent. No address stands in it."""

    RECIPIENT = "recipient", _("The mail server refused the address.")
    MESSAGE = "message", _("The mail server refused the message.")
    SERVER = "server", _("The mail server did not answer.")
    PROGRAM = "program", _("The message could not be written. See the log of the program.")


class State(models.TextChoices):
    """The state of a submission. Overdue, sent back and 'submitted again' are labels, computed, never states."""

    DRAFT = "draft", _("Draft")
    SIGNED_OFF = "signed-off", _("Signed off")
    SUBMITTED = "submitted", _("Submitted")
    RETURNED = "returned", _("Returned")
    CONFIRMED = "confirmed", _("Confirmed")


#: The states in which the body still has to submit.
AWAITED = (State.DRAFT, State.RETURNED, State.SIGNED_OFF)


class StateLabel(models.TextChoices):
    """What a submission's state is called on a page."""

    NOT_STARTED = "not-started", pgettext_lazy("state", "Not started")
    DRAFT = "draft", _("Draft")
    SENT_BACK = "sent-back", _("Sent back")
    SIGNED_OFF = "signed-off", _("Signed off")
    SUBMITTED = "submitted", _("Submitted")
    SUBMITTED_AGAIN = "submitted-again", _("Submitted again")
    RETURNED = "returned", _("Returned")
    CONFIRMED = "confirmed", _("Confirmed")


class Rating(models.TextChoices):
    """How an assignment stands in a year. A judgement, never derived from a rate."""

    COMPLETED = "completed", _("Completed")
    CONTINUING = "continuing", _("Continuing")
    ON_TRACK = "on-track", _("On track")
    ATTENTION = "attention", _("Attention")
    RETHINK = "rethink", _("Rethink")
    NOT_STARTED = "not-started", pgettext_lazy("rating", "Not started")
    NOT_APPLICABLE = "not-applicable", _("Not applicable")


#: Ratings that need a reason.
REASON_NEEDED = (Rating.ATTENTION, Rating.RETHINK, Rating.NOT_STARTED, Rating.NOT_APPLICABLE)
#: Ratings that need improvement measures.
MEASURES_NEEDED = (Rating.ATTENTION, Rating.RETHINK, Rating.NOT_STARTED)


class Disclosure(models.TextChoices):
    """How far a submission may be disclosed."""

    OPEN = "open", pgettext_lazy("disclosure", "Open")
    PARTLY = "partly", pgettext_lazy("disclosure", "Partly")
    RESTRICTED = "restricted", pgettext_lazy("disclosure", "Restricted")


class FigureState(models.TextChoices):
    """Whether a figure has a value. Not known, not applicable and zero are three different things."""

    EMPTY = "", _("Not given")
    VALUE = "value", _("Value")
    NOT_KNOWN = "not-known", _("Not known")
    NOT_APPLICABLE = "not-applicable", _("Not applicable")


class Account(models.TextChoices):
    """The account of the budget from which a programme is paid."""

    GENERAL = "general", _("General account")
    SPECIAL = "special", _("Special account")
    FUND = "fund", _("Fund")


class BodyFieldKind(models.TextChoices):
    """What a field of a body's own asks for."""

    TEXT = "text", pgettext_lazy("field", "Text")
    NUMBER = "number", pgettext_lazy("field", "Number")
    DATE = "date", pgettext_lazy("field", "Date")
    CHOICE = "choice", pgettext_lazy("field", "Choice")


class Direction(models.TextChoices):
    """In which direction an indicator is meant to go."""

    MORE = "more", _("The more the better")
    LESS = "less", _("The less the better")
    KEEP = "keep", _("To be kept at the target")


class ActivityKind(models.TextChoices):
    """What sort of thing was done."""

    TRAINING = "training", _("Training")
    CONFERENCE = "conference", _("Conference")
    PROJECT = "project", _("Project")
    LEGISLATION = "legislation", _("Legislation")
    RESEARCH = "research", _("Research")
    CAMPAIGN = "campaign", _("Campaign")
    DIALOGUE = "dialogue", _("Dialogue")
    INSPECTION = "inspection", _("Inspection")
    SUPPORT = "support", _("Support")


class Phase(models.TextChoices):
    """In which phase a development project was."""

    PLANNING = "planning", pgettext_lazy("phase", "Planning")
    IMPLEMENTATION = "implementation", pgettext_lazy("phase", "Implementation")
    EVALUATION = "evaluation", pgettext_lazy("phase", "Evaluation")


class Province(models.TextChoices):
    """The seventeen provinces (시·도), by their codes in ISO 3166-2."""

    SEOUL = "KR-11", _("Seoul")
    BUSAN = "KR-26", _("Busan")
    DAEGU = "KR-27", _("Daegu")
    INCHEON = "KR-28", _("Incheon")
    GWANGJU = "KR-29", _("Gwangju")
    DAEJEON = "KR-30", _("Daejeon")
    ULSAN = "KR-31", _("Ulsan")
    SEJONG = "KR-50", _("Sejong")
    GYEONGGI = "KR-41", _("Gyeonggi")
    GANGWON = "KR-42", _("Gangwon")
    CHUNGBUK = "KR-43", _("Chungbuk")
    CHUNGNAM = "KR-44", _("Chungnam")
    JEONBUK = "KR-45", _("Jeonbuk")
    JEONNAM = "KR-46", _("Jeonnam")
    GYEONGBUK = "KR-47", _("Gyeongbuk")
    GYEONGNAM = "KR-48", _("Gyeongnam")
    JEJU = "KR-49", _("Jeju")


class VersionKind(models.TextChoices):
    """What a version of a submission was written for."""

    SUBMIT = "submit", _("Submitted")
    CONFIRM = "confirm", _("Confirmed")


class Visibility(models.TextChoices):
    """Who reads a review remark. The first three widen from one to the next; the last never leaves the body."""

    COORDINATORS = "coordinators", _("Coordinators only")
    BODY = "body", _("Body and coordinators")
    PANEL = "panel", _("Panel members too")
    INSIDE = "inside-body", _("Inside the body only")


class ScanState(models.TextChoices):
    """What the virus check says of a stored file. Without a scanner all stay waiting, and nothing waits for them."""

    WAITING = "waiting", _("Being checked")
    CLEAN = "clean", _("Checked")
    INFECTED = "infected", _("Infected")
    FAILED = "failed", _("Could not be checked")


class Lock(models.TextChoices):
    """Why a submission can't be edited, in the order in which it is asked. What to do about it: `ministries.locks`."""

    OTHERS = "others", _("Only the body's own focal points and approvers may write here.")
    CONFIRMED = "confirmed", _("This submission is confirmed.")
    UNDER_REVIEW = "under-review", _("This submission is under review by the coordinator.")
    SIGNED_OFF = "signed-off", _("This submission is signed off.")
    NOT_OPEN = "not-open", _("The period of this round is not open yet.")
    CLOSED = "closed", _("The period of this round is closed.")
    WRITING = "writing", _("The body is still writing this submission.")


class Ending(models.TextChoices):
    """How an exception came to an end before its last day."""

    REVOKED = "revoked", _("Ended early")
    REPLACED = "replaced", _("Replaced by another one")
    CLOSING = "closing", _("Ended with the closing of the round")


class RequestAnswer(models.TextChoices):
    """What became of a body's request for more time."""

    GRANTED = "granted", pgettext_lazy("request", "Granted")
    DECLINED = "declined", pgettext_lazy("request", "Declined")
    WITHDRAWN = "withdrawn", pgettext_lazy("request", "Taken back")


class NoticeKind(models.TextChoices):
    """What a notice tells. Whom: :mod:`ministries.notice_rules`."""

    SEND_BACK = "send-back", _("Sent back in the body")
    RETURN = "return", pgettext_lazy("event", "Returned")
    CONFIRM = "confirm", _("Confirmed")
    REOPEN = "reopen", _("Reopened")
    REMARK = "remark", _("Remark written")
    INSIDE_REMARK = "inside-remark", _("Remark written, inside the body")
    EXTEND = "extend", _("Due date extended")
    END_EXTENSION = "end-extension", _("Exception ended")
    ASK_EXTENSION = "ask-extension", _("More time asked for")
    DECLINE = "decline", _("Request for more time declined")
    SUBMIT = "submit", _("Submitted")
    SUBMIT_AGAIN = "submit-again", _("Submitted again")
    ANSWER = "answer", _("Remark answered")
    HAND_OVER = "hand-over", _("Handed over")
    REVOKE_HANDOVER = "revoke-handover", _("Handover revoked")
    CHANGE_DATES = "change-dates", _("Dates of the round changed")
    CLOSE_ROUND = "close-round", _("Round closed")
    REOPEN_ROUND = "reopen-round", _("Closing of the round undone")
