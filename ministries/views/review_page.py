"""All that the page of a review shows."""

from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.translation import gettext as _

from ministries import rules
from ministries.comparison import compare
from ministries.content_parts import fields_in
from ministries.enums import Rating, State
from ministries.forms.review import RatingForm
from ministries.forms.steps import ExtendForm, ReturnForm
from ministries.selectors import evidence
from ministries.selectors import review_page as page
from ministries.selectors import submissions as selectors
from ministries.selectors.guidance import guidance_for
from ministries.selectors.last_year import confirmed_before
from ministries.selectors.remarks import remarks_on
from ministries.selectors.review import TOOK_PART
from ministries.selectors.versions import label_of
from ministries.views.submission_page import EVENT_LABELS, Entry, entry_of, frame

if TYPE_CHECKING:
    from django.forms import Form

    from ministries.models import Submission
    from nap_monitor.accounts.models import User

#: The name of the button that writes a remark.
REMARK = "remark"
#: The section of a version that stands elsewhere on the page.
ELSEWHERE = ("warnings",)


def review_page(
    user: "User", submission: "Submission", bound: dict[str, "Form"], looked_at: dict[str, int | None] | None = None
) -> dict[str, Any]:
    """What the page shows. ``bound`` holds the posted form of a decision that was not taken; ``looked_at`` the counts
    that its person had before them, where somebody else was faster."""
    version = submission.submitted_version
    if version is None:
        raise ValueError("Only what was submitted can be reviewed.")
    sections = version.sections
    last, year_before = page.version_before(submission), confirmed_before(submission)
    saved = page.saved_rating(submission)
    forms, history = _forms(user, submission, saved, bound), selectors.history(user, submission)
    return {
        **frame(submission),
        "submission": submission,
        "state": rules.label_for(user, submission),
        "version": version,
        "comparison": compare(
            last.sections if last else sections,
            sections,
            beside=year_before.sections if year_before else None,
            without=ELSEWHERE,
        ),
        "before_label": label_of(last.number) if last else "",
        "after_label": label_of(version.number),
        "beside_label": _("Confirmed %(year)s") % {"year": submission.round.year - 1} if year_before else "",
        "points": page.points_of(sections),
        "files": evidence.files_of(user, submission),
        "guidance": guidance_for(submission),
        "returns": [(said, EVENT_LABELS[said.kind]) for said in page.returns(submission, history)],
        "remarks": remarks_on(user, submission),
        "remark_url": reverse("ministries:comment_add", args=submission.address),
        "history": [entry_of(event) for event in history],
        "self_rating": _self_rating(sections),
        "saved": saved,
        "saved_rating": Rating(saved.rating) if saved else None,
        "is_current": saved is not None and saved.holds_for(submission),
        "forms": forms,
        # A coordinator to whom no rating is offered.
        "took_part": TOOK_PART if submission.state == State.SUBMITTED and "rate" not in forms else "",
        "meanwhile": _meanwhile(submission, looked_at),
        "queue_url": reverse("ministries:review_queue", args=submission.address[:2]),
        "review_url": reverse("ministries:review", args=submission.address),
    }


def _self_rating(sections: list[Any]) -> Rating | None:
    """The body's own rating, as this version has it."""
    found = fields_in(sections).get("self_rating")
    code = found["value"] if found else ""
    return Rating(code) if code in Rating.values else None


def _forms(user: "User", submission: "Submission", saved: Any, bound: dict[str, "Form"]) -> dict[str, Any]:
    """The forms of the decisions that the reader may take now; and the one that was posted, whatever happened since."""
    waits, may = submission.state == State.SUBMITTED, user.has_perm
    found: dict[str, Any] = {}
    if waits and may("ministries.rate_submission", submission):
        found["rate"] = RatingForm(submission=submission, saved=saved, auto_id="id_rate_%s")
    if waits and may("ministries.return_submission", submission):
        found["return"] = ReturnForm(submission=submission, auto_id="id_return_%s")
    if submission.is_awaited and may("ministries.extend_submission", submission):
        found["extend"] = ExtendForm(auto_id="id_extend_%s")
    for name, form in bound.items():
        if name != REMARK:  # that one stands at its field
            found["rate" if name == "confirm" else name] = form
    return found


def _meanwhile(submission: "Submission", looked_at: dict[str, int | None] | None) -> list[Entry]:
    if looked_at is None or looked_at["step"] is None:
        return []
    found = page.meanwhile(submission, step=looked_at["step"], seen=looked_at["seen"])
    return [entry_of(event) for event in found]
