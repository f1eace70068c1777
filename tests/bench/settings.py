"""Settings of the bench: the real ones, with plain static files and two empty pages to compare with."""

from nap_monitor.settings import *  # noqa: F403
from nap_monitor.settings import STORAGES

ROOT_URLCONF = "tests.bench.urls"
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
