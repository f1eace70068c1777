"""Reading the fields of a body's own for the pages on which it defines them."""

import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Count
from django.http import Http404
from django.shortcuts import get_object_or_404

from ministries import rules
from ministries.models import BodyField, ImplementingBody

if TYPE_CHECKING:
    from nap_monitor.accounts.models import User

PERMISSION = "ministries.change_body_field"


@dataclass(frozen=True)
class OwnField:
    """A field in the list: its place, counted from 0, and how many submissions have an answer to it."""

    field: BodyField
    place: int
    answers: int
    is_last: bool

    @property
    def before(self) -> str:
        """What the button sends that moves it up."""
        return f"{self.field.pk} {self.place - 1}"

    @property
    def after(self) -> str:
        """What the button sends that moves it down."""
        return f"{self.field.pk} {self.place + 1}"


def find_own_body(user: "User", code: str) -> ImplementingBody:
    """A body whose fields ``user`` defines. Raises ``Http404`` for any other: nobody else has these pages."""
    body = get_object_or_404(ImplementingBody.objects.prefetch_related("names"), code=code)
    if not rules.allows(user, PERMISSION, body):
        raise Http404
    return body


def own_fields(body: ImplementingBody) -> list[OwnField]:
    """The fields of a body in their order, in two queries."""
    answers = dict(body.own_fields.values_list("pk").annotate(number=Count("values")))
    found = list(body.own_fields.all())
    return [OwnField(each, place, answers[each.pk], place == len(found) - 1) for place, each in enumerate(found)]


def find_own_field(body: ImplementingBody, pk: uuid.UUID) -> BodyField:
    """A field of a body. Raises ``Http404`` where there is none."""
    return get_object_or_404(body.own_fields.select_related("body"), pk=pk)


def answers_to(field: BodyField) -> int:
    """How many submissions have an answer to it."""
    return field.values.count()
