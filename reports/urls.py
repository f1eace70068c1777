"""Addresses of this floor."""

from django.urls import path

from reports.views import approvals, autosave, best_cases, documents, editions, schemas, summary, workshop

app_name = "reports"
urlpatterns = [
    # Figures
    path("plans/<int:plan>/<int:year>/summary/", summary.summary, name="summary"),
    # Documents
    path("plans/<int:plan>/<int:year>/report/", documents.document_list, name="document_list"),
    # The coordinator's workshop. A place's key has a slash where it names an objective.
    path("plans/<int:plan>/<int:year>/report/write/", workshop.workshop, name="workshop"),
    path(
        "plans/<int:plan>/<int:year>/report/write/<path:place>/versions/<str:language>/<int:number>/",
        workshop.workshop_version,
        name="workshop_version",
    ),
    path(
        "plans/<int:plan>/<int:year>/report/write/<path:place>/versions/",
        workshop.workshop_versions,
        name="workshop_versions",
    ),
    path(
        "plans/<int:plan>/<int:year>/report/write/<path:place>/save/",
        autosave.workshop_autosave,
        name="workshop_autosave",
    ),
    path("plans/<int:plan>/<int:year>/report/write/<path:place>/", workshop.workshop_place, name="workshop_place"),
    path("plans/<int:plan>/<int:year>/report/best-cases/", best_cases.best_case_list, name="best_case_list"),
    path(
        "plans/<int:plan>/<int:year>/report/best-cases/<uuid:case>/",
        best_cases.best_case_change,
        name="best_case_change",
    ),
    path(
        "plans/<int:plan>/<int:year>/report/best-cases/<uuid:case>/save/",
        autosave.best_case_autosave,
        name="best_case_autosave",
    ),
    path(
        "plans/<int:plan>/<int:year>/report/best-cases/<uuid:case>/remove/",
        best_cases.best_case_remove,
        name="best_case_remove",
    ),
    path("plans/<int:plan>/<int:year>/bodies/<str:body>/print-all/", approvals.approval_print, name="approval_print"),
    path("plans/<int:plan>/<int:year>/bodies/<str:body>/documents/", approvals.approval_list, name="approval_list"),
    path(
        "plans/<int:plan>/<int:year>/<str:body>/<str:code>/print/", approvals.submission_print, name="submission_print"
    ),
    # Editions
    path("editions/<int:plan>/<int:year>/", editions.edition_list, name="edition_list"),
    path("editions/<int:plan>/<int:year>/issue/", editions.edition_issue, name="edition_issue"),
    path("editions/<int:plan>/<int:year>/<int:number>/", editions.edition_detail, name="edition_detail"),
    path(
        "editions/<int:plan>/<int:year>/<int:number>/changes/",
        editions.edition_changes,
        name="edition_changes",
    ),
    path("editions/<int:plan>/<int:year>/<int:number>/files/", editions.edition_files, name="edition_files"),
    path("editions/<int:plan>/<int:year>/<int:number>/files/again/", editions.edition_retry, name="edition_retry"),
    path(
        "editions/<int:plan>/<int:year>/<int:number>/publish/",
        editions.edition_publish,
        name="edition_publish",
    ),
    path(
        "editions/<int:plan>/<int:year>/<int:number>/committee/",
        editions.edition_outcome,
        name="edition_outcome",
    ),
    path("schemas/annual-report-<int:number>.json", schemas.report_schema, name="report_schema"),
    path("editions/files/<uuid:file>/", editions.edition_download, name="edition_download"),
    path("documents/<uuid:document>/", documents.document_status, name="document_status"),
    path("documents/<uuid:document>/download/", documents.document_download, name="document_download"),
]
