"""What the worker does for the work."""

from django_tasks import task

from ministries.services import reminders, scanning
from nap_monitor.lib.mail import MailServerAwayError, Outgoing


@task()  # type: ignore[untyped-decorator]
def scan_file(sha256: str) -> str:
    """Have a stored file checked for viruses."""
    return scanning.scan(sha256=sha256)


@task()  # type: ignore[untyped-decorator]
def send_reminder(mail_id: str) -> str:
    """Send an e-mail that a coordinator asked for. What can't be sent now is tried again by the schedule."""
    with Outgoing() as outgoing:
        try:
            sent = reminders.send_by_hand(mail_id, outgoing)
        except MailServerAwayError:
            return "away"
    return str(sent.state) if sent else "not mine"
