"""What is refused before any page looks at it."""

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse


class NullCharacterMiddleware:
    """An address with a null character names nothing here: 404, where PostgreSQL would fail on the look-up."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\x00" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            raise Http404
        return self.get_response(request)
