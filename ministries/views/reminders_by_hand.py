"""Reminding by hand: who is chosen, what each of them would get, and then the sending."""

from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from ministries import emails
from ministries.enums import Occasion, ReminderTo
from ministries.forms.filters import SubmissionFilter
from ministries.forms.reminders import SendForm
from ministries.models import ImplementingBody, ReminderMail, Round, Submission
from ministries.selectors import reminders_by_hand as selectors
from ministries.selectors import submissions
from ministries.selectors.reminders import awaited
from ministries.selectors.reminders_by_hand import ByHand
from ministries.services import reminders as services
from ministries.views.reminders import find_round
from ministries.views.round_navigation import REMINDERS, round_navigation
from ministries.workflow import Refused
from nap_monitor.lib.mail import Mail

#: Of so many addressees the preview shows the whole e-mail.
SHOWN = 20


@dataclass(frozen=True)
class Choice:
    """What may be chosen from: the bodies of the round, and what is awaited by ``body:action plan``."""

    bodies: dict[str, ImplementingBody]
    awaited: dict[str, Submission]

    @classmethod
    def of(cls, round: Round) -> "Choice":
        bodies = {body.code: body for body in selectors.reporting_bodies(round)}
        return cls(bodies, {_mark(each): each for each in awaited([round])})


def _mark(submission: Submission) -> str:
    return f"{submission.assignment.body.code}:{submission.assignment.action_plan.code}"


@require_http_methods(["GET", "POST"])
def reminder_send(request: HttpRequest, plan: int, year: int) -> HttpResponse:
    """Choose, look at what each would get, send. ``?body=…`` and ``?submission=body:action plan`` choose beforehand;
    ``?listed=1`` with the filters of the list of submissions chooses what is awaited in that list."""
    round = find_round(request, plan, year)
    choice = Choice.of(round)
    if request.method == "GET":
        return _form_page(request, round, choice, _form(choice, round, initial=_asked(request, round, choice)))
    form = _form(choice, round, request.POST)
    if "change" in request.POST:
        return _form_page(request, round, choice, _form(choice, round, initial=_typed(request, form)))
    if not form.is_valid():
        return _form_page(request, round, choice, form, status=400)
    found = _found(round, choice, form)
    if not found:
        form.add_error(None, _("Nobody would get this: choose other bodies or recipients."))
        return _form_page(request, round, choice, form, status=400)
    if "send" not in request.POST:
        return _preview(request, round, choice, form, found)
    return _send(request, round, choice, form)


def _form(choice: Choice, round: Round, data: Any = None, initial: dict[str, Any] | None = None) -> SendForm:
    bodies = [(code, body.name_in(round.year)) for code, body in choice.bodies.items()]
    return SendForm(data, bodies=bodies, submissions=choice.awaited, initial=initial or {})


def _asked(request: HttpRequest, round: Round, choice: Choice) -> dict[str, Any]:
    """What the address chooses beforehand; what there is not is left out."""
    marks = [each for each in request.GET.getlist("submission") if each in choice.awaited]
    bodies = [each for each in request.GET.getlist("body") if each in choice.bodies]
    if "listed" in request.GET:
        chosen = SubmissionFilter.choices_of(request.GET)
        rows = submissions.listing(request.user, round, scope=submissions.ALL, **chosen).rows
        marks = [mark for mark in (f"{row.body_code}:{row.code}" for row in rows) if mark in choice.awaited]
        if len(marks) == len(choice.awaited):
            marks, bodies = [], list({mark.partition(":")[0]: None for mark in choice.awaited})
    if marks:
        bodies = list({mark.rpartition(":")[0]: None for mark in marks})
    what = request.GET.get("what", "")
    known = Occasion.MESSAGE.value if what == Occasion.MESSAGE else Occasion.MANUAL.value
    return {"body": bodies, "submission": marks, "what": known}


