"""``manage.py run_schedule``: do what is due, for cron or a systemd timer; with ``--every`` again and again."""

import datetime as dt
import logging
import signal
import threading
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email
from django.db import close_old_connections
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from ministries.enums import Delivery, MailFault, ReminderTo
from ministries.models import ImplementingBody, Round
from ministries.selectors.reminders import Digest
from ministries.services import schedule
from ministries.services.schedule import Line, Report
from ministries.words import stage_words

logger = logging.getLogger(__name__)

#: In seconds.
MINUTE = 60.0


class Command(BaseCommand):
    """Each run sends what has become due and was not sent; run it as often as you like."""

    help = "Send the reminders that are due. Ends with 1 where something could not be sent."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--dry-run", action="store_true", help="send and write nothing, list what is due")
        parser.add_argument("--now", default="", help="what is due then: 2026-01-31 or 2026-01-31T09:00 (Asia/Seoul)")
        parser.add_argument("--to", default="", help="send all of it to this address, for trying out; not recorded")

        parser.add_argument(
            "--every", default="", metavar="MINUTES", help="run now and every so many minutes, until stopped"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        as_of, to = _moment(options["now"]), _address(options["to"])
        dry_run, every = bool(options["dry_run"]), _minutes(options["every"])
        self.is_quiet = options["verbosity"] == 0
        if not every:
            self._run(as_of=as_of, dry_run=dry_run, to=to)
        elif as_of or dry_run or to:
            raise CommandError(_("--every goes with none of --now, --to and --dry-run."))
        else:
            self._run_every(every * MINUTE)

    def _run_every(self, seconds: float) -> None:
        """Until the process is asked to stop; a run that is under way comes to its end. What fails ends nothing."""
        stop = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_args: stop.set())
        while not stop.is_set():
            try:
                close_old_connections()
                self._run()
            except CommandError as error:
                self.stderr.write(str(error))
            except Exception:
                logger.exception("The schedule's run failed; the next one tries again.")
            stop.wait(seconds)

    def _run(self, *, as_of: dt.datetime | None = None, dry_run: bool = False, to: str = "") -> None:
        report = schedule.run(as_of=as_of, dry_run=dry_run, to=to)
        if not self.is_quiet:
            self._tell(report, dry_run=dry_run, to=to)
        if report.is_server_away:
            raise CommandError(_("The mail server did not answer. The next run tries again."))
        if report.has_failed:
            raise CommandError(_("Some e-mails were not sent. The next run tries them again."))

    def _tell(self, report: Report, *, dry_run: bool, to: str) -> None:
        for text in _lines(report):
            self.stdout.write(text)
        for round, missing in report.missing:
            roles = ", ".join(str(each.label) for each in missing.recipients)
            self.stdout.write(
                _("%(round)s %(body)s: no recipient (%(roles)s).")
                % {"round": round.year, "body": missing.body.code, "roles": roles}
            )
        if report.endings:
            told = ngettext(
                "Told of %(number)s appointment that ends soon.",
                "Told of %(number)s appointments that end soon.",
                report.endings,
            )
            self.stdout.write(told % {"number": report.endings})
        self.stdout.write(_summary(report, dry_run=dry_run, to=to))
        self.stdout.flush()


def _minutes(text: str) -> int:
    """Zero where nothing is said."""
    if not text:
        return 0
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= 1440):
        raise CommandError(_("--every: %(text)s is no number of minutes from 1 to 1440.") % {"text": text})
    return int(text)


def _moment(text: str) -> dt.datetime | None:
    if not text:
        return None
    try:
        moment = parse_datetime(text)
        day = None if moment else parse_date(text)
    except ValueError:
        moment = day = None
    if moment is None and day is not None:
        moment = dt.datetime.combine(day, dt.time(12))
    if moment is None:
        raise CommandError(_("--now: %(text)s is no time such as 2026-01-31T09:00.") % {"text": text})
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


def _address(text: str) -> str:
    if text:
        try:
            validate_email(text)
        except ValidationError:
            raise CommandError(_("--to: this is no e-mail address.")) from None
    return text


def _lines(report: Report) -> Iterator[str]:
    """One for each e-mail: bodies and stages, no person and no address."""
    rounds = Round.objects.in_bulk({stage.round_id for line in report.lines for stage in _stages(line.digest)})
    bodies = ImplementingBody.objects.in_bulk(
        {stage.body_id for line in report.lines for stage in _stages(line.digest)}
    )
    for line in report.lines:
        about = _about(line.digest, rounds, bodies) if line.digest else _("By a coordinator")
        yield ": ".join([about, *([_outcome(line)] if line.state else [])])


def _stages(digest: Digest | None) -> tuple[Any, ...]:
    return digest.stages if digest else ()


def _about(digest: Digest, rounds: dict[int, Round], bodies: dict[int, ImplementingBody]) -> str:
    stages = "; ".join(
        f"{rounds[stage.round_id].year} {bodies[stage.body_id].code} {ReminderTo(stage.recipient).label}, "
        f"{stage.due_date} {stage_words(stage.days)}"
        for stage in digest.stages
    )
    number = len(digest.submissions)
    return stages + " · " + ngettext("%(number)s submission", "%(number)s submissions", number) % {"number": number}


def _outcome(line: Line) -> str:
    if not line.fault:
        return str(line.state.label if line.state else "")
    return f"{MailFault(line.fault).label}{f' ({line.code})' if line.code else ''}"


def _summary(report: Report, *, dry_run: bool, to: str) -> str:
    if dry_run:
        number = len(report.lines)
        due = ngettext("%(number)s e-mail is due.", "%(number)s e-mails are due.", number) % {"number": number}
        return due + " " + _("Nothing was sent.")
    counts = {
        "sent": report.number(Delivery.SENT),
        "failed": report.number(Delivery.FAILED),
        "untried": report.untried,
        "elsewhere": report.elsewhere,
    }
    text = _("Sent: %(sent)s, not sent: %(failed)s, not tried: %(untried)s, with another run: %(elsewhere)s.") % counts
    return text + (" " + _("Nothing was recorded.") if to else "")
