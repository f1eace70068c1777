"""The start page and the help: addresses that every page links to."""

from django.urls import path

from ministries.views import home

urlpatterns = [
    path("", home.home, name="home"),
    path("help/", home.help_page, name="help"),
]
