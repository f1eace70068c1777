"""Issuing an edition of a round's report, and what may be done with it afterwards: dated acts that stay.

Nothing here changes or removes an edition; the database would refuse it too.
"""

from collections.abc import Mapping

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from ministries import rules
from ministries.models import BodyName, ImplementingBody, Round
from ministries.workflow import NotPermitted, Refused, WrongState
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from nap_monitor.lib.audit.services import record
from nap_monitor.lib.localized import LocalizedText
from reports.models import CommitteeOutcome, Edition, EditionAct
from reports.schema import check_content
from reports.selectors.editions import DOCUMENTS, differs, is_complete, last_edition, missing_of
from reports.selectors.outline import FIRST_LANGUAGE
from reports.selectors.report_content import report_content
from reports.services import jobs
from reports.services.edition_files import keep_data
from reports.services.snapshots import keep_report

ISSUE, PUBLISH = "reports.issue_edition", "reports.publish_edition"
AGENDA_LENGTH, ERRATA_LENGTH = 60, 10_000


@transaction.atomic
def issue_edition(
    *,
    round: Round,
    by: User,
    agenda_number: str = "",
    committee_date: str = "",
    errata: Mapping[str, str] | None = None,
    accept_missing: bool = False,
    seen: int | None = None,
) -> Edition:
    """Issue what the report says now, as the next edition, and have its files made.

    ``committee_date`` is an ISO day or empty. ``errata`` (by language) says what this edition puts right in the last
    one: it is needed from the second on. ``seen`` is the number of the last edition that the person looked at.

    Raises ``NotPermitted``; ``WrongState`` where another edition was issued meanwhile; ``Refused`` where a place that
    has to be written is empty (unless ``accept_missing``), where nothing differs from the last edition, without errata,
    or without a lead body to issue it; ``ValueError`` where the content does not fit its published schema.
    """
    if not rules.allows(by, ISSUE):
        raise NotPermitted(_now("Only a coordinator issues the report."))
    # Two who issue wait for each other: the second one finds the number taken.
    round = Round.objects.select_for_update(of=("self",)).select_related("plan").get(pk=round.pk)
    last = last_edition(plan_number=round.plan.number, year=round.year)
    if seen is not None and seen != (last.number if last else 0):
        raise WrongState(_now("Another edition has been issued meanwhile. Look at it before you issue the next one."))
    errata = {code: text.strip() for code, text in (errata or {}).items() if text.strip()}
    _check(round, last, agenda_number, errata, accept_missing)
    issuer = _issuer(round)
    number = last.number + 1 if last else 1
    today = clock.today()
    facts = {
        "number": number,
        "issued_on": today.isoformat(),
        "issuer": dict(issuer.name),
        "agenda_number": agenda_number.strip(),
        "committee_date": committee_date,
        "errata": errata,
        "replaces": last.number if last else None,
    }
    content = report_content(round, edition=facts)
    if last and not differs(last.snapshot.read(), content):
        raise Refused(_("Nothing differs from the last edition: there is nothing to issue."))
    check_content(content)
    snapshot = keep_report(content=content, round=round)
    edition = Edition.objects.create(
        plan_number=round.plan.number,
        year=round.year,
        number=number,
        snapshot=snapshot,
        issuer=LocalizedText(issuer.name),
        issued_on=today,
        issued_at=clock.now(),
        issued_by=_label_of(by),
        agenda_number=agenda_number.strip(),
        committee_date=committee_date or None,
        errata=LocalizedText(errata),
    )
    keep_data(edition=edition)
    told = {"number": number, "sha256": snapshot.sha256}
    record(kind="issue", subject=edition, by=by, label=_label(edition), version=number, data=told)
    for language, _name in settings.LANGUAGES:
        for form in DOCUMENTS:
            jobs.request_of_edition(snapshot=snapshot, language=language, form=form, by=by)
    return edition


def _check(
    round: Round, last: Edition | None, agenda_number: str, errata: Mapping[str, str], accept_missing: bool
) -> None:
    if len(agenda_number) > AGENDA_LENGTH:
        raise Refused(_("At most %(limit)s characters.") % {"limit": AGENDA_LENGTH}, field="agenda_number")
    for language, text in errata.items():
        if len(text) > ERRATA_LENGTH:
            raise Refused(_("At most %(limit)s characters.") % {"limit": ERRATA_LENGTH}, field=f"errata_{language}")
    if last and FIRST_LANGUAGE not in errata:
        raise Refused(_("Say what this edition puts right in the last one."), field=f"errata_{FIRST_LANGUAGE}")
    if not accept_missing and missing_of(round):
        raise Refused(_("Some texts of the report are still missing."), field="accept_missing")


def _issuer(round: Round) -> BodyName:
    """The lead body with its name of today."""
    lead = ImplementingBody.objects.filter(is_lead=True, assignments__submissions__round=round).distinct().first()
    if lead is None:
        raise Refused(_("No body of this round is the lead ministry, and only that can issue the report."))
    return lead.named_on(clock.today())


@transaction.atomic
def publish_edition(*, edition: Edition, by: User) -> EditionAct:
    """Make an issued edition public from today on. Raises ``NotPermitted``; ``WrongState`` where it is public already;
    ``Refused`` while a file is still missing."""
    _may(by)
    if edition.acts.filter(kind=EditionAct.Kind.PUBLISHED).exists():
        raise WrongState(_now("This edition is public already."))
    if not is_complete(edition):
        raise Refused(_("Some files of this edition are still being made. Publish it when all are there."))
    return _act(edition, by, kind=EditionAct.Kind.PUBLISHED)


@transaction.atomic
def record_outcome(
    *, edition: Edition, by: User, on: str, outcome: str, agenda_number: str = "", note: str = ""
) -> EditionAct:
    """Put on record what the Committee made of the edition on the ISO day ``on``. What was recorded before stays beside
    it. Raises ``NotPermitted`` or ``Refused``."""
    _may(by)
    if outcome not in CommitteeOutcome.values:
        raise Refused(_("Choose what the Committee decided."), field="outcome")
    return _act(
        edition,
        by,
        kind=EditionAct.Kind.COMMITTEE,
        on=on,
        outcome=outcome,
        agenda_number=agenda_number.strip(),
        note=note.strip(),
    )


def _may(by: User) -> None:
    if not rules.allows(by, PUBLISH):
        raise NotPermitted(_now("Only a coordinator publishes an edition."))


def _act(edition: Edition, by: User, *, kind: str, on: str = "", **facts: str) -> EditionAct:
    act = EditionAct(edition=edition, kind=kind, on=on or clock.today(), by=_label_of(by), at=clock.now(), **facts)
    act.full_clean(validate_unique=False, validate_constraints=False)
    act.save(force_insert=True)
    told = {"number": edition.number, "on": act.on.isoformat(), **{key: value for key, value in facts.items() if value}}
    record(
        kind="publish" if kind == EditionAct.Kind.PUBLISHED else "committee",
        subject=edition,
        by=by,
        label=_label(edition),
        version=edition.number,
        data=told,
    )
    return act


def _label_of(by: User) -> str:
    return f"{by.name} <{by.email}>" if by.name else by.email


def _label(edition: Edition) -> str:
    return f"{edition.plan_number} {edition.year} ({edition.number})"
