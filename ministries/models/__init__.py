"""The work: bodies, people's roles, assignments, rounds, submissions, review."""

from ministries.models.activity import Activity
from ministries.models.appointment import Appointment
from ministries.models.assessment import Assessment
from ministries.models.assignment import Assignment
from ministries.models.body import BodyName, ImplementingBody
from ministries.models.body_field import BodyField, BodyFieldValue
from ministries.models.budget_line import BudgetLine
from ministries.models.confirmed_figure import ConfirmedFigure
from ministries.models.evidence import EvidenceFile, EvidenceInVersion
from ministries.models.extension import Extension
from ministries.models.extension_request import ExtensionRequest
from ministries.models.guidance import Guidance
from ministries.models.handover import Handover
from ministries.models.indicator import Indicator, IndicatorResult, IndicatorTarget
from ministries.models.notice import Notice
from ministries.models.reminder import Reminder, ReminderMail, ReminderRule
from ministries.models.review_comment import ReviewComment, ReviewReply
from ministries.models.round import Round
from ministries.models.round_closing import RoundClosing
from ministries.models.saved_rating import SavedRating
from ministries.models.schedule_run import ScheduleRun
from ministries.models.stored_file import StoredFile
from ministries.models.submission import Submission
from ministries.models.translation import Translation
from ministries.models.version import SubmissionVersion
from ministries.models.warning_remark import WarningRemark
from ministries.models.workbook_upload import WorkbookUpload

__all__ = [
    "Activity",
    "Appointment",
    "Assessment",
    "Assignment",
    "BodyField",
    "BodyFieldValue",
    "BodyName",
    "BudgetLine",
    "ConfirmedFigure",
    "EvidenceFile",
    "EvidenceInVersion",
    "Extension",
    "ExtensionRequest",
    "Guidance",
    "Handover",
    "ImplementingBody",
    "Indicator",
    "IndicatorResult",
    "IndicatorTarget",
    "Notice",
    "Reminder",
    "ReminderMail",
    "ReminderRule",
    "ReviewComment",
    "ReviewReply",
    "Round",
    "RoundClosing",
    "SavedRating",
    "ScheduleRun",
    "StoredFile",
    "Submission",
    "SubmissionVersion",
    "Translation",
    "WarningRemark",
    "WorkbookUpload",
]
