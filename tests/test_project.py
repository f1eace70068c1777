"""Conventions of the whole project that no page can prove alone: sign-in, reading only, templates, imports."""

import ast
import datetime as dt
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.test import Client
from django.urls import reverse
from django.utils.translation import override

from ministries.enums import BODY_ROLES, Role, State
from ministries.fields import STEPS
from ministries.models import BudgetLine, EvidenceFile, Round, WorkbookUpload
from ministries.services import transitions
from ministries.services.evidence import hold_files
from ministries.services.extensions import extend
from ministries.services.handovers import hand_over
from ministries.services.workbooks import apply_upload, keep_upload
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from reports.models import RenderJob
from reports.services.snapshots import take_snapshot
from tests.evidence import attach, looked_into
from tests.factories import (
    AppointmentFactory,
    BodyFieldFactory,
    ImplementingBodyFactory,
    IndicatorFactory,
    RoundFactory,
    SubmissionFactory,
    UserFactory,
    both,
    fill_in,
    person,
    submission_in,
)
from tests.ministries.workbooks import Book
from tests.page_lists import POSTED, PUBLIC, PUBLISHED, RECORDED, WITHOUT_ROLE
from tests.page_walk import Walk, patterns, rows
from tests.reminding import asked, reminded
from tests.reports.workshop import composed
from tests.reviewing import reviewed

ROOT = Path(settings.BASE_DIR)
TEMPLATES = ROOT / "templates"


def test_what_is_posted_only_says_so_for_the_language_switch() -> None:
    said = {name for name, pattern in patterns() if getattr(pattern.callback, "posted_only", False)}
    assert said == POSTED, "guard them with require_post of nap_monitor.lib.addresses"


# A small world in which every page has something to show


