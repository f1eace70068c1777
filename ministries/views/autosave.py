"""What a page saves by itself while somebody types, and what it is told. Always JSON. Here the page of a submission;
other forms come through :func:`autosaved`."""

import json
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.http import HttpRequest, JsonResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from ministries import workflow
from ministries.forms.partial import Partial, PartialSubmission, UnreadableError
from ministries.models import Submission
from ministries.selectors import submissions as selectors
from ministries.services.changes import InvalidRowError, SaveResult
from ministries.services.submissions import save_submission
from ministries.workflow import WrongState
from nap_monitor.lib import clock
from nap_monitor.lib.addresses import require_post

P = TypeVar("P", bound=Partial)


@require_post
def submission_autosave(request: HttpRequest, plan: int, year: int, body: str, code: str) -> JsonResponse:
    """Save the changed fields that can be saved; tell for each of the others why not. The body of the request is that
    of :mod:`ministries.forms.partial`, with the ``person`` whose page it is."""
    submission = selectors.find_submission(request.user, plan, year, body, code)
    workflow.require_own(request.user, submission)

    def save(partial: PartialSubmission) -> SaveResult:
        return _save(request, submission, partial)

    return autosaved(request, lambda payload: PartialSubmission(submission, payload), save)


def autosaved(request: HttpRequest, read: Callable[[Any], P], save: Callable[[P], SaveResult]) -> JsonResponse:
    """What a page of any kind that saves by itself is answered: ``read`` judges what it sent, ``save`` saves it."""
    try:
        payload = json.loads(request.body)
        partial = read(payload)
    except (ValueError, RecursionError, UnreadableError):
        return _refused(_("This page does not fit the program any more. Load it again."), "outdated", 400)
    if payload.get("person") != str(request.user.pk):
        return _refused(_("In this browser another account is signed in now."), "other", 403)
    try:
        result = save(partial)
    except WrongState as error:
        return _refused(str(error), "locked", 409)
    except ValidationError as error:
        return _refused(" ".join(error.messages), "invalid", 400)
    return JsonResponse(_answer(partial, result))


def _save(request: HttpRequest, submission: Submission, partial: PartialSubmission) -> SaveResult:
    """A row that the model refuses is left out, and told; the rest is saved."""
    while True:
        try:
            return save_submission(submission=submission, by=request.user, by_itself=True, **partial.changes())
        except InvalidRowError as error:
            if not partial.refuse(error):
                raise


def _answer(partial: Partial, result: SaveResult) -> dict[str, Any]:
    """``saved``: the fields with the value that a later change starts from; ``rows``: which were added or removed;
    ``invalid``: sentences by field or row; ``conflicts``: the stored value of each, and both as a reader sees them."""
    conflicts = partial.conflicts(result.conflicts)
    return {
        "at": date_format(timezone.localtime(clock.now()), "TIME_FORMAT"),
        "saved": partial.saved(conflicts),
        "rows": partial.rows(conflicts),
        "invalid": partial.faults(),
        "conflicts": {
            place: {
                "stored": each["stored"],
                "html": render_to_string("components/conflict.html", {"conflict": each["shown"]}),
            }
            for place, each in conflicts.items()
        },
    }


def _refused(sentence: str, why: str, status: int) -> JsonResponse:
    return JsonResponse({"refusal": sentence, "why": why}, status=status)
