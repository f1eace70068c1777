"""Addresses of this floor."""

from django.urls import path

from ministries.views import (
    assessments,
    autosave,
    body_fields,
    closing,
    evidence,
    exports,
    extension_requests,
    extensions,
    guidance,
    handovers,
    indicators,
    notices,
    overview,
    people,
    plans,
    record,
    remarks,
    reminders,
    reminders_by_hand,
    review,
    review_queue,
    rounds,
    signoff,
    steps,
    submissions,
    translations,
    versions,
    workbooks,
    writing,
)

app_name = "ministries"
urlpatterns = [
    # Plans and the indicators of their action plans
    path("plans/", plans.plan_list, name="plan_list"),
    path("plans/<int:plan>/", plans.plan_detail, name="plan_detail"),
    path("plans/<int:plan>/actions/<str:code>/", plans.action_plan_detail, name="action_plan_detail"),
    path("plans/<int:plan>/actions/<str:code>/indicators/add/", indicators.indicator_create, name="indicator_create"),
    path(
        "plans/<int:plan>/actions/<str:code>/indicators/<str:indicator>/change/",
        indicators.indicator_change,
        name="indicator_change",
    ),
    path(
        "plans/<int:plan>/actions/<str:code>/indicators/<str:indicator>/remove/",
        indicators.indicator_remove,
        name="indicator_remove",
    ),
    # Rounds and submissions
    path("rounds/", rounds.round_list, name="round_list"),
    path("plans/<int:plan>/rounds/add/", rounds.round_create, name="round_create"),
    path("plans/<int:plan>/<int:year>/", submissions.submission_list, name="submission_list"),
    path("plans/<int:plan>/<int:year>/export/<str:form>/", exports.submission_export, name="submission_export"),
    path("plans/<int:plan>/<int:year>/overview/", overview.round_overview, name="overview"),
    path("plans/<int:plan>/<int:year>/overview/export/<str:form>/", exports.overview_export, name="overview_export"),
    path("plans/<int:plan>/<int:year>/review/", review_queue.review_queue, name="review_queue"),
    path("plans/<int:plan>/<int:year>/review/chosen/confirm/", review_queue.review_confirm, name="review_confirm"),
    path("plans/<int:plan>/<int:year>/change/", rounds.round_change, name="round_change"),
    path("plans/<int:plan>/<int:year>/close/", closing.round_close, name="round_close"),
    path("plans/<int:plan>/<int:year>/reopen/", closing.round_reopen, name="round_reopen"),
    path("plans/<int:plan>/<int:year>/extensions/", extensions.extension_list, name="extension_list"),
    path(
        "plans/<int:plan>/<int:year>/extensions/<uuid:extension>/end/", extensions.extension_end, name="extension_end"
    ),
    path(
        "plans/<int:plan>/<int:year>/extensions/requests/<uuid:asked>/decline/",
        extension_requests.extension_decline,
        name="extension_decline",
    ),
    path(
        "plans/<int:plan>/<int:year>/bodies/<str:body>/more-time/",
        extension_requests.extension_ask,
        name="extension_ask",
    ),
    path(
        "plans/<int:plan>/<int:year>/bodies/<str:body>/more-time/<uuid:asked>/withdraw/",
        extension_requests.extension_withdraw,
        name="extension_withdraw",
    ),
    path("plans/<int:plan>/<int:year>/guidance/", guidance.guidance_list, name="guidance_list"),
    path("plans/<int:plan>/<int:year>/actions/<str:code>/guidance/", guidance.guidance_change, name="guidance_change"),
    path(
        "plans/<int:plan>/<int:year>/actions/<str:code>/assessment/", assessments.assessment_change, name="assessment"
    ),
    path("plans/<int:plan>/<int:year>/reminders/", reminders.reminder_rules, name="reminder_rules"),
    path("plans/<int:plan>/<int:year>/reminders/log/", reminders.reminder_log, name="reminder_log"),
    path("plans/<int:plan>/<int:year>/reminders/send/", reminders_by_hand.reminder_send, name="reminder_send"),
    path("plans/<int:plan>/<int:year>/bodies/<str:body>/sign-off/", signoff.signoff_desk, name="signoff_desk"),
    path("plans/<int:plan>/<int:year>/bodies/<str:body>/submit/", signoff.signoff_submit, name="signoff_submit"),
    path("plans/<int:plan>/<int:year>/bodies/<str:body>/workbook/", workbooks.workbook, name="workbook"),
    path(
        "plans/<int:plan>/<int:year>/bodies/<str:body>/workbook/download/",
        workbooks.workbook_download,
        name="workbook_download",
    ),
    path(
        "plans/<int:plan>/<int:year>/bodies/<str:body>/workbook/<uuid:upload>/",
        workbooks.workbook_upload,
        name="workbook_upload",
    ),
    path(
        "plans/<int:plan>/<int:year>/bodies/<str:body>/workbook/<uuid:upload>/discard/",
        workbooks.workbook_discard,
        name="workbook_discard",
    ),
    path("plans/<int:plan>/<int:year>/<str:body>/<str:code>/", submissions.submission_detail, name="submission_detail"),
    path("plans/<int:plan>/<int:year>/<str:body>/<str:code>/review/", review.submission_review, name="review"),
    path(
        "plans/<int:plan>/<int:year>/<str:body>/<str:code>/change/",
        writing.submission_change,
        name="submission_change",
    ),
    path("plans/<int:plan>/<int:year>/<str:body>/<str:code>/write/", writing.submission_write, name="submission_write"),
    path(
        "plans/<int:plan>/<int:year>/<str:body>/<str:code>/write/<str:step>/",
        writing.submission_write_step,
        name="submission_write_step",
    ),
    path(
        "plans/<int:plan>/<int:year>/<str:body>/<str:code>/save/",
        autosave.submission_autosave,
        name="submission_autosave",
    ),
    path(
        "plans/<int:plan>/<int:year>/<str:body>/<str:code>/steps/<str:name>/",
        steps.submission_step,
        name="submission_step",
    ),
    path(
        "plans/<int:plan>/<int:year>/<str:body>/<str:code>/extend/", steps.submission_extend, name="submission_extend"
    ),
    path(
        "plans/<int:plan>/<int:year>/<str:body>/<str:code>/remarks/add/",
        remarks.comment_add,
        name="comment_add",
    ),
    path(
        "plans/<int:plan>/<int:year>/<str:body>/<str:code>/remarks/<uuid:comment>/answer/",
        remarks.comment_answer,
        name="comment_answer",
    ),
    path(
        "plans/<int:plan>/<int:year>/<str:body>/<str:code>/remarks/<uuid:comment>/resolve/",
        remarks.comment_resolve,
        name="comment_resolve",
    ),
    path(
        "plans/<int:plan>/<int:year>/<str:body>/<str:code>/remarks/<uuid:comment>/open/",
        remarks.comment_open,
        name="comment_open",
    ),
    path(
        "plans/<int:plan>/<int:year>/<str:body>/<str:code>/remarks/<uuid:comment>/widen/",
        remarks.comment_widen,
        name="comment_widen",
    ),
    path(
        "plans/<int:plan>/<int:year>/<str:body>/<str:code>/translation/",
        translations.submission_translation,
        name="submission_translation",
    ),
    path("plans/<int:plan>/<int:year>/<str:body>/<str:code>/versions/", versions.version_list, name="version_list"),
    path(
        "plans/<int:plan>/<int:year>/<str:body>/<str:code>/versions/compare/",
        versions.version_compare,
        name="version_compare",
    ),
    path(
        "plans/<int:plan>/<int:year>/<str:body>/<str:code>/versions/<int:number>/",
        versions.version_detail,
        name="version_detail",
    ),
    # What a body says of itself: its office, and the fields of its own
    path("bodies/<str:body>/escalation/", reminders.escalation_change, name="escalation_change"),
    path("bodies/<str:body>/fields/", body_fields.body_field_list, name="body_field_list"),
    path("bodies/<str:body>/fields/add/", body_fields.body_field_create, name="body_field_create"),
    path("bodies/<str:body>/fields/<uuid:field>/change/", body_fields.body_field_change, name="body_field_change"),
    path("bodies/<str:body>/fields/<uuid:field>/remove/", body_fields.body_field_remove, name="body_field_remove"),
    # Evidence
    path("plans/<int:plan>/<int:year>/<str:body>/<str:code>/evidence/", evidence.evidence_list, name="evidence_list"),
    path(
        "plans/<int:plan>/<int:year>/<str:body>/<str:code>/evidence/<uuid:file>/change/",
        evidence.evidence_change,
        name="evidence_change",
    ),
    path(
        "plans/<int:plan>/<int:year>/<str:body>/<str:code>/evidence/<uuid:file>/remove/",
        evidence.evidence_remove,
        name="evidence_remove",
    ),
    path(
        "plans/<int:plan>/<int:year>/<str:body>/<str:code>/evidence/<uuid:file>/put-in/",
        evidence.evidence_put_in,
        name="evidence_put_in",
    ),
    path("files/<uuid:file>/", evidence.file_download, name="file_download"),
    # People
    path("people/", people.person_list, name="person_list"),
    path("people/invite/", people.person_invite, name="person_invite"),
    path("people/<uuid:person>/", people.person_detail, name="person_detail"),
    path("people/<uuid:person>/appoint/", people.person_appoint, name="person_appoint"),
    path("people/<uuid:person>/invite/", people.person_invite_again, name="person_invite_again"),
    path("people/<uuid:person>/deactivate/", people.person_deactivate, name="person_deactivate"),
    path("people/<uuid:person>/activate/", people.person_activate, name="person_activate"),
    path("people/appointments/<uuid:appointment>/end/", people.appointment_end, name="appointment_end"),
    # The record
    path("record/", record.record_list, name="record_list"),
    path("record/export/<str:form>/", record.record_export_file, name="record_export"),
    # Notices
    path("notices/", notices.notice_list, name="notice_list"),
    path("notices/read/", notices.notice_read_all, name="notice_read_all"),
    path("notices/<uuid:notice>/read/", notices.notice_read, name="notice_read"),
    # Handing over
    path("handover/", handovers.handover_list, name="handover_list"),
    path("people/appointments/<uuid:appointment>/handover/", handovers.handover_create, name="handover_create"),
    path("handover/<uuid:handover>/revoke/", handovers.handover_revoke, name="handover_revoke"),
]
