"""Signing in: the few pages of allauth that an installation by invitation needs, under allauth's names, and our own."""

from allauth.account import views
from django.urls import path, re_path

from nap_monitor.accounts import views as own
from nap_monitor.accounts.details import details

urlpatterns = [
    path("login/", views.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("session/", own.session, name="session"),
    path("session/status/", own.session_status, name="session_status"),
    path("session/extend/", own.session_extend, name="session_extend"),
    path("signup/", views.signup, name="account_signup"),
    path("inactive/", views.account_inactive, name="account_inactive"),
    path("reauthenticate/", views.reauthenticate, name="account_reauthenticate"),
    path("details/", details, name="account_details"),
    path("password/change/", views.password_change, name="account_change_password"),
    path("password/reset/", views.password_reset, name="account_reset_password"),
    path("password/reset/done/", views.password_reset_done, name="account_reset_password_done"),
    re_path(
        r"^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$",
        views.password_reset_from_key,
        name="account_reset_password_from_key",
    ),
    path(
        "password/reset/key/done/",
        views.password_reset_from_key_done,
        name="account_reset_password_from_key_done",
    ),
]
