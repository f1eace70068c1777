"""Addresses of this floor."""

from django.urls import path

from reports.views import documents

app_name = "reports"
urlpatterns = [
    # Documents
    path("plans/<int:plan>/<int:year>/report/", documents.document_list, name="document_list"),
    path("documents/<uuid:document>/", documents.document_status, name="document_status"),
    path("documents/<uuid:document>/download/", documents.document_download, name="document_download"),
]
