"""The start page: an address that every page links to."""

from django.urls import path

from reports.views import home

urlpatterns = [path("", home.home, name="home")]
