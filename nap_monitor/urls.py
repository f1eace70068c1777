"""The addresses: Korean at ``/…``, English at ``/en/…``; the same path in both."""

from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from nap_monitor import accessibility
from nap_monitor.policy_reports import policy_report

urlpatterns = i18n_patterns(
    path("accounts/", include("nap_monitor.accounts.urls")),
    path("accessibility/", accessibility.statement, name="accessibility"),
    path("policy-reports/", policy_report, name="policy_report"),
    path("", include("reports.home_urls")),
    path("", include("ministries.help_urls")),
    # Before the work: a body or an action plan may be called anything, a page of the report may not.
    path("", include("reports.urls")),
    path("", include("ministries.urls")),
    path("gallery/", include("nap_monitor.gallery.urls")),
    prefix_default_language=False,
)
