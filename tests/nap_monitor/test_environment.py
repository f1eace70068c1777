"""A malformed setting stops the start with a sentence that names it, and never prints a secret."""

import os
import subprocess
import sys

import pytest
from django.conf import settings

from nap_monitor.bootstrap import envfile

PROBE = "import nap_monitor.settings"


def start(**variables: str) -> str:
    """What the start says last; empty where it goes well."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    # What `make run` wrote into this folder's .env stays out: a variable that is set, even to nothing, wins over it.
    kept |= dict.fromkeys(envfile.names(), "")
    done = subprocess.run(
        [sys.executable, "-c", PROBE],
        cwd=settings.BASE_DIR,
        env={**kept, "SECRET_KEY": "x" * 50, **variables},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.returncode == 0) == (not done.stderr)
    return done.stderr.strip().rpartition("\n")[2].partition(": ")[2]


def test_with_nothing_but_a_key_it_starts() -> None:
    assert start() == ""


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"DEBUG": "maybe"}, "DEBUG is 'maybe'. It must be true or false."),
        ({"HTTPS": "2"}, "HTTPS is '2'. It must be true or false."),
        (
            {"SECURE_HSTS_SECONDS": "-1"},
            "SECURE_HSTS_SECONDS is '-1'. It must be a whole number of at least 0.",
        ),
        (
            {"OFFICIAL_SITE": "true", "SAMPLE_INSTALLATION": "true"},
            "OFFICIAL_SITE and SAMPLE_INSTALLATION are both true: a sample is no official site.",
        ),
        ({"TASKS": "celery"}, "TASKS is 'celery'. It must be one of: database, immediate."),
        (
            {"CLAMD": "127.0.0.1:3310"},
            "CLAMD is '127.0.0.1:3310'. It must be an address such as tcp://127.0.0.1:3310 or "
            "unix:/run/clamav/clamd.ctl.",
        ),
        (
            {"CLAMD": "tcp://127.0.0.1:3310/scan"},
            "CLAMD is 'tcp://127.0.0.1:3310/scan'. It must be an address such as tcp://127.0.0.1:3310 or "
            "unix:/run/clamav/clamd.ctl.",
        ),
        (
            {"EVIDENCE_MAX_MEGABYTES": "0"},
            "EVIDENCE_MAX_MEGABYTES is '0'. It must be a whole number of at least 1.",
        ),
        (
            {"DATABASE_URL": "mysql://u:secret@host/db"},
            "DATABASE_URL can't be used: it must begin with sqlite:// or postgres://.",
        ),
        (
            {"DATABASE_URL": "postgres://u:secret@host:port/db"},
            "DATABASE_URL could not be read as an address (ValueError).",
        ),
    ],
)
def test_a_malformed_value_stops_the_start_with_a_sentence(variables: dict[str, str], sentence: str) -> None:
    said = start(**variables)
    assert said == sentence
    assert "secret" not in said


@pytest.mark.parametrize(
    "address", ["tcp://127.0.0.1:3310", "tcp://[::1]:3310", "unix:/run/clamav/clamd.ctl", "unix:///run/clamd.sock", ""]
)
def test_a_daemon_may_listen_at_a_port_or_at_a_socket(address: str) -> None:
    assert start(CLAMD=address) == ""


def test_a_missing_key_is_named() -> None:
    # Set to nothing, it is not taken from a .env file either.
    assert start(SECRET_KEY="") == "SECRET_KEY is not set. Set it in the environment or in .env (see .env.example)."
