"""What is done by the clock: ``manage.py run_schedule``, from cron or a systemd timer."""

import datetime as dt
from contextlib import nullcontext
from dataclasses import dataclass, field

from ministries import emails
from ministries.enums import Delivery, MailFault
from ministries.models import ImplementingBody, ReminderMail, Round, ScheduleRun
from ministries.selectors import reminders as selectors
from ministries.selectors.reminders import Digest, Missing
from ministries.selectors.reminders_by_hand import left_over
from ministries.services import notices, reminders
from ministries.services.endings import tell_of_endings
from nap_monitor.lib import clock
from nap_monitor.lib.mail import MailServerAwayError, Outgoing

#: After so many e-mails on end that the server did not answer to, the run ends.
MOST_SILENCES = 3


@dataclass(frozen=True)
class Line:
    """An e-mail of a run: its digest (nothing for one that a coordinator sends by hand), and what became of it
    (nothing where it was only listed)."""

    digest: Digest | None
    state: Delivery | None = None
    fault: str = ""
    code: int | None = None


@dataclass
class Report:
    """What a run did. ``endings``: of how many appointments that end soon people were told;
    ``elsewhere``: what another process was sending; ``untried``: what was left, the server being
    away."""

    lines: list[Line] = field(default_factory=list)
    missing: list[tuple[Round, Missing]] = field(default_factory=list)
    bodies: dict[int, ImplementingBody] = field(default_factory=dict)
    elsewhere: int = 0
    endings: int = 0
    untried: int = 0
    is_server_away: bool = False

    def number(self, state: Delivery) -> int:
        """How many e-mails ended in this way."""
        return sum(line.state is state for line in self.lines)

    @property
    def has_failed(self) -> bool:
        """Whether anything that was due could not be sent."""
        return self.is_server_away or self.number(Delivery.FAILED) > 0


def run(*, as_of: dt.datetime | None = None, dry_run: bool = False, to: str = "") -> Report:
    """Do what is due (``as_of``: what was or will be due then). Each addressee gets one digest of reminders.

    ``dry_run`` sends and writes nothing; ``to`` sends all of it to this address and records nothing.
    """
    with clock.at(as_of) if as_of else nullcontext():
        plan = selectors.plan()
        report = Report(elsewhere=plan.under_way, missing=_missing(plan))
        if dry_run:
            report.lines = [Line(digest) for digest in plan.digests]
            return report
        if to:
            _try_out(plan.digests, to, report)
            return report
        record = ScheduleRun.objects.create(as_of=clock.now())
        notices.sweep()
        _send(plan.digests, left_over(), report)
        report.endings = tell_of_endings()
    ScheduleRun.objects.filter(pk=record.pk).update(
        finished_at=clock.real_now(),
        sent=report.number(Delivery.SENT),
        failed=report.number(Delivery.FAILED) + report.untried,
    )
    return report


def _missing(plan: selectors.Plan) -> list[tuple[Round, Missing]]:
    rounds = Round.objects.select_related("plan").in_bulk(list(plan.missing))
    return [(rounds[pk], each) for pk, missing in plan.missing.items() for each in missing]


def _send(digests: list[Digest], by_hand: list[ReminderMail], report: Report) -> None:
    """One after the other over one connection; one that fails stops no other, but a server that is away all of them."""
    waiting: list[Digest | ReminderMail] = [*digests, *by_hand]
    silences = 0
    with Outgoing() as outgoing:
        for number, each in enumerate(waiting):
            try:
                outgoing.open()
                line = _send_one(each, outgoing)
            except MailServerAwayError:
                line, silences = None, MOST_SILENCES
            if line is not None and line.state is None:
                report.elsewhere += 1
            elif line is not None:
                report.lines.append(line)
                silences = silences + 1 if line.fault == MailFault.SERVER else 0
            if silences >= MOST_SILENCES:
                report.is_server_away = True
                report.untried = len(waiting) - number - (line is not None)
                return


def _send_one(each: Digest | ReminderMail, outgoing: Outgoing) -> Line | None:
    """What became of it. An e-mail that another process has is told as one of those elsewhere: as no state."""
    if isinstance(each, ReminderMail):
        sent = reminders.send_by_hand(str(each.pk), outgoing)
        return _line(None, sent)
    claimed = reminders.claim(each)
    return _line(each, reminders.send_digest(each, claimed, outgoing) if claimed else None)


def _line(digest: Digest | None, mail: ReminderMail | None) -> Line:
    return Line(digest, Delivery(mail.state), mail.fault, mail.smtp_code) if mail else Line(digest)


def _try_out(digests: list[Digest], to: str, report: Report) -> None:
    """All of it to one address, as other messages than the real ones."""
    with Outgoing() as outgoing:
        for number, digest in enumerate(digests):
            try:
                outgoing.send(emails.reminder(digest.to, digest.submissions, "").to_address(to))
            except (MailServerAwayError, OSError):  # all errors of SMTP are such
                report.lines.append(Line(digest, Delivery.FAILED, MailFault.SERVER))
                report.is_server_away, report.untried = True, len(digests) - number - 1
                return
            report.lines.append(Line(digest, Delivery.SENT))
