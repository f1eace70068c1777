"""Answers for steps that cannot be taken: 409 with the reason, in the reader's language."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from ministries.workflow import WrongState


class WrongStateMiddleware:
    """Turns :class:`WrongState` into a page that says why, and leads to the present state."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """409 for a wrong state; nothing for any other exception."""
        if not isinstance(exception, WrongState):
            return None
        back_url = getattr(request, "back_url", "")
        return render(request, "409.html", {"reason": str(exception), "back_url": back_url}, status=409)
