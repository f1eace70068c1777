"""An implementing body (이행기관) and the names it has had."""

import datetime as dt
from collections.abc import Iterable
from typing import Any, TypeVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from ministries.enums import BodyKind
from nap_monitor.lib import clock
from nap_monitor.lib.localized import LocalizedText, LocalizedTextField

AnyName = TypeVar("AnyName")


def valid_on(names: Iterable[AnyName], day: dt.date) -> AnyName:
    """The name among those of a body that it has on this day; before its first one, that one."""

    def since(name: Any) -> dt.date:
        return name.valid_from or dt.date.min

    ordered = sorted(names, key=since)
    valid = [name for name in ordered if since(name) <= day]
    return valid[-1] if valid else ordered[0]


def code_as_name(code: str) -> LocalizedText:
    """What a body is called that has no name."""
    return LocalizedText({settings.LANGUAGE_CODE: code})


def with_short(name: Any) -> LocalizedText:
    """A name's short form, in the languages in which it has none the whole."""
    return LocalizedText({**name.name, **{k: v for k, v in name.short_name.items() if v}})


class ImplementingBody(models.Model):
    """A ministry, agency, council or public institution that carries action plans."""

    code = models.CharField(_("code"), max_length=20, unique=True)
    kind = models.CharField(_("kind"), max_length=20, choices=BodyKind.choices, default=BodyKind.MINISTRY)
    is_lead = models.BooleanField(_("lead ministry"), default=False)
    order = models.PositiveIntegerField(_("order"), default=0)
    # Of an office, not of a person: where the body wants to be told of what stays late.
    escalation_address = models.EmailField(_("escalation address"), blank=True)

    class Meta:
        verbose_name = _("implementing body")
        verbose_name_plural = _("implementing bodies")
        ordering = ["order", "code"]

    def __str__(self) -> str:
        return str(self.name)

    def named_on(self, day: dt.date) -> "BodyName":
        """The name that the body has on this day, else its code. Prefetch ``names`` where many are shown."""
        names = self.names.all()
        if names:
            return valid_on(names, day)
        # No file leaves a body without a name; whoever takes its last one out of the database still sees its code.
        code = code_as_name(self.code)
        return BodyName(body=self, name=code, short_name=code)

    def name_in(self, year: int) -> LocalizedText:
        """The name for a round of this year: that of its 31 December."""
        return LocalizedText(self.named_on(dt.date(year, 12, 31)).name)

    @property
    def name(self) -> LocalizedText:
        """Today's name."""
        return LocalizedText(self.named_on(clock.today()).name)

    @property
    def short_name(self) -> LocalizedText:
        """Today's short name, else the name."""
        return with_short(self.named_on(clock.today()))


class BodyName(models.Model):
    """A name that a body has from a day on; without a day, from the beginning."""

    body = models.ForeignKey(ImplementingBody, on_delete=models.CASCADE, related_name="names", verbose_name=_("body"))
    valid_from = models.DateField(_("valid from"), null=True, blank=True)
    # The source gives the change but not its day.
    day_to_confirm = models.BooleanField(_("day to be confirmed"), default=False)
    name = LocalizedTextField(_("name"))
    short_name = LocalizedTextField(_("short name"), blank=True)

    class Meta:
        verbose_name = _("name of a body")
        verbose_name_plural = _("names of bodies")
        ordering = ["body", "valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["body", "valid_from"], name="body_name_unique_by_day"),
            models.UniqueConstraint(
                fields=["body"], condition=models.Q(valid_from__isnull=True), name="body_has_one_first_name"
            ),
        ]

    def __str__(self) -> str:
        return str(self.name)
