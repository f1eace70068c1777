"""Settings of the test suite: the real ones, with quick passwords, plain static files and a key of its own."""

import os
from pathlib import Path

os.environ.setdefault("SECRET_KEY", "only-for-the-tests-" + "x" * 40)
for name, value in {
    "HTTPS": "false",
    "DEBUG": "false",
    "SAMPLE_INSTALLATION": "true",
    "COMPONENT_GALLERY": "true",
    "TASKS": "immediate",
    "EMAIL_URL": "memorymail://",
}.items():
    os.environ[name] = value
# Of their own, and empty: the server of static files reads through all that there is for each client that a test makes.
os.environ["STATIC_ROOT"] = str(Path(__file__).parents[1] / "var" / "test" / "static")
os.environ["DATABASE_URL"] = os.environ.get("TEST_RUN_DATABASE_URL", "sqlite:///var/test.sqlite3")

from nap_monitor.settings import *  # noqa: E402, F403
from nap_monitor.settings import DATABASES, STATIC_ROOT, STORAGES  # noqa: E402
from tests.catalogues import compile_stale  # noqa: E402

# Before Django reads them.
compile_stale()

# WhiteNoise warns where there is none.
Path(STATIC_ROOT).mkdir(parents=True, exist_ok=True)

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {**STORAGES, "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}

# On a shared PostgreSQL server each folder tests in databases of its own.
if name := os.environ.get("TEST_RUN_DATABASE_NAME"):
    DATABASES["default"]["TEST"] = {"NAME": name}
