"""``manage.py appoint``: give a person a role, and make the account and print the invitation where that is new."""

import datetime as dt
from argparse import ArgumentParser
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils import translation

from ministries.enums import Role
from ministries.models import Appointment, ImplementingBody
from ministries.services.people import AlreadyAppointed, appoint
from ministries.workflow import Refused
from nap_monitor.accounts.links import set_password_link


class Command(BaseCommand):
    help = "Appoint a person: the first coordinator of an installation comes in this way."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("email", help="the person's e-mail address")
        parser.add_argument("--role", required=True, help="one of: " + ", ".join(Role.values))
        parser.add_argument("--body", help="code of the implementing body, for a role of a body")
        parser.add_argument("--name", default="", help="the person's name, for a new account")
        parser.add_argument("--language", help="language of e-mails, for a new account: ko or en")
        parser.add_argument("--from", dest="start", help="first day, as 2026-01-31; today by default")
        parser.add_argument("--to", dest="end", help="last day, as 2026-12-31; open by default")

    def handle(self, *args: Any, **options: Any) -> None:
        # One language on the terminal, whatever the installation's.
        with translation.override("en"):
            self._appoint(**options)

    def _appoint(self, **options: Any) -> None:
        try:
            appointment = appoint(
                email=options["email"],
                role=_role(options["role"]),
                body=_body(options["body"]),
                name=options["name"],
                language=_language(options["language"]),
                start=_day("--from", options["start"]),
                end=_day("--to", options["end"]),
                by=None,
            )
        except AlreadyAppointed as already:
            self._say("Nothing changed: there is this appointment already", already.appointment)
        except Refused as refused:
            raise CommandError(str(refused.message)) from None
        else:
            self._say("Appointed", appointment)

    def _say(self, what: str, appointment: Appointment) -> None:
        user = appointment.user
        place = f" in {appointment.body.code}" if appointment.body else ""
        days = f"from {appointment.start}" + (f" to {appointment.end}" if appointment.end else "")
        self.stdout.write(f"{what}: {user.email}, {appointment.get_role_display()}{place}, {days}.")
        if not user.has_usable_password():
            self.stdout.write("Invitation (for this person alone; the link can be used once):")
            self.stdout.write(set_password_link(user))


def _role(role: str) -> str:
    if role not in Role.values:
        raise CommandError(f"There is no role {role!r}. The roles are: {', '.join(Role.values)}.")
    return role


def _body(code: str | None) -> ImplementingBody | None:
    if not code:
        return None
    body = ImplementingBody.objects.filter(code=code).first()
    if body is None:
        codes = list(ImplementingBody.objects.values_list("code", flat=True))
        known = f"The bodies are: {', '.join(codes)}." if codes else "No body is loaded yet: run load_bodies first."
        raise CommandError(f"There is no body {code!r}. {known}")
    return body


def _language(language: str | None) -> str | None:
    known = [code for code, _name in settings.LANGUAGES]
    if language is not None and language not in known:
        raise CommandError(f"There is no language {language!r}. The languages are: {', '.join(known)}.")
    return language


def _day(option: str, text: str | None) -> dt.date | None:
    try:
        return dt.date.fromisoformat(text) if text else None
    except ValueError:
        raise CommandError(f"{option} {text!r} is not a day. Write it as 2026-01-31.") from None
