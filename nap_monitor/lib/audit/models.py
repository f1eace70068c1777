"""The append-only record of what was done. It outlives what it speaks of, so it holds text and no foreign keys."""

import datetime as dt
import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from nap_monitor.lib import clock


def person_in(label: str) -> tuple[str, str]:
    """Name and address in what the record calls a person; where it has the address alone, there is no name."""
    name, opening, address = label.rpartition(" <")
    return (name, address.rstrip(">")) if opening else ("", label)


class EventQuerySet(models.QuerySet["Event"]):
    """Finding events of an object."""

    def of(self, kind: str, identity: str) -> "EventQuerySet":
        """The events of the object of this kind and identity, oldest first."""
        return self.filter(object_kind=kind, object_id=identity).order_by("at", "sequence")

    def since(self, moment: dt.datetime) -> "EventQuerySet":
        """The events from this moment on, newest first."""
        return self.filter(at__gte=moment).order_by("-at", "-sequence")


class Event(models.Model):
    """One thing that one person did to one object. Never changed, never removed (a database trigger holds that).

    ``data`` may hold ``before`` and ``after``: what changed, by name. Rows from before a column came have it empty.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField(_("time"), default=clock.now)
    # Two events of one transaction may share a moment; this keeps their order.
    sequence = models.PositiveIntegerField(_("order"), default=0)
    kind = models.CharField(_("kind"), max_length=50)
    object_kind = models.CharField(_("kind of object"), max_length=50)
    object_id = models.CharField(_("object"), max_length=100)
    object_label = models.CharField(_("name of the object"), max_length=300)
    # The code of the body to which the object belongs; empty where it belongs to none.
    object_body = models.CharField(_("body of the object"), max_length=40, blank=True, default="")
    actor_id = models.CharField(_("person"), max_length=100, blank=True)
    actor_label = models.CharField(_("name of the person"), max_length=200, blank=True)
    # The role under which the person had the permission, and the body in which it is held.
    actor_role = models.CharField(_("acting role"), max_length=40, blank=True, default="")
    actor_body = models.CharField(_("body of the person"), max_length=40, blank=True, default="")
    from_state = models.CharField(_("state before"), max_length=40, blank=True, default="")
    to_state = models.CharField(_("state after"), max_length=40, blank=True, default="")
    version = models.PositiveIntegerField(_("version"), null=True, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    data = models.JSONField(_("details"), default=dict, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        ordering = ["at", "sequence"]
        indexes = [
            models.Index(fields=["object_kind", "object_id", "at", "sequence"], name="event_by_object"),
            models.Index(fields=["at", "sequence", "id"], name="event_by_time"),
            models.Index(fields=["actor_id", "at"], name="event_by_person"),
            models.Index(fields=["object_body", "at"], name="event_by_body"),
            models.Index(fields=["kind", "at"], name="event_by_kind"),
        ]

    def __str__(self) -> str:
        return f"{self.kind}: {self.object_label}"

    @property
    def actor_name(self) -> str:
        """The person without the address, where there is a name; nothing where nobody acted."""
        name, address = person_in(self.actor_label)
        return name or address
