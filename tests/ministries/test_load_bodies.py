"""Loading implementing bodies and their names."""

import datetime as dt

import pytest
import yaml

from ministries.enums import BodyKind
from ministries.models import BodyName, ImplementingBody
from ministries.services.bodies import save_bodies
from ministries.services.body_file import BodyEntry, NameEntry
from nap_monitor.lib import clock
from nap_monitor.lib.audit.models import Event
from tests.factories import ImplementingBodyFactory, SubmissionFactory, both
from tests.ministries.loading import OTHER_COUNTRY, REFERENCE, all_rows, changed, refusal, run
from tests.ministries.plan_faults import ADDRESS

pytestmark = pytest.mark.django_db


def name_in(code: str, year: int, language: str) -> str:
    return ImplementingBody.objects.get(code=code).name_in(year)[language]


def test_bodies_come_in_the_order_of_the_file_with_kind_and_lead() -> None:
    assert run("load_bodies", REFERENCE).startswith("New bodies: MOGEF, MOE,")
    source = yaml.safe_load(REFERENCE.read_text(encoding="utf-8"))["bodies"]
    assert [(body.code, body.kind.replace("-", " "), body.is_lead) for body in ImplementingBody.objects.all()] == [
        (entry["code"], entry["kind"], entry.get("lead", False)) for entry in source
    ]
    for entry in source:
        first = BodyName.objects.get(body__code=entry["code"], valid_from=None)
        assert first.name == {"ko": entry["ko"], "en": entry["en"]}
        assert first.short_name == {"ko": entry["ko_short"]}


def test_a_name_holds_from_its_day_on() -> None:
    run("load_bodies", REFERENCE)
    assert name_in("MOGEF", 2024, "ko") == "여성가족부"
    assert name_in("MOGEF", 2025, "ko") == "성평등가족부"
    assert name_in("NUAC", 2020, "en") == "National Unification Advisory Council"
    assert name_in("NUAC", 2021, "en") == "Peaceful Unification Advisory Council"
    with clock.at(dt.date(2025, 9, 30)):
        assert ImplementingBody.objects.get(code="MOGEF").short_name["ko"] == "여가부"
    with clock.at(dt.date(2025, 10, 1)):
        assert ImplementingBody.objects.get(code="MOGEF").short_name["ko"] == "성평등부"
    assert list(BodyName.objects.filter(day_to_confirm=True).values_list("body__code", "valid_from")) == [
        ("NUAC", dt.date(2021, 9, 1))
    ]


def test_loading_again_changes_no_row_and_says_so() -> None:
    run("load_bodies", REFERENCE)
    before = all_rows()
    assert run("load_bodies", REFERENCE) == "Bodies: nothing to change.\n"
    assert all_rows() == before


def test_a_plan_file_with_bodies_will_do_too() -> None:
    assert run("load_bodies", OTHER_COUNTRY) == "New bodies: EQUALITY, POLICE, NO.\n"


def test_names_change_at_any_time_and_what_changed_is_said(tmp_path) -> None:
    run("load_bodies", REFERENCE)
    path = changed(
        tmp_path / "reference.yaml",
        REFERENCE,
        ('ko: "교육부", ko_short: "교육부", kind: ministry', 'ko: "교육인적자원부", ko_short: "교육부", kind: agency'),
        ("from: 2021-09-01", "from: 2021-09-02"),
        ("day_to_confirm: true", "day_to_confirm: false"),
        (
            'ko: "통일부", ko_short: "통일부", kind: ministry',
            'ko: "통일부", ko_short: "통일", kind: ministry, lead: true, '
            'renamed: [{from: 2030-01-01, en: "Ministry of Peace", ko: "평화부"}]',
        ),
    )
    assert run("load_bodies", path).splitlines() == [
        "Bodies changed:",
        "MOE, kind: stored is “ministry”, the file says “agency”.",
        "MOE, first name (ko): stored is “교육부”, the file says “교육인적자원부”.",
        "MOU, lead ministry: stored is “no”, the file says “yes”.",
        "MOU, first name, short name (ko): stored is “통일부”, the file says “통일”.",
        "MOU, name from 2030-01-01: stored is “–”, the file says “Ministry of Peace”.",
        "NUAC, name from 2021-09-02: stored is “–”, the file says “Peaceful Unification Advisory Council”.",
        "NUAC, name from 2021-09-01: stored is “Peaceful Unification Advisory Council”, the file says “–”.",
    ]
    assert ImplementingBody.objects.get(code="MOE").kind == BodyKind.AGENCY
    assert name_in("MOU", 2030, "ko") == "평화부"
    events = Event.objects.filter(kind="change", object_kind="ministries.implementingbody")
    assert sorted(event.object_label for event in events) == ["MOE", "MOU", "NUAC"]
    assert events.get(object_label="MOE").data["changes"][1] == {
        "what": "first name (ko)",
        "from": "교육부",
        "to": "교육인적자원부",
    }
    assert run("load_bodies", path) == "Bodies: nothing to change.\n"