class World:
    """A round with a submission in each state, people of each role, a document; and where all of it is shown."""

    def __init__(self, body: Any, lead_body: Any) -> None:
        self.people: dict[str, User] = {
            role: person(role, {Role.COORDINATOR: lead_body}.get(role, body) if role in BODY_ROLES else None)
            for role in Role
        }
        self.people["nobody"] = UserFactory()
        hands = {
            "by": self.people[Role.FOCAL_POINT],
            "approver": self.people[Role.APPROVER],
            "coordinator": self.people[Role.COORDINATOR],
        }
        self.round: Round = RoundFactory(guidance={"ko": "집계값만 적습니다."}, year=2021)
        RoundFactory(plan=self.round.plan, year=2022)
        self.submissions = []
        for state in State.values:
            blank = SubmissionFactory(round=self.round, body=body)
            self.indicator = IndicatorFactory(action_plan=blank.assignment.action_plan)
            line = BudgetLine(submission=blank, programme="사업", budget_value=1, budget_state="value")
            line.executed_value, line.executed_state = 2, "value"
            line.save()
            attach(blank, hands["by"], f"결과 {state}.pdf")
            attach(blank, hands["by"], f"명단 {state}.pdf", is_restricted=True)
            self.submissions.append(submission_in(state, blank, **hands))
        self.submissions.append(SubmissionFactory(round=self.round))
        self.joint = reviewed(self.round, body, lead_body, by=hands["coordinator"])
        late = fill_in(SubmissionFactory(round=self.round, body=body), hands["by"], self_rating="attention")
        extend(submission=late, until=self.round.due_date + dt.timedelta(9), reason="출장", by=hands["coordinator"])
        self.times = {"end": late.extensions.get(), "decline": asked(self.round, body, hands["by"])}
        returned = submission_in("submitted", SubmissionFactory(round=self.round, body=body), **hands)
        remarks = {"results": "수치가 없습니다.", "budget": "출처가 없습니다.", "indicators": "단위"}
        transitions.return_submission(submission=returned, by=hands["coordinator"], reason="보완", comments=remarks)
        self.submissions += [self.joint, late, returned]
        self.uploads = [self._upload(is_applied=True), self._upload()]
        hold_files(submission=returned, by=hands["by"], files=looked_into("늦음.pdf"))
        reminded(self.round, body, hands["coordinator"])
        self.handover = hand_over(
            appointment=AppointmentFactory(role=Role.APPROVER, body=body, start=clock.today() - dt.timedelta(days=9)),
            by=self.people[Role.COORDINATOR],
            email="successor@example.org",
            name="Successor",
            on=clock.today() + dt.timedelta(days=1),
        )
        self.field = BodyFieldFactory(body=body, kind="choice", choices=[{"code": "1", "label": both("예", "Yes")}])
        self.files = list(EvidenceFile.objects.select_related("submission"))
        self.composed = composed(self.round, self.people[Role.COORDINATOR])
        self.document = RenderJob.objects.create(
            snapshot=take_snapshot(round=self.round),
            language="ko",
            state="done",
            file_name=storages["private"].save("x.pdf", ContentFile(b"%PDF-1.7")),
            finished_at=clock.now(),
        )

    def _upload(self, *, is_applied: bool = False) -> WorkbookUpload:
        """A workbook with a good value and a bad one; or one that was applied."""
        by, body = self.people[Role.FOCAL_POINT], self.submissions[0].assignment.body
        book = Book(self.round, body, by)
        code = self.submissions[0].assignment.action_plan.code
        book["narrative", code, "results"] = "엑셀에서 작성"
        if not is_applied:
            book["narrative", code, "shortcomings"], book["narrative", code, "self_rating"] = "부족", "x"
        upload = keep_upload(round=self.round, body=body, by=by, name="실적.xlsx", content=book.data)
        if is_applied:
            apply_upload(upload=upload, by=by, saves=book.run().saves)
        return upload

    def arguments(self, name: str) -> list[list[Any]]:
        """The arguments with which the page of this name has something to show."""
        plan, year = self.round.plan.number, self.round.year
        user, code = self.people[Role.FOCAL_POINT], self.indicator.action_plan.code
        appointment, body = user.appointments.get().pk, user.appointments.get().body.code
        of_round = ("round_change", "round_close", "round_reopen", "extension_list")
        of_body = ("signoff_desk", "signoff_submit", "workbook", "workbook_download", "extension_ask")
        pages = ("detail", "change", "write", "translation", "autosave", "extend")
        of_submissions = [each.address for each in self.submissions]
        of_remark = [*of_submissions[-1], self.submissions[-1].comments.first().pk]
        known: dict[str, list[list[Any]]] = {
            "account_reset_password_from_key": [["x", "y-z"]],
            "help_guide": [[role.value] for role in Role],
            "ministries:action_plan_detail": [[plan, each.assignment.action_plan.code] for each in self.submissions],
            **{f"ministries:indicator_{each}": [[plan, code, self.indicator.code]] for each in ("change", "remove")},
            "ministries:indicator_create": [[plan, code]],
            **{f"ministries:{each}": [[plan]] for each in ("plan_detail", "round_create")},
            **{f"ministries:{each}": [[plan, year]] for each in of_round},
            **{f"ministries:extension_{name}": [[plan, year, each.pk]] for name, each in self.times.items()},
            "ministries:extension_withdraw": [[plan, year, body, self.times["decline"].pk]],
            "ministries:guidance_list": [[plan, year], [plan, 2022]],
            "ministries:guidance_change": [[plan, year, code]],
            **{f"ministries:{each}": [[plan, year], [plan, 2022]] for each in ("submission_list", "overview")},
            **{f"ministries:{each}_export": [[plan, year, "xlsx"]] for each in ("overview", "submission")},
            **{f"ministries:review_{each}": [[plan, year], [plan, 2022]] for each in ("queue", "confirm")},
            "ministries:review": of_submissions,
            "ministries:assessment": [[plan, year, self.joint.assignment.action_plan.code]],
            **{f"ministries:reminder_{each}": [[plan, year], [plan, 2022]] for each in ("rules", "log", "send")},
            **{f"ministries:{each}": [[plan, year, body]] for each in of_body},
            **{f"ministries:workbook_{each}": [up.address for up in self.uploads] for each in ("upload", "discard")},
            **{f"ministries:{each}": of_submissions for each in ("evidence_list", "comment_add")},
            **{f"ministries:submission_{each}": of_submissions for each in pages},
            "ministries:submission_write_step": [[*each, step.key] for each in of_submissions for step in STEPS],
            **{f"ministries:body_field_{each}": [[body]] for each in ("list", "create")},
            "ministries:escalation_change": [[body]],
            **{f"ministries:body_field_{each}": [[body, self.field.pk]] for each in ("change", "remove")},
            "ministries:record_export": [["csv"], ["xlsx"]],
            "ministries:handover_create": [[appointment]],
            "ministries:handover_revoke": [[self.handover.pk]],
            "ministries:notice_read": [[user.notices.first().pk]],
            "ministries:submission_step": [[*each, "sign_off"] for each in of_submissions],
            **{f"ministries:comment_{each}": [of_remark] for each in ("answer", "resolve", "open", "widen")},
            **{f"ministries:version_{each}": of_submissions for each in ("list", "compare")},
            "ministries:version_detail": [[*each, 1] for each in of_submissions],
            **{
                f"ministries:evidence_{each}": [[*file.submission.address, file.pk] for file in self.files]
                for each in ("change", "remove", "put_in")
            },
            "ministries:file_download": [[file.pk] for file in self.files],
            "ministries:appointment_end": [[appointment]],
            **{f"reports:approval_{each}": [[plan, year, body]] for each in ("print", "list")},
            "reports:submission_print": of_submissions,
            **{f"reports:{each}": [[plan, year], [plan, 2022]] for each in ("summary", "document_list")},
            **{f"reports:edition_{each}": [[plan, year]] for each in ("list", "issue")},
            **{
                f"reports:edition_{each}": [[plan, year, 1]]
                for each in ("detail", "changes", "files", "retry", "publish", "outcome")
            },
            "reports:edition_download": [[self.document.pk]],
            "reports:report_schema": [[3]],
            **{f"reports:document_{each}": [[self.document.pk]] for each in ("status", "download")},
            **self.composed,
        }
        people = ("person_detail", "person_appoint", "person_invite_again", "person_deactivate", "person_activate")
        return known.get(name) or ([[user.pk]] if name in {f"ministries:{each}" for each in people} else [[]])

    def addresses(self) -> list[tuple[str, str]]:
        """Every page's name with its addresses, in Korean."""
        with override("ko"):
            return [(name, reverse(name, args=each)) for name, _ in patterns() for each in self.arguments(name)]


