"""Addresses of this floor."""

from django.urls import path

from reports.views import documents, summary

app_name = "reports"
urlpatterns = [
    # Figures
    path("plans/<int:plan>/<int:year>/summary/", summary.summary, name="summary"),
    # Documents
    path("plans/<int:plan>/<int:year>/report/", documents.document_list, name="document_list"),
    path("documents/<uuid:document>/", documents.document_status, name="document_status"),
    path("documents/<uuid:document>/download/", documents.document_download, name="document_download"),
]
