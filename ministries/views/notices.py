"""The notices of who is signed in: the list, and marking them as read. Looking at the list marks nothing."""

import datetime as dt
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.core.exceptions import BadRequest
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from ministries import rules
from ministries.enums import NoticeKind, Role
from ministries.models import Notice
from ministries.notice_rules import has_notices
from ministries.selectors import notices as selectors
from ministries.services import notices as services
from ministries.services.notices import DATES
from ministries.views.record_changes import NAMES
from ministries.views.submission_page import entry_of
from nap_monitor.lib.addresses import require_post
from nap_monitor.lib.audit.models import Event
from nap_monitor.lib.links import Link

PAGE_SIZE = 30
SIGNS = {
    NoticeKind.SEND_BACK: "state-sent-back",
    NoticeKind.RETURN: "state-returned",
    NoticeKind.CONFIRM: "state-confirmed",
    NoticeKind.REOPEN: "revision",
    NoticeKind.REMARK: "comment",
    NoticeKind.INSIDE_REMARK: "comment",
    NoticeKind.EXTEND: "calendar",
    NoticeKind.END_EXTENSION: "calendar",
    NoticeKind.ASK_EXTENSION: "calendar",
    NoticeKind.DECLINE: "calendar",
    NoticeKind.SUBMIT: "state-submitted",
    NoticeKind.SUBMIT_AGAIN: "state-submitted-again",
    NoticeKind.ANSWER: "comment",
    NoticeKind.HAND_OVER: "user",
    NoticeKind.REVOKE_HANDOVER: "user",
    NoticeKind.CHANGE_DATES: "calendar",
    NoticeKind.CLOSE_ROUND: "lock",
    NoticeKind.REOPEN_ROUND: "revision",
}
HANDOVERS = (NoticeKind.HAND_OVER, NoticeKind.REVOKE_HANDOVER)


@dataclass(frozen=True)
class Line:
    """A notice as the list shows it. ``told`` is its day, and its reason or its field."""

    notice: Notice
    label: str
    sign: str
    about: str
    title: object
    url: str
    actor: str
    told: str


@require_safe
def notice_list(request: HttpRequest) -> HttpResponse:
    """The notices of the person, newest first; the unread ones where that is asked. 404 for who is never told any."""
    if not has_notices(request.user):
        raise Http404
    only_unread = request.GET.get("show") == "unread"
    found = selectors.notices_of(request.user, unread=only_unread)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    events = selectors.events_of(page)
    here, unread = reverse("ministries:notice_list"), selectors.unread_number(request.user) or 0
    context = {
        "page": page,
        "lines": [_line(request, each, events.get(each.event)) for each in page],
        "tabs": [
            Link(here, _("All"), not only_unread),
            Link(f"{here}?show=unread", pgettext("notices", "Unread"), only_unread, unread),
        ],
        "unread": unread,
        "only_unread": only_unread,
        "query": _query(request),
        "until": page[0].at.isoformat() if page.number == 1 and len(page) else "",
    }
    return render(request, "ministries/notice_list.html", context)


@require_post
def notice_read(request: HttpRequest, notice: str) -> HttpResponse:
    """Mark one as read, and go to what it is about (``open``) or stay with the list."""
    request.back_url = reverse("ministries:notice_list")
    found = get_object_or_404(selectors.notices_of(request.user), pk=notice)
    services.mark_read(notice=found, by=request.user)
    if "open" in request.POST:
        event = selectors.events_of([found]).get(found.event)
        return redirect(_address(request, found, event) or request.back_url)
    return redirect(request.back_url + _query(request))


@require_post
def notice_read_all(request: HttpRequest) -> HttpResponse:
    """Mark all as read that the page knew of: those up to ``until``."""
    request.back_url = reverse("ministries:notice_list")
    try:
        until = dt.datetime.fromisoformat(request.POST.get("until", ""))
    except ValueError:
        raise BadRequest(_("This page is out of date. Reload it.")) from None
    if until.tzinfo is None:
        raise BadRequest(_("This page is out of date. Reload it."))
    services.mark_all_read(by=request.user, until=until)
    return redirect(request.back_url + _query(request))


def _query(request: HttpRequest) -> str:
    """The part of the list that is shown, as the query of an address."""
    page = request.GET.get("page", "")
    asked = [
        *(["show=unread"] if request.GET.get("show") == "unread" else []),
        *([f"page={page}"] if page.isdecimal() else []),
    ]
    return f"?{'&'.join(asked)}" if asked else ""


def _line(request: HttpRequest, notice: Notice, event: Event | None) -> Line:
    entry = entry_of(event) if event else None
    submission, body = notice.submission, str(notice.body.short_name)
    if submission:
        about = f"{submission.round.year} · {body} · {submission.assignment.action_plan.code}"
    else:
        about = f"{notice.round.year} · {body}" if notice.round else body
    kind = NoticeKind(notice.kind)
    return Line(
        notice=notice,
        label=str(kind.label),
        sign=SIGNS[kind],
        about=about,
        title=submission.assignment.action_plan.title if submission else "",
        url=_address(request, notice, event),
        actor=entry.actor if entry else "",
        told=_told(kind, event, entry.reason) if event and entry else "",
    )


def _address(request: HttpRequest, notice: Notice, event: Event | None) -> str:
    """Where a notice leads: to where a request is answered, to the very submission, to the body's desk of the year, or
    to the handover."""
    is_own = notice.body_id in rules.roles_of(request.user).own_bodies
    if notice.kind == NoticeKind.ASK_EXTENSION:
        return _to_answer(notice, event)
    if notice.submission:
        return notice.submission.get_absolute_url()
    if notice.round:
        return reverse("ministries:signoff_desk", args=[notice.round.plan.number, notice.round.year, notice.body.code])
    if is_own:
        return reverse("ministries:handover_list")
    return reverse("ministries:person_detail", args=[event.object_id]) if event else ""


def _to_answer(notice: Notice, event: Event | None) -> str:
    round = notice.submission.round if notice.submission else notice.round
    if round is None:
        return ""
    asked = urlencode({"request": event.data.get("request", "")}) if event else ""
    return f"{reverse('ministries:extension_list', args=[round.plan.number, round.year])}?{asked}"


def _told(kind: NoticeKind, event: Event, reason: object) -> str:
    """The role and the day of a handover; what became of a round's dates; else the new due date, where there is one,
    before the reason or the field."""
    data: dict[str, Any] = event.data
    if kind in HANDOVERS:
        role = str(Role(data["role"]).label) if data.get("role") in Role.values else ""
        parts = [role, _day(data.get("on")), event.reason]
    elif kind is NoticeKind.CHANGE_DATES:
        before, after = data.get("before", {}), data.get("after", {})
        changed = [name for name in DATES if before.get(name) != after.get(name)]
        parts = [f"{NAMES[name]} {_day(before.get(name))} → {_day(after.get(name))}" for name in changed]
    else:
        due = _day(data.get("due_date")) if kind not in (NoticeKind.END_EXTENSION, NoticeKind.DECLINE) else ""
        parts = [f"{_('Due date')} {due}" if due else "", str(reason)]
    return " · ".join(each for each in parts if each)


def _day(text: object) -> str:
    day = parse_date(str(text)) if text else None
    return date_format(day, "SHORT_DATE_FORMAT") if day else ""