@pytest.fixture(scope="module")
def world(rows_of_module: None, files_of_module: None) -> World:
    """Made once: no test here changes it."""
    return World(ImplementingBodyFactory(code="OWN"), ImplementingBodyFactory(code="LEAD", is_lead=True))


@pytest.mark.one_database
@pytest.mark.django_db
def test_every_page_is_behind_the_sign_in_unless_it_stands_in_the_list(world: World) -> None:
    opened = set()
    for name, address in world.addresses():
        for path in (address, f"/en{address}"):
            answer = Client().get(path)
            if answer.status_code != 302 or "/accounts/login/?next=" not in answer["Location"]:
                opened.add(name)
    assert opened == PUBLIC


@pytest.mark.one_database
@pytest.mark.django_db
def test_a_post_is_behind_the_sign_in_too(world: World) -> None:
    counted = rows()
    for name, address in world.addresses():
        if name not in PUBLIC:
            answer = Client().post(address, {"reason": "x", "step": 0})
            if name in PUBLISHED:
                assert answer.status_code == 405, name
                continue
            assert (answer.status_code, "/login/?next=" in answer["Location"]) == (302, True), name
    assert rows() == counted


# Each page is read once by each kind of person; what is asked of all pages is asked of that one reading


#: The second database is asked by the coordinator alone, who sees most.
WALKERS = [
    role if role == Role.COORDINATOR else pytest.param(role, marks=pytest.mark.one_database)
    for role in (*Role, "nobody")
]


