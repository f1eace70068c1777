"""The address to which browsers send what a page tried against its policy."""

import json
from typing import Any

import pytest
from django.test import Client

from nap_monitor.policy_reports import LARGEST, PER_MINUTE

ADDRESS = "/policy-reports/"
REPORT = {
    "csp-report": {
        "document-uri": "https://nap.example.org/plans/3/?q=private#x",
        "effective-directive": "style-src-attr",
        "blocked-uri": "inline",
        "original-policy": "default-src 'none'",
    }
}


@pytest.fixture
def asked(settings: Any) -> None:
    settings.CSP_REPORT = True


def send(report: Any = REPORT, **headers: str) -> int:
    body = report if isinstance(report, str | bytes) else json.dumps(report)
    client = Client(enforce_csrf_checks=True)
    return client.post(ADDRESS, body, content_type="application/csp-report", headers=headers).status_code


@pytest.mark.usefixtures("asked")
def test_a_report_is_told_in_one_line_without_what_is_private(caplog: pytest.LogCaptureFixture) -> None:
    assert send() == 204
    (record,) = [one for one in caplog.records if one.name == "nap_monitor.policy_reports"]
    assert json.loads(record.getMessage().partition(": ")[2]) == {
        "effective-directive": "style-src-attr",
        "blocked-uri": "inline",
        "document-uri": "https://nap.example.org/plans/3/",
    }
    sly = {**REPORT["csp-report"], "blocked-uri": "x\n2022-01-01 CRITICAL root: invented" + "y" * 500}
    assert send({"csp-report": sly}) == 204
    said = caplog.records[-1].getMessage()
    assert "\n" not in said
    assert len(said) < 500


@pytest.mark.usefixtures("asked")
@pytest.mark.parametrize("report", ["", "no json", "[]", "{}", '{"csp-report": {}}', '{"csp-report": 1}', b"\xff\xfe"])
def test_what_is_no_report_is_refused(report: Any, caplog: pytest.LogCaptureFixture) -> None:
    assert send(report) == 400
    assert not [one for one in caplog.records if one.name == "nap_monitor.policy_reports"]


@pytest.mark.usefixtures("asked")
def test_too_much_is_refused_and_a_flood_is_not_told(caplog: pytest.LogCaptureFixture) -> None:
    assert send("x" * (LARGEST + 1)) == 413
    for _time in range(PER_MINUTE + 5):
        assert send() == 204
    assert len([one for one in caplog.records if one.name == "nap_monitor.policy_reports"]) == PER_MINUTE


def test_it_is_not_there_where_nobody_asked_for_it(settings: Any) -> None:
    settings.CSP_REPORT = False
    assert send() == 404
    assert "report-uri" not in Client().get("/accounts/login/")["Content-Security-Policy"]
