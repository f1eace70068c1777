"""Addresses of this floor."""

from django.urls import path

from ministries.views import rounds, steps, submissions

app_name = "ministries"
urlpatterns = [
    # Rounds and submissions
    path("rounds/", rounds.round_list, name="round_list"),
    path("plans/<int:plan>/rounds/add/", rounds.round_create, name="round_create"),
    path("plans/<int:plan>/<int:year>/", submissions.submission_list, name="submission_list"),
    path("plans/<int:plan>/<int:year>/change/", rounds.round_change, name="round_change"),
    path("plans/<int:plan>/<int:year>/<str:body>/<str:code>/", submissions.submission_detail, name="submission_detail"),
    path(
        "plans/<int:plan>/<int:year>/<str:body>/<str:code>/change/",
        submissions.submission_change,
        name="submission_change",
    ),
    path(
        "plans/<int:plan>/<int:year>/<str:body>/<str:code>/steps/<str:name>/",
        steps.submission_step,
        name="submission_step",
    ),
    path(
        "plans/<int:plan>/<int:year>/<str:body>/<str:code>/extend/", steps.submission_extend, name="submission_extend"
    ),
    path(
        "plans/<int:plan>/<int:year>/<str:body>/<str:code>/remarks/<uuid:comment>/resolve/",
        steps.comment_resolve,
        name="comment_resolve",
    ),
]
