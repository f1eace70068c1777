"""Writing the coordinator's prose of a report, place by place and language by language."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from ministries import rules
from ministries.models import Round
from ministries.services.changes import Change, Conflict, SaveResult, plain
from ministries.workflow import NotPermitted, Refused
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from nap_monitor.lib.audit.services import record
from reports.models import ReportText
from reports.models.report_text import TEXT_LENGTH
from reports.selectors.outline import places

PERMISSION = "reports.compose_report"
#: What one person writes in one text without a longer pause than this is one version.
STRETCH = dt.timedelta(minutes=10)
#: A text of at least so many characters that loses more than half of them at once goes on as another version: a page
#: that saves by itself must not make a slip of the hand the only text there is.
KEPT_LENGTH = 200


@transaction.atomic
def write_place(*, round: Round, place: str, changes: Mapping[str, Change], by: User) -> SaveResult:
    """Save the texts at a place by the names of their form's fields (``text_ko``); nothing where one is refused.

    Raises as :func:`write_text`.
    """
    result = SaveResult()
    for name, change in changes.items():
        language = name.removeprefix("text_")
        one = write_text(round=round, place=place, language=language, change=change, by=by)
        result.saved += [name] if one.saved else []
        result.conflicts += [replace(each, name=name) for each in one.conflicts]
    return result


@transaction.atomic
def write_text(
    *, round: Round, place: str, language: str, change: Change, by: User, as_new: bool = False
) -> SaveResult:
    """Save a text whose stored state is still the one that the writer started from; else it comes back as a conflict.

    An empty text takes it away; its versions stay. ``as_new`` begins a version also within a stretch: an old text that
    is taken again must not take the place of the one just written.

    Raises ``NotPermitted``; ``Refused`` for a text that is too long; ``LookupError`` for a place or language that this
    report does not have.
    """
    if not rules.allows(by, PERMISSION):
        raise NotPermitted(_now("Only a coordinator writes the report."))
    # Two who write in one report wait for each other, also where there is no text yet.
    round = Round.objects.select_for_update(of=("self",)).select_related("plan").get(pk=round.pk)
    if place not in {each.key for each in places(round)} or language not in dict(settings.LANGUAGES):
        raise LookupError(f"The report of {round.year} has no place {place!r} in {language!r}.")
    new = plain(change.new)
    if len(new) > TEXT_LENGTH:
        raise Refused(_("At most %(limit)s characters.") % {"limit": TEXT_LENGTH}, field="text")
    last = ReportText.objects.filter(round=round, place=place, language=language).order_by("-number").first()
    stored = last.text if last else ""
    result = SaveResult()
    if stored == new:
        return result
    if not change.knows(stored):
        conflict = Conflict("text", stored, new)
        if last:
            result.other, result.at = last.author_label, last.saved_at
            conflict = replace(conflict, by=result.other, at=result.at, is_own=last.author_id == by.pk)
        result.conflicts.append(conflict)
        return result
    _keep(round, place, language, new, last, by, as_new=as_new)
    result.saved.append("text")
    return result


def _goes_on(last: ReportText, text: str, by: User, now: dt.datetime) -> bool:
    """Whether this is typed in the same stretch as the last version, and takes most of it over."""
    is_cut = len(last.text) >= KEPT_LENGTH and len(text) < len(last.text) / 2
    return last.author_id == by.pk and now - last.saved_at < STRETCH and not is_cut


def _keep(
    round: Round, place: str, language: str, text: str, last: ReportText | None, by: User, *, as_new: bool
) -> None:
    now = clock.now()
    if last and not as_new and _goes_on(last, text, by, now):
        last.text, last.saved_at = text, now
        last.save(update_fields=["text", "saved_at"])
        return
    new = ReportText.objects.create(
        round=round,
        place=place,
        language=language,
        number=last.number + 1 if last else 1,
        text=text,
        author=by,
        author_label=by.name or by.email,
        started_at=now,
        saved_at=now,
    )
    facts = {"place": place, "language": language}
    label = f"{round.plan.number} {round.year} {place} {language}"
    record(kind="write", subject=new, by=by, label=label, version=new.number, data=facts)
