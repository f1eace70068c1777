"""Writing unofficial translations of what a submission says."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from ministries import rules
from ministries.locks import why_not_translated
from ministries.models import Submission, Translation
from ministries.models.translation import TRANSLATION_LENGTH, mark_of_text
from ministries.services.changes import Change, Conflict, SaveResult, plain
from ministries.translations import OF_ROWS, TRANSLATABLE, originals_of
from ministries.workflow import NotPermitted, Refused
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from nap_monitor.lib.audit.models import Event
from nap_monitor.lib.audit.services import record

PERMISSION = "ministries.translate_submission"

#: A text's field, and the id of its row (empty for a field of the submission).
Place = tuple[str, str]


@dataclass(frozen=True)
class Translated:
    """A translation to be written, changed or (with an empty text) taken away.

    ``field`` is one of :data:`ministries.translations.TRANSLATABLE`; for a text of a row, ``row`` is its id. ``source``
    is the mark (``mark_of_text``) of the text that the translator saw: where it has changed meanwhile, the translation
    is stale from the beginning. Without one it is the text of now.
    """

    field: str
    change: Change
    row: str = ""
    source: str = ""


@dataclass
class TranslationResult(SaveResult):
    """What was saved, what others had changed, and what was refused, with the sentence that says why."""

    refused: dict[Place, str | Promise] = field(default_factory=dict)


@transaction.atomic
def save_translations(
    *, submission: Submission, texts: Sequence[Translated], by: User, language: str = "en"
) -> TranslationResult:
    """Save the translations that can be saved, each on its own; what somebody else wrote meanwhile comes back as a
    conflict, what will not do as refused. Raises ``NotPermitted``. Reading takes a fixed number of queries."""
    place = _Place(_locked(submission, by), language)
    result = TranslationResult()
    for each in texts:
        try:
            _save(place, each, by, result)
        except Refused as error:
            result.refused[each.field, each.row] = error.message
    return result


@transaction.atomic
def save_translation(
    *,
    submission: Submission,
    field: str,
    change: Change,
    by: User,
    row: str = "",
    language: str = "en",
    source: str = "",
) -> SaveResult:
    """The same of one text (:class:`Translated`). Raises ``NotPermitted``, and ``Refused`` where there is nothing to
    translate or the text will not do."""
    result = TranslationResult()
    _save(_Place(_locked(submission, by), language), Translated(field, change, row, source), by, result)
    return result


class _Place:
    """The texts of a submission and their translations in one language, read once."""

    def __init__(self, submission: Submission, language: str) -> None:
        self.submission, self.language = submission, language
        self.originals = {(each.field, each.row): each.text for each in originals_of(submission)}
        found = submission.translations.filter(language=language)
        self.stored: dict[Place, Translation] = {(each.field, each.row): each for each in found}

    def original(self, field: str, row: str) -> str:
        """The text to be translated: what the working copy says; under review that is what was submitted."""
        if field not in TRANSLATABLE or self.language not in dict(settings.LANGUAGES):
            raise Refused(_("This text is not translated."), field="field")
        if (field, row) not in self.originals:
            is_of_row = field.partition(".")[0] in OF_ROWS
            sentence = (
                _("The row was removed meanwhile. Reload the page.") if is_of_row else _("This text is not translated.")
            )
            raise Refused(sentence, field="row")
        return self.originals[field, row]


def _save(place: _Place, each: Translated, by: User, result: SaveResult) -> None:
    text, original = plain(each.change.new), place.original(each.field, each.row)
    if len(text) > TRANSLATION_LENGTH:
        raise Refused(_now("At most %(limit)s characters.") % {"limit": TRANSLATION_LENGTH}, field="text")
    if text and not original.strip():
        raise Refused(_("There is no text to translate."), field="text")
    stored = place.stored.get((each.field, each.row)) or Translation(
        submission=place.submission, field=each.field, row=each.row, language=place.language
    )
    before, source = plain(stored.text), each.source or mark_of_text(original)
    # The same words again, after the original has changed, say that they still hold.
    if before == text and (not text or stored.source_sha == source):
        return
    if before not in (plain(each.change.base), text):
        row = uuid.UUID(each.row) if each.row else None
        result.conflicts.append(Conflict(each.field, stored.text, each.change.new, row))
        result.other, result.at = _last(place.submission, by, each.field, each.row)
        return
    _write(stored, text, source, by)
    result.saved.append(each.field)
    data = {"field": each.field, "row": each.row, "language": place.language, "is_removal": not text}
    data |= {"before": {each.field: before}, "after": {each.field: text}}
    # What was translated, so that who reads a stale translation sees what has changed since.
    kept = {"source": original} if text and source == mark_of_text(original) else {}
    record(kind="translate", subject=place.submission, by=by, data={**data, **kept})


def _locked(submission: Submission, by: User) -> Submission:
    found: Submission = (
        Submission.objects.select_for_update(of=("self",))
        .select_related("round__plan", "assignment__body", "assignment__action_plan")
        .get(pk=submission.pk)
    )
    if not rules.allows(by, PERMISSION, found):
        raise NotPermitted(why_not_translated(found, by))
    return found


def _write(stored: Translation, text: str, source: str, by: User) -> None:
    if not text:
        stored.delete()
        return
    stored.text, stored.source_sha = text, source
    stored.author, stored.written_at = by, clock.now()
    stored.save()


def _last(submission: Submission, by: User, field: str, row: str) -> tuple[str, Any]:
    """Who else translated this text last, and when."""
    events = Event.objects.of("ministries.submission", str(submission.pk)).filter(
        kind="translate", data__field=field, data__row=row
    )
    event = events.exclude(actor_id=str(by.pk)).last()
    return (event.actor_name, event.at) if event else ("", None)
