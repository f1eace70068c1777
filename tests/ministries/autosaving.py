"""A page that saves by itself, as its script asks the server."""

import json
from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from ministries.models import Submission
from nap_monitor.accounts.models import User
from nap_monitor.lib.audit.models import Event

#: The key of a row that a page made.
KEY = "5f0c2b1e-0000-4000-8000-000000000001"


class Page:
    """A page that saves by itself, in the browser of one person."""

    def __init__(self, client: Client, user: User, submission: Submission | None = None, *, address: str = "") -> None:
        self.client, self.user = client, user
        self.address = address
        if submission:
            self.address = reverse("ministries:submission_autosave", args=submission.address)

    def post(self, body: Any) -> HttpResponse:
        return self.client.post(
            self.address, body, content_type="application/json", headers={"accept": "application/json"}
        )

    def send(self, **payload: Any) -> HttpResponse:
        return self.post(json.dumps({"person": str(self.user.pk), **payload}))

    def save(self, **payload: Any) -> Any:
        """What the server answers to something that it takes."""
        answer = self.send(**payload)
        assert answer.status_code == 200, answer.content.decode()[:300]
        return answer.json()


def change(value: Any, base: Any = None, *sent: Any) -> dict[str, Any]:
    """A field as the page sends it; a figure may be given by its number."""
    empty = ["", ""] if isinstance(value, list) else ""
    return {"value": value, "base": empty if base is None else base, "sent": list(sent)}


def row(key: Any = None, *, client_key: Any = None, delete: bool = False, **fields: Any) -> dict[str, Any]:
    """A row as the page sends it."""
    return {"key": key and str(key), "client_key": client_key, "delete": delete, "fields": fields}


def saves(submission: Submission) -> list[Event]:
    return list(Event.objects.of("ministries.submission", str(submission.pk)).filter(kind="save"))
