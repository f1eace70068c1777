"""What browsers report of the content security policy: told in the log, where ``CSP_REPORT`` asks for it."""

import json
import logging
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.cache import cache
from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt

from nap_monitor.lib.addresses import require_post

logger = logging.getLogger(__name__)

#: Bytes. A report names a directive and a few addresses.
LARGEST = 8 * 1024
#: So many reports a minute are told; the rest is dropped, as anybody may send them.
PER_MINUTE = 60


@csrf_exempt
@login_not_required
@require_post
def policy_report(request: HttpRequest) -> HttpResponse:
    """Take one report: 204, or why it is none."""
    if not settings.CSP_REPORT:
        raise Http404
    if int(request.META.get("CONTENT_LENGTH") or 0) > LARGEST:
        return HttpResponse(status=413)
    try:
        report = json.loads(request.body)["csp-report"]
        told = {name: _told(report[name]) for name in ("effective-directive", "blocked-uri", "document-uri")}
    except (ValueError, KeyError, TypeError, UnicodeDecodeError):
        return HttpResponse(status=400)
    if _is_heard():
        # As JSON, so that nothing in it can begin a line of its own.
        logger.warning("Content security policy violated: %s", json.dumps(told))
    return HttpResponse(status=204)


def _told(value: Any) -> str:
    """An address without its query, which may hold what is nobody's business; anything else shortened."""
    return urlsplit(str(value))._replace(query="", fragment="").geturl()[:200]


def _is_heard() -> bool:
    cache.add("policy-reports", 0, timeout=60)
    try:
        return cache.incr("policy-reports") <= PER_MINUTE
    except ValueError:  # the minute ended in between
        return True
