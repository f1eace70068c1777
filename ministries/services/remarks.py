"""Saving a body's remarks on warnings; a part of saving its submission."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from ministries.models import Submission, WarningRemark
from ministries.models.warning_remark import KEY_LENGTH
from ministries.services.changes import Change, Conflict, SaveResult, check_lengths, plain
from ministries.warnings import is_known_kind
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock


def save_remarks(submission: Submission, by: User, changes: Mapping[str, Change], result: SaveResult) -> None:
    """Save remarks by the keys of their warnings, each compared with the text that the writer started from.

    A warning need not hold any more when its remark comes (the same save may have mended the figure): the remark is
    kept, and shown when it holds again. Raises ``ValidationError`` for a key that can be no warning's.
    """
    if not changes:
        return
    stored = {row.key: row for row in submission.warning_remarks.all()}
    for key, change in changes.items():
        if not is_known_kind(key) or len(key) > KEY_LENGTH:
            raise ValidationError(_("There is no such point to check. Reload the page."))
        row = stored.get(key) or WarningRemark(submission=submission, key=key)
        if plain(row.text) == plain(change.new):
            continue
        if not change.knows(row.text):
            result.conflicts.append(Conflict(key, row.text, change.new, table="warnings"))
            continue
        row.text, row.author, row.at = plain(change.new), by, clock.now()
        check_lengths(row, {"text": _("Remark")})
        if row.text:
            row.save()
        else:
            row.delete()
        result.saved.append(f"remark:{key}")
