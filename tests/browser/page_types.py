"""Every type of page, once: which named address it shows, who sees it, and how one gets there.

The gates of accessibility walk this list. `test_every_named_page_stands_in_the_list` fails for an address that answers
a GET with HTML and is missing here: add a line for each way in which the page reads differently.
"""

from ministries.enums import Role
from ministries.fields import STEPS
from tests.browser import page_ways as ways
from tests.browser.page_composing import COMPOSING
from tests.browser.page_type import P, PageType
from tests.browser.page_world import BODY, NOBODY, STRANGER

FOCAL, APPROVER, COORDINATOR = Role.FOCAL_POINT, Role.APPROVER, Role.COORDINATOR
PANEL, COMMITTEE, ADMINISTRATOR = Role.PANEL_MEMBER, Role.COMMITTEE_READER, Role.ADMINISTRATOR

ENTRANCE = [
    P("sign in", "account_login", STRANGER),
    P("sign in, refused", "account_login", STRANGER, then=ways.send(login="x@example.org", password="wrong")),
    P("sign in, nothing typed", "account_login", STRANGER, then=ways.send()),
    P("sign out", "account_logout", FOCAL),
    P("sign up", "account_signup", STRANGER),
    P("inactive", "account_inactive", STRANGER),
    P("forgotten password", "account_reset_password", STRANGER),
    P("forgotten password, refused", "account_reset_password", STRANGER, then=ways.send(email="nobody")),
    P("forgotten password, sent", "account_reset_password_done", STRANGER),
    P("invitation", "account_reset_password_from_key", STRANGER, ways.password_link("invited")),
    P(
        "invitation, refused",
        "account_reset_password_from_key",
        STRANGER,
        ways.password_link("invited"),
        then=ways.send(password1="1234", password2="12345"),
    ),
    P("set password, dead link", "account_reset_password_from_key", STRANGER, lambda world: ["x", "y-z"]),
    P("set password, done", "account_reset_password_from_key_done", STRANGER),
    P("change password", "account_change_password", FOCAL),
    P(
        "change password, refused",
        "account_change_password",
        FOCAL,
        then=ways.send(password1="1234", password2="12345"),
    ),
    P("confirm it is you", "account_reauthenticate", FOCAL),
    P("own details", "account_details", FOCAL),
    P("session", "session", FOCAL),
    *(
        P(f"session, {name}", "home", FOCAL, then=ways.session_dialog(name), within=f"[data-session-dialog={name}]")
        for name in ("warning", "ended", "other")
    ),
    P("accessibility", "accessibility", STRANGER),
    P("accessibility, signed in", "accessibility", FOCAL),
]
START = [
    *(P(f"start page, {each}", "home", each) for each in (*Role, NOBODY)),
    P("user menu", "home", FOCAL, then=ways.open_menu, within="details.user-menu"),
    *(P(f"help, {each}", "help", each) for each in (FOCAL, COORDINATOR, NOBODY)),
    *(P(f"guide, {each}", "help_guide", FOCAL, ways.just(each)) for each in Role),
]
PLAN = [
    P("plans", "ministries:plan_list", FOCAL),
    P("plan", "ministries:plan_detail", PANEL, ways.plan),
    P("plan, one body", "ministries:plan_detail", FOCAL, ways.plan, query=f"?body={BODY}"),
    P("action plan", "ministries:action_plan_detail", FOCAL, ways.action),
    P("action plan, coordinator", "ministries:action_plan_detail", COORDINATOR, ways.action),
    P("indicator, new", "ministries:indicator_create", COORDINATOR, ways.action),
    P("indicator, new, body", "ministries:indicator_create", FOCAL, ways.action),
    P("indicator, refused", "ministries:indicator_create", COORDINATOR, ways.action, then=ways.send(), status=400),
    P("indicator, change", "ministries:indicator_change", COORDINATOR, ways.indicator),
    P("indicator, remove", "ministries:indicator_remove", COORDINATOR, ways.indicator),
]
NEW_ROUND = "ministries:round_create"
ROUNDS = [
    P("rounds", "ministries:round_list", COORDINATOR),
    P("rounds, reader", "ministries:round_list", COMMITTEE),
    P("round, new", NEW_ROUND, COORDINATOR, ways.plan, then=ways.in_a_free_year()),
    P("round, refused", NEW_ROUND, COORDINATOR, ways.plan, then=ways.in_a_free_year(ways.send(year="")), status=400),
    P("round, change", "ministries:round_change", COORDINATOR, ways.year()),
    P("round, all made", NEW_ROUND, COORDINATOR, ways.plan, query="?year=2024"),
    P("exceptions", "ministries:extension_list", COORDINATOR, ways.year()),
    P("exceptions, none", "ministries:extension_list", COORDINATOR, ways.year("earlier")),
    P("exception, refused", "ministries:extension_list", COORDINATOR, ways.year(), then=ways.send(), status=400),
    P("end an exception", "ministries:extension_end", COORDINATOR, ways.extension),
    P("decline a request", "ministries:extension_decline", COORDINATOR, ways.asked),
    P("ask for more time", "ministries:extension_ask", FOCAL, ways.desk),
    P("more time, refused", "ministries:extension_ask", FOCAL, ways.desk, then=ways.send(until="x"), status=400),
    P("closing", "ministries:round_close", COORDINATOR, ways.year()),
    P("closing, closed", "ministries:round_close", COORDINATOR, ways.year("earlier")),
    P("closing, not open", "ministries:round_close", COORDINATOR, ways.year("coming")),
    P("guidance", "ministries:guidance_list", COORDINATOR, ways.year()),
    P("guidance, write", "ministries:guidance_change", COORDINATOR, ways.action_in_round),
]
REMINDERS, REMIND = "ministries:reminder_rules", "ministries:reminder_send"
OFFICE = "ministries:escalation_change"
REMINDING = [
    P("reminders", REMINDERS, COORDINATOR, ways.year()),
    P("reminders, refused", REMINDERS, COORDINATOR, ways.year(), then=ways.send(stages__0__days="x"), status=400),
    P("reminders, log", "ministries:reminder_log", COORDINATOR, ways.year()),
    P("reminders, log, nothing fits", "ministries:reminder_log", COORDINATOR, ways.year(), query="?state=dropped"),
    P("remind now", REMIND, COORDINATOR, ways.year(), query=f"?body={BODY}"),
    P("remind now, what is listed", REMIND, COORDINATOR, ways.year(), query=f"?listed=1&body={BODY}"),
    P("remind now, refused", REMIND, COORDINATOR, ways.year(), then=ways.send(), status=400),
    P("remind now, preview", REMIND, COORDINATOR, ways.year(), query=f"?body={BODY}", then=ways.send()),
    P("escalation address", OFFICE, APPROVER, ways.own_body),
    P("escalation address, refused", OFFICE, APPROVER, ways.own_body, then=ways.send(address="x"), status=400),
]
LISTS = [
    P("overview", "ministries:overview", COORDINATOR, ways.year()),
    P("overview, narrowed", "ministries:overview", COORDINATOR, ways.year(), query="?state=to-review&last=1"),
    P("overview, nothing fits", "ministries:overview", COORDINATOR, ways.year(), query="?q=nothing-fits-this"),
    P("overview, none", "ministries:overview", COORDINATOR, ways.year("coming")),
    P("submissions", "ministries:submission_list", FOCAL, ways.year()),
    P("submissions, all bodies", "ministries:submission_list", COORDINATOR, ways.year()),
    P("submissions, confirmed", "ministries:submission_list", PANEL, ways.year()),
    P(
        "submissions, nothing fits",
        "ministries:submission_list",
        COORDINATOR,
        ways.year(),
        query="?q=nothing-fits-this",
    ),
    P("submissions, none", "ministries:submission_list", PANEL, ways.year("coming")),
]
#: Which states read differently for whom.
STATES = {
    FOCAL: [
        "fresh",
        "draft",
        "sent back",
        "signed off",
        "submitted",
        "returned",
        "again",
        "confirmed",
        "reopened",
        "late",
        "extended",
        "closed",
        "not open",
    ],
    APPROVER: ["draft", "signed off", "returned"],
    COORDINATOR: ["draft", "submitted", "returned", "again", "confirmed", "reopened", "late"],
    PANEL: ["confirmed", "reopened"],
}
DETAIL = "ministries:submission_detail"
REMARK = "ministries:comment_add"
CHANGE, STEP = "ministries:submission_change", "ministries:submission_write_step"
SUBMISSIONS = [
    *(P(f"submission {name}, {each}", DETAIL, each, ways.submission(name)) for each in STATES for name in STATES[each]),
    P("reopen, refused", DETAIL, COORDINATOR, ways.submission("confirmed"), then=ways.refused("reopen"), status=400),
    P("remark, coordinator", REMARK, COORDINATOR, ways.submission("submitted"), query="?field=results"),
    P("remark, inside the body", REMARK, FOCAL, ways.submission("draft"), query="?field=budget"),
    P("remark, refused", REMARK, COORDINATOR, ways.submission("again"), then=ways.send(), status=400),
    P("answer", "ministries:comment_answer", FOCAL, ways.remark("returned")),
    P("answer, refused", "ministries:comment_answer", FOCAL, ways.remark("returned"), then=ways.send(), status=400),
    P("steps, fresh", "ministries:submission_write", FOCAL, ways.submission("fresh")),
    P("steps, returned", "ministries:submission_write", FOCAL, ways.submission("returned")),
    *(P(f"step {each.key}", STEP, FOCAL, ways.step("draft", each.key)) for each in STEPS),
    P("step results, returned", STEP, FOCAL, ways.step("returned", "results")),
    P("form, fresh", CHANGE, FOCAL, ways.submission("fresh")),
    P("form, filled", CHANGE, FOCAL, ways.submission("draft")),
    P("form, returned", CHANGE, FOCAL, ways.submission("returned")),
    P("form, refused", CHANGE, FOCAL, ways.submission("draft"), then=ways.too_long, status=400),
    P("form, conflict", CHANGE, FOCAL, ways.submission("conflict"), then=ways.two_at_once, status=409),
    P("step, conflict as typed", STEP, FOCAL, ways.step("conflict", "results"), then=ways.two_at_once_unsaved),
    P("form, text kept", CHANGE, FOCAL, ways.submission("draft"), then=ways.kept),
    P("steps, text kept", "ministries:submission_write", FOCAL, ways.submission("draft"), then=ways.kept),
    P("form, moved on", CHANGE, FOCAL, ways.submission("draft"), then=ways.moved_on, status=409),
]
TRANSLATION = "ministries:submission_translation"
TRANSLATING = [
    P("translation", TRANSLATION, FOCAL, ways.submission("draft")),
    P("translation, none", TRANSLATION, FOCAL, ways.submission("fresh")),
    P("translation, coordinator", TRANSLATION, COORDINATOR, ways.submission("submitted")),
    P(
        "translation, refused",
        TRANSLATION,
        FOCAL,
        ways.submission("draft"),
        then=ways.too_long_a_translation,
        status=400,
    ),
]
VERSIONS, VERSION, COMPARE = (f"ministries:version_{name}" for name in ("list", "detail", "compare"))
COMPARED = ways.submission("reopened")
TWO_VERSIONS = [
    P("versions", VERSIONS, COORDINATOR, COMPARED),
    P("versions, reader", VERSIONS, PANEL, ways.submission("confirmed")),
    P("versions, none", VERSIONS, FOCAL, ways.submission("fresh")),
    P("version", VERSION, FOCAL, ways.version("reopened", 1)),
    P("comparison", COMPARE, FOCAL, COMPARED, query="?from=1&to=now"),
    P("comparison, side by side", COMPARE, COORDINATOR, COMPARED, query="?from=1&to=2&show=all&view=side"),
    P("comparison, refused", COMPARE, COORDINATOR, COMPARED, query="?from=1&to=1", status=400),
]
SIGN_OFF, SUBMIT = "ministries:signoff_desk", "ministries:signoff_submit"
DESK = [
    P("sign-off desk", SIGN_OFF, FOCAL, ways.desk),
    P("sign-off desk, approver", SIGN_OFF, APPROVER, ways.desk),
    P(
        "sign-off desk, nothing chosen",
        SIGN_OFF,
        APPROVER,
        ways.desk,
        then=ways.press_in("to-sign-off", chosen=False),
        status=400,
    ),
    P("sign-off desk, nothing fits", SIGN_OFF, APPROVER, ways.desk, query="?state=not-started"),
    P("submit together", SIGN_OFF, APPROVER, ways.desk, then=ways.press_in("to-submit", chosen=True)),
    P("submit together, nothing chosen", SUBMIT, APPROVER, ways.desk, status=400),
]
QUEUE, REVIEW = "ministries:review_queue", "ministries:review"
REVIEWING = [
    P("review queue", QUEUE, COORDINATOR, ways.year()),
    P("review queue, nothing fits", QUEUE, COORDINATOR, ways.year(), query="?body=NOBODY"),
    P("review queue, none", QUEUE, COORDINATOR, ways.year("coming")),
    P("bulk confirm", QUEUE, COORDINATOR, ways.year(), then=ways.choose_all),
    P("bulk confirm, nothing chosen", "ministries:review_confirm", COORDINATOR, ways.year(), status=400),
    *(P(f"review, {name}", REVIEW, COORDINATOR, ways.submission(name)) for name in ("submitted", "again", "reopened")),
    P("review, refused", REVIEW, COORDINATOR, ways.submission("submitted"), then=ways.return_nothing, status=400),
    P("review, remark refused", REVIEW, COORDINATOR, ways.submission("again"), then=ways.remark_nothing, status=400),
    P("assessment", "ministries:assessment", COORDINATOR, ways.joint),
    P("assessment, refused", "ministries:assessment", COORDINATOR, ways.joint, then=ways.nothing_chosen, status=400),
]
PAPER = [
    P("paper, all", "reports:approval_print", APPROVER, ways.desk),
    P("paper, one", "reports:submission_print", FOCAL, ways.submission("draft")),
    P("paper, submitted", "reports:submission_print", APPROVER, ways.submission("submitted")),
    P("PDF for approval", "reports:approval_list", APPROVER, ways.desk),
    P("PDF for approval, refused", "reports:approval_list", FOCAL, ways.desk, then=ways.nothing_chosen, status=400),
]
OWN_FIELDS = "ministries:body_field_list"
FIELDS = [
    P("own fields", OWN_FIELDS, FOCAL, ways.own_body),
    P("own field, new", "ministries:body_field_create", APPROVER, ways.own_body),
    P("own field, refused", "ministries:body_field_create", FOCAL, ways.own_body, then=ways.send(), status=400),
    P("own field, change", "ministries:body_field_change", FOCAL, ways.own_field),
    P("own field, remove", "ministries:body_field_remove", FOCAL, ways.own_field),
]
LISTED, FILE, REMOVAL = (f"ministries:evidence_{name}" for name in ("list", "change", "remove"))
EVIDENCE = [
    P("evidence", LISTED, FOCAL, ways.submission("draft")),
    P("evidence, none", LISTED, FOCAL, ways.submission("fresh")),
    P("evidence, refused", LISTED, FOCAL, ways.submission("fresh"), then=ways.send(), status=400),
    P("evidence, reader", LISTED, PANEL, ways.submission("confirmed")),
    P("evidence, locked", LISTED, FOCAL, ways.submission("submitted")),
    P("evidence, change", FILE, FOCAL, ways.file_of("draft")),
    P("evidence, remove", REMOVAL, FOCAL, ways.file_of("draft")),
]
BOOK, UPLOAD = "ministries:workbook", "ministries:workbook_upload"
WORKBOOK = [
    P("workbook", BOOK, FOCAL, ways.desk),
    P("workbook, refused", BOOK, FOCAL, ways.desk, then=ways.send(), status=400),
    P("workbook, bad cells", UPLOAD, FOCAL, ways.upload("bad")),
    P("workbook, dry run", UPLOAD, APPROVER, ways.upload("good")),
    P("workbook, conflict", UPLOAD, APPROVER, ways.upload("good"), then=ways.apply, status=409),
    P("workbook, applied", UPLOAD, FOCAL, ways.upload("applied")),
]
PEOPLE = [
    P("people", "ministries:person_list", COORDINATOR),
    P("people, administrator", "ministries:person_list", ADMINISTRATOR),
    P("people, nothing fits", "ministries:person_list", COORDINATOR, query="?q=nothing-fits-this"),
    P("person", "ministries:person_detail", COORDINATOR, ways.who("colleague")),
    P(
        "person, confirmation in a dialog",
        "ministries:person_detail",
        COORDINATOR,
        ways.who("colleague"),
        then=ways.confirmation,
        within="[data-modal-dialog]",
    ),
    P("person, invited", "ministries:person_detail", COORDINATOR, ways.who("invited")),
    P("person, deactivated", "ministries:person_detail", COORDINATOR, ways.who("gone")),
    P("person, oneself", "ministries:person_detail", ADMINISTRATOR, ways.who(ADMINISTRATOR)),
    P("invite", "ministries:person_invite", COORDINATOR),
    P("invite, refused", "ministries:person_invite", COORDINATOR, then=ways.send(), status=400),
    P("appoint", "ministries:person_appoint", COORDINATOR, ways.who("colleague")),
    P(
        "appoint, refused",
        "ministries:person_appoint",
        COORDINATOR,
        ways.who("colleague"),
        then=ways.send(),
        status=400,
    ),
    P("deactivate", "ministries:person_deactivate", COORDINATOR, ways.who("colleague")),
    P("end appointment", "ministries:appointment_end", COORDINATOR, ways.appointment_of("colleague")),
]
RECORD = "ministries:record_list"
RECORDS = [
    P("record", RECORD, COORDINATOR),
    P("record, administrator", RECORD, ADMINISTRATOR),
    P("record, nothing fits", RECORD, COORDINATOR, query="?q=nothing-fits-this"),
    P("record, not understood", RECORD, COORDINATOR, query="?person=nobody-is-called-so&start=x&after=x", status=400),
]
TOLD, HAND_OVER = "ministries:notice_list", "ministries:handover_create"
HANDING_OVER = [
    P("notices", TOLD, FOCAL),
    P("notices, coordinator", TOLD, COORDINATOR, query="?show=unread"),
    P("handovers", "ministries:handover_list", FOCAL),
    P("hand over", HAND_OVER, FOCAL, ways.appointment_of(FOCAL)),
    P("hand over, refused", HAND_OVER, FOCAL, ways.appointment_of(FOCAL), then=ways.send(), status=400),
    P("hand over, coordinator", HAND_OVER, COORDINATOR, ways.appointment_of("colleague")),
    P("revoke handover", "ministries:handover_revoke", COORDINATOR, ways.handover),
]
READING = [
    P("ratings", "reports:summary", COORDINATOR, ways.year()),
    P("ratings, committee", "reports:summary", COMMITTEE, ways.year()),
    P("ratings, none", "reports:summary", COMMITTEE, ways.year("coming")),
    P("report", "reports:document_list", COORDINATOR, ways.year()),
    P("report, under way", "reports:document_list", COORDINATOR, ways.year("coming")),
    P("report, reader", "reports:document_list", PANEL, ways.year()),
    P("report, none", "reports:document_list", PANEL, ways.year("earlier")),
]
EDITIONS = [
    P("editions", "reports:edition_list", COORDINATOR, ways.year("earlier")),
    P("editions, none", "reports:edition_list", COMMITTEE, ways.year()),
    P("edition", "reports:edition_detail", COORDINATOR, ways.edition(1)),
    P("edition, reader", "reports:edition_detail", PANEL, ways.edition(2)),
    P("edition, changes", "reports:edition_changes", COMMITTEE, ways.edition(2)),
    P("issue", "reports:edition_issue", COORDINATOR, ways.year("earlier")),
    P("issue, refused", "reports:edition_issue", COORDINATOR, ways.year("earlier"), then=ways.send(), status=400),
]
GALLERY = [
    P("gallery", "gallery", FOCAL),
    P("gallery, modal", "gallery_modal", FOCAL),
]
ERRORS = [
    P("error 400", "account_login", STRANGER, then=ways.overloaded, status=400),
    P("error 403", "ministries:round_change", FOCAL, ways.year(), status=403),
    P("error 403 of a form", "account_login", STRANGER, then=ways.without_cookie, status=403),
    P("error 404", "/nothing-is-here/", STRANGER, status=404),
    P("error 404, signed in", "/nothing-is-here/", FOCAL, status=404),
    P("error 409", CHANGE, FOCAL, ways.submission("submitted"), status=409),
    P("error 429", "account_reset_password", STRANGER, then=ways.too_often, status=429),
    P("error 500", "/tests/fault/", STRANGER, status=500),
]

PAGE_TYPES: list[PageType] = [
    *ENTRANCE,
    *START,
    *PLAN,
    *ROUNDS,
    *REMINDING,
    *LISTS,
    *SUBMISSIONS,
    *TRANSLATING,
    *TWO_VERSIONS,
    *DESK,
    *REVIEWING,
    *PAPER,
    *FIELDS,
    *EVIDENCE,
    *WORKBOOK,
    *PEOPLE,
    *RECORDS,
    *HANDING_OVER,
    *READING,
    *EDITIONS,
    *COMPOSING,
    *GALLERY,
    *ERRORS,
]
BY_KEY = {each.key: each for each in PAGE_TYPES}