@pytest.fixture(scope="module", params=WALKERS)
def walk(request: pytest.FixtureRequest, world: World) -> Walk:
    """All pages as this person gets them."""
    pages = [page for page in world.addresses() if page[0] not in {"account_logout", "account_login"}]
    return Walk(world.people[request.param], pages, RECORDED)


@pytest.mark.django_db
def test_reading_a_page_writes_nothing_and_fails_nowhere(walk: Walk) -> None:
    wrote = [(page.name, page.wrote) for page in walk.pages if page.wrote and page.name not in RECORDED]
    failed = [(page.name, page.status) for page in walk.pages if page.status >= 500]
    refused = [page.name for page in walk.pages if (page.status == 405) is not (page.name in POSTED)]
    assert (wrote, failed, refused) == ([], [], [])
    assert walk.rows_after == walk.rows_before


@pytest.mark.one_database
@pytest.mark.django_db
@pytest.mark.parametrize("walk", ["nobody"], indirect=True)
def test_who_holds_no_role_reads_nothing_of_the_work(walk: Walk, world: World) -> None:
    read = [page for page in walk.pages if page.status not in (403, 404, 405)]
    assert {page.name for page in read} - PUBLIC == WITHOUT_ROLE
    words = (world.round.plan.title["ko"], "집계값만 적습니다", "결과 draft", world.people[Role.APPROVER].email)
    assert [(page.name, word) for page in read for word in words if word in page.html] == []


@pytest.mark.django_db
def test_no_page_asks_for_a_variable_that_there_is_not(walk: Walk) -> None:
    assert [(page.name, page.missing) for page in walk.pages if page.missing] == []


FORBIDDEN = re.compile(r"<style|\sstyle=|\son[a-z]+=[\"']|<script(?![^>]*\ssrc=)|javascript:", re.IGNORECASE)


@pytest.mark.django_db
def test_pages_hold_no_code_that_the_policy_forbids(walk: Walk) -> None:
    pages = [page for page in walk.pages if page.html]
    assert len(pages) > len(POSTED)
    assert [(page.name, found) for page in pages for found in FORBIDDEN.findall(page.html)] == []
    assert [page.name for page in pages if "'unsafe-inline'" in page.policy] == []


# Templates


#: Templates that a library or Django itself asks for by name.
ASKED_FOR = re.compile(r"^(40[034]|403_csrf|500|429)\.html$|^account/|^krds/")


