"""Which evidence files who may read: worked out from the table of :mod:`ministries.rules`."""

from typing import TYPE_CHECKING

from django.db.models import Exists, F, OuterRef, Q

from ministries import rules
from ministries.enums import Disclosure

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from ministries.models import EvidenceFile
    from nap_monitor.accounts.models import User


def visible_evidence(user: "User | AnonymousUser") -> Q:
    """The evidence files that ``user`` may read, as a filter on ``EvidenceFile``: the filter of :func:`reads_evidence`.

    Of the own body all that is attached, and what any version names; of others what the version that one reads names.
    """
    roles = rules.roles_of(user)
    own = Q(submission__assignment__body_id__in=roles.own_bodies)
    attached = Q(removed_at=None, held_until=None)
    seen = own & (attached | Q(held_until__isnull=False, uploaded_by_id=user.pk) | Q(_named()))
    if rules.reaches_all(roles, "ministries.view_submitted"):
        seen |= Q(_named("submitted_version", "confirmed_version"))
    elif rules.reaches_all(roles, "ministries.view_confirmed"):
        seen |= (
            Q(_named("confirmed_version", is_restricted=False), is_restricted=False)
            & Q(submission__confirmed_version__is_restricted=False)
            & ~Q(submission__disclosure=Disclosure.RESTRICTED)
        )
    return seen


def _named(*versions: str, **how: bool) -> Exists:
    """That one of these versions of its submission names the file (in this way); without a word, any version."""
    from ministries.models import EvidenceInVersion

    links = EvidenceInVersion.objects.filter(file=OuterRef("pk"), **how)
    if versions:
        said = Q()
        for version in versions:
            said |= Q(version=F(f"file__submission__{version}"))
        links = links.filter(said)
    return Exists(links)


def reads_evidence(user: "User | AnonymousUser", file: "EvidenceFile") -> bool:
    """Whether ``user`` may read this file: the same answer as :func:`visible_evidence`, for one object.

    What the virus check says of it is asked apart (``StoredFile.is_held_back``).
    """
    submission = file.submission
    if file.is_held:
        return file.uploaded_by_id == user.pk and rules.allows(user, "ministries.view_draft", submission)
    named_by = dict(file.version_links.values_list("version_id", "is_restricted"))
    if rules.allows(user, "ministries.view_draft", submission) and (file.removed_at is None or named_by):
        return True
    if rules.allows(user, "ministries.view_submitted", submission):
        return not named_by.keys().isdisjoint({submission.submitted_version_id, submission.confirmed_version_id})
    if file.is_restricted or rules.reading_of(user, submission) is not rules.Reading.LAST_CONFIRMED:
        return False
    version = submission.confirmed_version_id
    return version is not None and named_by.get(version) is False