def _typed(request: HttpRequest, form: SendForm) -> dict[str, Any]:
    """What was typed, to be changed."""
    lists = {name: request.POST.getlist(name) for name in ("body", "recipient", "submission")}
    return {**{name: request.POST.get(name, "") for name in ("what", "subject", "text", "batch")}, **lists}


def _found(round: Round, choice: Choice, form: SendForm) -> list[ByHand]:
    bodies = [choice.bodies[code] for code in form.cleaned_data["body"]]
    recipients = form.cleaned_data["recipient"]
    if form.is_message:
        return selectors.messages_for(bodies, recipients)
    return selectors.reminders_for(round, bodies, recipients, _only(choice, form))


def _only(choice: Choice, form: SendForm) -> list[int]:
    return [choice.awaited[mark].pk for mark in form.cleaned_data["submission"]]


def _send(request: HttpRequest, round: Round, choice: Choice, form: SendForm) -> HttpResponse:
    given = form.cleaned_data
    bodies = [choice.bodies[code] for code in given["body"]]
    common = {"round": round, "bodies": bodies, "by": request.user, "batch": given["batch"]}
    try:
        if form.is_message:
            words = {"subject": given["subject"], "text": given["text"]}
            number = services.send_message(recipients=given["recipient"], **words, **common)
        else:
            number = services.remind(recipients=given["recipient"], only=_only(choice, form), **common)
    except Refused as error:
        form.refuse(error)
        return _form_page(request, round, choice, form, status=400)
    if number:
        sentence = ngettext("%(number)s e-mail is on its way.", "%(number)s e-mails are on their way.", number)
        messages.success(request, sentence % {"number": number})
    else:
        messages.info(request, _("This was sent already, and was not sent again."))
    return redirect("ministries:reminder_log", round.plan.number, round.year)


def _preview(request: HttpRequest, round: Round, choice: Choice, form: SendForm, found: list[ByHand]) -> HttpResponse:
    reached = {body.pk for each in found for body, _recipient in each.places}
    left = [choice.bodies[code] for code in form.cleaned_data["body"] if choice.bodies[code].pk not in reached]
    waiting = {each.assignment.body_id for each in choice.awaited.values()}
    context = {
        "form": form,
        "is_message": form.is_message,
        "rows": [_preview_row(each, form, number < SHOWN) for number, each in enumerate(found)],
        "shown": SHOWN,
        "left": [(body.name_in(round.year), not form.is_message and body.pk not in waiting) for body in left],
    }
    return render(request, "ministries/reminder_preview.html", {**_frame(request, round), **context})


def _preview_row(each: ByHand, form: SendForm, is_whole: bool) -> dict[str, Any]:
    places: dict[int, dict[str, Any]] = {}
    for body, recipient in each.places:
        place = places.setdefault(body.pk, {"name": body.name, "recipients": []})
        place["recipients"].append(ReminderTo(recipient).label)
    mail = _mail(each, form) if is_whole else None
    return {"to": each.to, "places": places.values(), "number": len(each.submissions), "mail": mail}


def _mail(each: ByHand, form: SendForm) -> Mail:
    """The e-mail as it would be written now."""
    if not form.is_message:
        return emails.reminder(each.to, list(each.submissions.values()), "")
    return emails.message(each.to, ReminderMail(subject=form.cleaned_data["subject"], text=form.cleaned_data["text"]))


def _form_page(request: HttpRequest, round: Round, choice: Choice, form: SendForm, status: int = 200) -> HttpResponse:
    marks = form["submission"].value() or []
    chosen = [choice.awaited[mark] for mark in marks if mark in choice.awaited]
    context = {**_frame(request, round), "form": form, "chosen": chosen}
    return render(request, "ministries/reminder_send.html", context, status=status)


def _frame(request: HttpRequest, round: Round) -> dict[str, Any]:
    return {"round": round, "side": round_navigation(request.user, round, REMINDERS)}