def test_a_body_that_the_file_has_not_stays() -> None:
    ImplementingBodyFactory(code="EXTRA", order=0)
    run("load_bodies", REFERENCE)
    run("load_bodies", OTHER_COUNTRY)
    codes = list(ImplementingBody.objects.values_list("code", flat=True))
    assert (codes[0], codes[1], codes[-1]) == ("EXTRA", "MOGEF", "NO")


def test_a_new_order_of_the_file_is_taken_over(tmp_path) -> None:
    run("load_bodies", OTHER_COUNTRY)
    text = OTHER_COUNTRY.read_text(encoding="utf-8")
    row = next(line for line in text.splitlines(keepends=True) if '"Northern Office"' in line)
    path = changed(
        tmp_path / "plan.yaml", OTHER_COUNTRY, (row, ""), ("bodies:\n  - {code: EQ", f"bodies:\n{row}  - {{code: EQ")
    )
    run("load_bodies", path)
    assert list(ImplementingBody.objects.values_list("code", flat=True)) == ["NO", "EQUALITY", "POLICE"]


def test_faults_are_said_with_their_places(tmp_path) -> None:
    text = """\
bodies:
  - {code: A, en: "A", ko: "가", kind: ministry}
  - {code: A, en: "A again", ko: "가", kind: ministry}
  - {code: B, ko: "나", kind: ministry, cod: 1}
  - {code: "a b", en: 7, ko: "다", kind: ministry, renamed: [{en: "C", ko: "다"}]}
"""
    path = tmp_path / "reference.yaml"
    path.write_text(text, encoding="utf-8")
    known = "code, kind, en, ko, lead, renamed, en_short, ko_short"
    assert refusal("load_bodies", path)[1:] == [
        "reference.yaml, line 3, bodies[1].code: The body “A” stands twice; the first time in line 2.",
        f"reference.yaml, line 4, bodies[2]: The key “cod” is not known here. Known are: {known}. Did you mean “code”?",
        "reference.yaml, line 4, bodies[2]: “en” is missing.",
        f"reference.yaml, line 5, bodies[3].code: “a b” {ADDRESS}",
        'reference.yaml, line 5, bodies[3].en: YAML does not read 7 as text. Put it in quotes: "7".',
        "reference.yaml, line 5, bodies[3].renamed[0]: “from” is missing.",
    ]


def test_a_file_without_bodies_is_refused(tmp_path) -> None:
    path = tmp_path / "reference.yaml"
    path.write_text("timeline: []\n", encoding="utf-8")
    assert refusal("load_bodies", path)[1:] == ["reference.yaml, line 1: “bodies” is missing."]


def test_a_body_whose_last_name_was_taken_out_of_the_database_is_called_by_its_code(
    body, lead_body, focal_point, coordinator, signed_in
) -> None:
    submission = SubmissionFactory(body=body)
    pages = (submission.get_absolute_url(), submission.round.get_absolute_url(), "/people/", "/", "/record/")
    body.names.all().delete()
    assert (str(body), str(body.short_name), str(body.name_in(2022))) == ("OWN", "OWN", "OWN")
    for prefix in ("", "/en"):
        answers = [signed_in(coordinator).get(f"{prefix}{page.removeprefix('/en')}") for page in pages]
        assert [each.status_code for each in answers] == [200] * len(pages)
        assert "OWN" in answers[0].content.decode()
    # The next file gives it a name again.
    save_bodies(entries=[BodyEntry("OWN", BodyKind.MINISTRY, False, (NameEntry(None, both("새 이름"), both("새")),))])
    assert str(ImplementingBody.objects.get(code="OWN")) == "새 이름"
