"""Telling people beforehand that an appointment ends: once for each last day, by e-mail."""

from django.db import transaction
from django.db.models import F

from ministries import emails
from ministries.enums import Role
from ministries.models import Appointment
from ministries.selectors.people import ending_soon
from nap_monitor.accounts.models import User
from nap_monitor.lib import mail


@transaction.atomic
def tell_of_endings() -> int:
    """Queue an e-mail to each person whose appointment ends soon, and one about all of them to each coordinator.

    What is provided for (``selectors.people.ending_soon``) is left out. Of two runs at once one tells. How many
    appointments.
    """
    told = [
        each.pk
        for each in ending_soon().exclude(told_end=F("end"))
        if Appointment.objects.filter(pk=each.pk, end=each.end).exclude(told_end=F("end")).update(told_end=F("end"))
    ]
    for key in told:
        mail.queue(emails.ending, appointment_id=str(key))
    if told:
        held = Appointment.objects.holding().filter(role=Role.COORDINATOR)
        for coordinator in User.objects.filter(is_active=True, appointments__in=held).distinct():
            mail.queue(emails.endings, user_id=str(coordinator.pk), appointment_ids=[str(key) for key in told])
    return len(told)
