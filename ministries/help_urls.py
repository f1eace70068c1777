"""The help: an address that every page links to."""

from django.urls import path

from ministries.views import help

urlpatterns = [
    path("help/", help.help_index, name="help"),
    path("help/<slug:topic>/", help.help_guide, name="help_guide"),
]
