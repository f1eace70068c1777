"""Addresses of this floor."""

from django.urls import path

from reports.views import approvals, documents, summary

app_name = "reports"
urlpatterns = [
    # Figures
    path("plans/<int:plan>/<int:year>/summary/", summary.summary, name="summary"),
    # Documents
    path("plans/<int:plan>/<int:year>/report/", documents.document_list, name="document_list"),
    path("plans/<int:plan>/<int:year>/bodies/<str:body>/print-all/", approvals.approval_print, name="approval_print"),
    path("plans/<int:plan>/<int:year>/bodies/<str:body>/documents/", approvals.approval_list, name="approval_list"),
    path(
        "plans/<int:plan>/<int:year>/<str:body>/<str:code>/print/", approvals.submission_print, name="submission_print"
    ),
    path("documents/<uuid:document>/", documents.document_status, name="document_status"),
    path("documents/<uuid:document>/download/", documents.document_download, name="document_download"),
]