def test_every_template_is_used() -> None:
    files = {str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.*")}
    # A component that only the gallery shows is used by nobody; the gallery's own parts are used by it.
    gallery = "\n".join(path.read_text() for path in (TEMPLATES / "gallery").glob("*.html"))
    texts = [path.read_text() for path in TEMPLATES.rglob("*.*") if path.parent.name != "gallery"]
    texts += re.findall(r'"gallery/[\w.]+"', gallery)
    for floor in ("nap_monitor", "objectives", "ministries", "reports"):
        texts += [path.read_text() for path in (ROOT / floor).rglob("*.py")]
    everything = "\n".join(texts)
    used = set(re.findall(r"[\"']([\w/.-]+\.(?:html|txt|svg))[\"']", everything))
    used |= {f"components/icons/{name}.svg" for name in re.findall(r'{% icon "([\w-]+)"', everything)}
    # Names that are put together: a badge's icon by its code, an e-mail by its name.
    used |= {name for name in files if re.match(r"components/icons/(rating|state)-", name)}
    used |= {f"emails/{name}.txt" for name in re.findall(r'(?:write|_about)\(\s*(?:found, )?"(\w+)"', everything)}
    used |= {name.replace(".txt", ".html") for name in used if name.startswith("emails/")}
    used |= {f"components/{name}.html" for name in re.findall(r'_badge\("(\w+)"', everything)}
    # The help's texts are named by role, page and language: its own test holds that each is asked for.
    used |= {name for name in files if re.match(r"help/[a-z]{2}/", name)}
    used |= {f"components/icons/{name}.svg" for name in re.findall(r"icon [\w.|]*\"?(\w[\w-]*)\"?", everything)}
    # In the place of Django's own.
    used |= {name for name in files if (Path(forms.__path__[0]) / "templates" / name).is_file()}
    assert {name for name in files - used if not ASKED_FOR.match(name)} == set()
    assert {name for name in used if name.split("/")[0] in ("ministries", "reports", "layouts", "pdf")} <= files


def test_the_pages_of_the_sign_in_library_have_its_names() -> None:
    import allauth

    library = Path(allauth.__file__).parent / "templates"
    ours = {str(path.relative_to(TEMPLATES)) for path in (TEMPLATES / "account").rglob("*.*")}
    assert {name for name in ours if not (library / name).is_file()} == set()


# Imports: inside an app each part stands on those before it

ORDER = [
    ("enums", "figures", "fields", "tree"),
    ("differences", "computed", "currencies"),
    ("rules", "acting", "record_rules", "remark_rules", "evidence_rules", "notice_rules"),
    ("models",),
    (
        "locks",
        "workflow",
        "comparison",
        "content",
        "content_compare",
        "content_evidence",
        "content_parts",
        "content_tables",
        "translations",
        "warnings",
        "schema",
        "renderer",
    ),
    ("selectors", "words"),
    ("writers",),
    ("emails",),
    ("services", "sample"),
    ("forms",),
    ("workbook",),
    ("views",),
    ("urls", "home_urls", "help_urls"),
    ("management",),
]
#: What Django reaches by its dotted name, beside the floors of an app.
BESIDE = {"apps", "backends", "middleware", "context_processors", "templatetags", "migrations", "checks", "tasks"}
BESIDE |= {"gallery"}


@pytest.mark.parametrize("app", ["objectives", "ministries", "reports"])
def test_each_part_of_an_app_stands_on_those_before_it(app: str) -> None:
    rank = {part: number for number, parts in enumerate(ORDER) for part in parts}
    wrong = []
    for path in sorted((ROOT / app).rglob("*.py")):
        part = path.relative_to(ROOT / app).parts[0].removesuffix(".py")
        if part in BESIDE or part == "__init__":
            continue
        assert part in rank, f"{path} stands in no place of the order"
        for imported in imports_at_load(path, app):
            if imported in rank and rank[imported] > rank[part]:
                wrong.append(f"{path.relative_to(ROOT)} imports {imported}")
    assert wrong == []


def imports_at_load(path: Path, app: str) -> Iterator[str]:
    """The parts of ``app`` that this file imports as it is loaded."""
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == app:
            parts = node.module.split(".")
            yield from [parts[1]] if len(parts) > 1 else [name.name for name in node.names]
        elif isinstance(node, ast.Import):
            names = [name.name.split(".") for name in node.names]
            yield from [parts[1] for parts in names if parts[0] == app and len(parts) > 1]


@pytest.mark.parametrize("floor", ["nap_monitor", "objectives", "ministries", "reports", "tests"])
def test_no_file_is_longer_than_can_be_read(floor: str) -> None:
    lengths = {
        str(path.relative_to(ROOT)): len(path.read_text().splitlines())
        for path in (ROOT / floor).rglob("*.py")
        if "migrations" not in path.parts
    }
    assert {name: length for name, length in lengths.items() if length > 400} == {}
