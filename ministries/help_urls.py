"""The help: an address that every page links to."""

from django.urls import path

from ministries.views import help

urlpatterns = [path("help/", help.help_page, name="help")]
