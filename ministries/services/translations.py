"""Writing unofficial translations of what a submission says."""

from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from ministries import rules
from ministries.models import Submission, Translation
from ministries.models.translation import TRANSLATION_LENGTH, mark_of_text
from ministries.services.changes import Change, Conflict, SaveResult, plain
from ministries.translations import OF_ROWS, TRANSLATABLE
from ministries.workflow import NotPermitted, Refused
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from nap_monitor.lib.audit.models import Event
from nap_monitor.lib.audit.services import record

PERMISSION = "ministries.translate_submission"


@transaction.atomic
def save_translation(
    *,
    submission: Submission,
    field: str,
    change: Change,
    by: User,
    row: str = "",
    language: str = "en",
    source: str | None = None,
) -> SaveResult:
    """Write, change or (with an empty text) take away the translation of one text.

    ``field`` is one of :data:`ministries.translations.TRANSLATABLE`; for a text of a row, ``row`` is its id. ``source``
    is the text that the translator saw: where it has changed meanwhile, the translation is stale from the beginning.
    What somebody else wrote meanwhile comes back as a conflict.

    Raises ``NotPermitted``, and ``Refused`` where there is nothing to translate or the text will not do.
    """
    locked = _locked(submission, by)
    if field not in TRANSLATABLE or language not in dict(settings.LANGUAGES):
        raise Refused(_("This text is not translated."), field="field")
    text = plain(change.new)
    if len(text) > TRANSLATION_LENGTH:
        raise Refused(_now("At most %(limit)s characters.") % {"limit": TRANSLATION_LENGTH}, field="text")
    original = _original(locked, field, row) if source is None else source
    if text and not original.strip():
        raise Refused(_("There is no text to translate."), field="text")
    result = SaveResult()
    stored = locked.translations.filter(field=field, row=row, language=language).first() or Translation(
        submission=locked, field=field, row=row, language=language
    )
    before = plain(stored.text)
    # The same words again, after the original has changed, say that they still hold.
    if before == text and (not text or stored.source_sha == mark_of_text(original)):
        return result
    if before not in (plain(change.base), text):
        result.conflicts.append(Conflict(field, stored.text, change.new))
        result.other, result.at = _last(locked, by, field, row)
        return result
    _write(stored, text, original, by)
    result.saved.append(field)
    data = {"field": field, "row": row, "language": language, "is_removal": not text}
    record(kind="translate", subject=locked, by=by, data=data)
    return result


def _locked(submission: Submission, by: User) -> Submission:
    found: Submission = (
        Submission.objects.select_for_update(of=("self",))
        .select_related("round__plan", "assignment__body", "assignment__action_plan")
        .get(pk=submission.pk)
    )
    if not rules.allows(by, PERMISSION, found):
        raise NotPermitted(_now("You may not translate this submission now."))
    return found


def _original(submission: Submission, field: str, row: str) -> str:
    """The text to be translated: what the working copy says, which is what was submitted while it is under review."""
    table, _dot, name = field.rpartition(".")
    if not table:
        return str(getattr(submission, field))
    rows: Any = (submission.activities if table == "activities" else submission.budget_lines).all()
    found = next((each for each in rows if str(each.pk) == row), None)
    if found is None or name not in OF_ROWS[table]:
        raise Refused(_("The row was removed meanwhile. Reload the page."), field="row")
    return str(getattr(found, name))


def _write(stored: Translation, text: str, original: str, by: User) -> None:
    if not text:
        stored.delete()
        return
    stored.text, stored.source_sha = text, mark_of_text(original)
    stored.author, stored.written_at = by, clock.now()
    stored.save()


def _last(submission: Submission, by: User, field: str, row: str) -> tuple[str, Any]:
    """Who else translated this text last, and when."""
    events = Event.objects.of("ministries.submission", str(submission.pk)).filter(
        kind="translate", data__field=field, data__row=row
    )
    event = events.exclude(actor_id=str(by.pk)).last()
    return (event.actor_label.partition(" <")[0], event.at) if event else ("", None)
