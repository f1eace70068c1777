"""The catalogues: complete, with whole placeholders; the Korean one in the words of the table of terms."""

import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import allauth
import django
import polib
import pytest
from django.utils.translation import gettext, override, pgettext

from tests.catalogues import LOCALE, ROOT

pytestmark = pytest.mark.one_database

BORROWED = "nap_monitor/lib/borrowed_messages.py"
CATALOGUES = {code: LOCALE / code / "LC_MESSAGES" / "django.po" for code in ("ko", "en")}
LISTS = {code: polib.pofile(str(path)) for code, path in CATALOGUES.items()}
ENTRIES = LISTS["ko"]
PLURAL_FORMS = {"ko": "nplurals=1; plural=0;", "en": "nplurals=2; plural=(n != 1);"}
NOT_NEEDED = shutil.ignore_patterns(".*", "__pycache__", "var", "node_modules", "tests", "fonts", "*.mo", "static")

PLACEHOLDER = re.compile(r"%\((\w+)\)([sd])|\{(\w*)\}|(%%)|(__)")
#: Particles whose form depends on the last syllable of the word before them.
PARTICLE = re.compile(r"%\(\w+\)[sd][”\"’']?(은|는|이|가|을|를|과|와|으로|로|이나|나|이라|라)(?![가-힣])")
#: Both forms at once, as forms fill in by machine.
TWO_FORMS = re.compile(r"은\(는\)|이\(가\)|을\(를\)|와\(과\)|\(으\)로|\(이\)라")
#: How the sentences of the interface end; a remark in parentheses may stand before the point.
POLITE = re.compile(r"(니다|십시오)(\(.*\))?\.$|니까\?$")
#: Other spellings and other words for what has one word here; what is said politely is said in one way.
VARIANTS = re.compile(
    r"세요|해 주|주십시오|전자우편|당신|회원님|기관승인자|총괄담당자|작성중|검토중|파악불가|해당 없음"
    r"|소관 과제|실행 과제|세부 과제|추진 실적"
)

#: Words that the table of terms fixes: context, English, Korean.
TERMS = (
    ("", "Focal point", "담당자"),
    ("", "Approver", "기관 승인자"),
    ("", "Coordinator", "총괄 담당자"),
    ("", "lead ministry", "총괄부처"),
    ("", "Panel member", "민간자문위원"),
    ("", "Committee reader", "위원회 열람자"),
    ("", "Administrator", "시스템 관리자"),
    ("", "Implementing body", "이행기관"),
    ("", "Area", "분야"),
    ("", "Objective", "목표"),
    ("", "Strategy", "세부과제"),
    ("", "Action plan", "실행과제"),
    ("", "Assignments", "소관과제"),
    ("", "Rounds", "이행점검 연도"),
    ("", "Opening date", "개시일"),
    ("", "Due date", "제출기한"),
    ("", "Closing date", "마감일"),
    ("", "Guidance", "작성지침"),
    ("", "Submissions", "추진실적"),
    ("", "Department", "담당부서"),
    ("", "Document number", "문서번호"),
    ("", "Document date", "시행일자"),
    ("", "Disclosure", "공개구분"),
    ("disclosure", "Open", "공개"),
    ("disclosure", "Partly", "부분공개"),
    ("disclosure", "Restricted", "비공개"),
    ("", "Legal ground", "비공개 사유"),
    ("", "This year's plan", "당해연도 추진계획"),
    ("", "Results", "추진실적"),
    ("", "Indicator", "성과지표"),
    ("", "Unit", "단위"),
    ("", "Baseline", "기준값"),
    ("", "Target", "목표"),
    ("", "Actual", "실적"),
    ("", "Numerator", "분자"),
    ("", "Denominator", "분모"),
    ("", "Source", "자료출처"),
    ("", "Not known", "파악 불가"),
    ("", "Not applicable", "해당없음"),
    ("", "Reason", "사유"),
    ("", "Account", "회계구분"),
    ("", "Programme", "세부사업명"),
    ("", "Budget (million won)", "예산현액(백만원)"),
    ("", "Executed", "집행액"),
    ("", "Execution rate (%%)", "집행률(%%)"),
    ("", "Achievement rate (%%)", "달성률(%%)"),
    ("", "Gender-responsive budget", "성인지 예산"),
    ("gender-responsive", "yes", "해당"),
    ("gender-responsive", "no", "미해당"),
    ("", "No budget needed", "비예산"),
    ("", "Self-rating", "자체평가"),
    ("", "Coordinator's rating", "총괄부처 평가"),
    ("", "Reason for the self-rating", "평가사유"),
    ("", "Shortcomings and causes", "미흡사항 및 원인"),
    ("", "Improvement measures", "개선방안"),
    ("", "Plan for next year", "차년도 추진계획"),
    ("", "Required", "필수"),
    ("", "Optional", "선택"),
    ("", "Aggregates only, no personal data.", "개인정보 입력 금지(집계값만 입력)"),
    ("state", "Not started", "미작성"),
    ("", "Draft", "작성 중"),
    ("", "Sent back", "반려"),
    ("", "Signed off", "기관승인"),
    ("", "Submitted", "제출"),
    ("", "Returned", "보완요청"),
    ("", "Submitted again", "재제출"),
    ("", "Confirmed", "확정"),
    ("", "Overdue", "기한 경과"),
    ("", "Under review", "검토 중"),
    ("round", "Not open yet", "제출기간 전"),
    ("round", "Closed", "제출기간 종료"),
    ("", "Save", "저장"),
    ("", "Sign off", "기관승인"),
    ("", "Take back", "승인취소"),
    ("", "Send back", "반려"),
    ("", "Submit", "제출"),
    ("", "Submit again", "재제출"),
    ("button", "Return", "보완요청"),
    ("button", "Confirm", "확정"),
    ("", "Reopen", "확정취소"),
    ("", "Extend", "제출기한 연장"),
    ("", "History", "처리이력"),
    ("", "Review comment", "검토의견"),
    ("", "Resolve", "처리완료"),
    ("", "Completed", "완료"),
    ("", "Continuing", "이행 후 계속추진"),
    ("", "On track", "정상추진"),
    ("", "Attention", "관심필요"),
    ("", "Rethink", "재검토필요"),
    ("rating", "Not started", "미착수"),
    ("", "No report", "미제출"),
    ("", "Unofficial translation", "비공식 번역"),
    ("report", "Draft", "초안"),
    ("", "Ⅰ. Overview and returns", "Ⅰ. 점검 개요 및 제출 현황"),
    ("", "Ⅱ. Summary", "Ⅱ. 총괄 요약"),
    ("", "Ⅲ. Results by objective", "Ⅲ. 목표별 추진실적"),
    ("", "Ⅳ. Budget and execution", "Ⅳ. 예산 및 집행 현황"),
    ("", "Ⅷ. Improvement measures and plan for next year", "Ⅷ. 개선방안 및 차년도 추진계획"),
)


def name_of(entry: polib.POEntry) -> str:
    """An entry as a failing test should call it."""
    return f"[{entry.msgctxt}] {entry.msgid}" if entry.msgctxt else str(entry.msgid)


def texts(entry: polib.POEntry) -> list[str]:
    """The translations of an entry: Korean has one form for every number, English two."""
    return list(entry.msgstr_plural.values()) if entry.msgid_plural else [entry.msgstr]


def keys(entries: polib.POFile | polib.MOFile) -> set[tuple[str | None, str, str]]:
    """What is translated: context, English, its plural."""
    return {(entry.msgctxt, entry.msgid, entry.msgid_plural) for entry in entries if not entry.obsolete}


def is_borrowed(entry: polib.POEntry) -> bool:
    """Whether a package says this, and it stands here for its Korean words."""
    return any(place == BORROWED for place, _line in entry.occurrences)


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> dict[str, polib.POFile]:
    """The catalogues as collecting the strings of a copy of the code would leave them."""
    copy = tmp_path_factory.mktemp("strings") / "copy"
    shutil.copytree(ROOT, copy, ignore=NOT_NEEDED)
    (copy / "static").mkdir()
    command = [sys.executable, "manage.py", "makemessages", "--verbosity=0"]
    env = {**os.environ, "DJANGO_SETTINGS_MODULE": "nap_monitor.settings", "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, cwd=copy, env=env, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    return {code: polib.pofile(str(copy / path.relative_to(ROOT))) for code, path in CATALOGUES.items()}


@pytest.fixture(params=CATALOGUES)
def code(request: pytest.FixtureRequest) -> str:
    """Each language in turn."""
    return str(request.param)


@pytest.fixture
def entries(code: str) -> polib.POFile:
    """The catalogue of the language."""
    return LISTS[code]


def test_a_catalogue_has_every_string_of_the_code_and_no_other(collected: dict[str, polib.POFile], code: str) -> None:
    found, kept = keys(collected[code]), keys(LISTS[code])
    assert (found - kept, kept - found) == (set(), set()), "run `make messages`, then translate"


def test_borrowed_messages_are_still_said_by_their_packages() -> None:
    packages = [
        Path(django.__file__).parent / "conf",
        Path(django.__file__).parent / "contrib" / "auth",
        Path(allauth.__file__).parent,
    ]
    catalogues = [polib.mofile(str(each / "locale" / "ko" / "LC_MESSAGES" / "django.mo")) for each in packages]
    known = set().union(*(keys(catalogue) for catalogue in catalogues))
    borrowed = {(entry.msgctxt, entry.msgid, entry.msgid_plural) for entry in ENTRIES if is_borrowed(entry)}
    assert (borrowed - known, len(borrowed) > 0) == (set(), True)


def test_every_string_is_translated(entries: polib.POFile) -> None:
    assert [name_of(entry) for entry in entries if not entry.obsolete and not all(texts(entry))] == []


def test_nothing_is_guessed_or_left_over(entries: polib.POFile) -> None:
    assert [name_of(entry) for entry in entries if entry.fuzzy or entry.obsolete] == []


def test_a_catalogue_compiles_with_all_checks(code: str, tmp_path: Path) -> None:
    checks = ["--check-format", "--check-domain"]
    command = ["msgfmt", *checks, "--output-file", tmp_path / f"{code}.mo", CATALOGUES[code]]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_header_says_language_and_form_and_no_time(code: str, entries: polib.POFile) -> None:
    wanted = {"Language": code, "Content-Type": "text/plain; charset=UTF-8", "Plural-Forms": PLURAL_FORMS[code]}
    assert {key: entries.metadata.get(key) for key in wanted} == wanted
    assert [key for key in entries.metadata if "Date" in key] == []


def test_places_are_named_without_line_numbers(entries: polib.POFile) -> None:
    assert [place for entry in entries for place in entry.occurrences if place[1]] == []


def test_placeholders_are_whole() -> None:
    """A singular may leave its number out; the Korean form stands for the plural."""

    def found(text: str) -> Counter[str]:
        return Counter(match.group() for match in PLACEHOLDER.finditer(text))

    faults = [
        (name_of(entry), text)
        for entry in ENTRIES
        for text in texts(entry)
        if set(found(text)) != set(found(entry.msgid_plural or entry.msgid))
    ]
    assert faults == []


def test_spaces_and_line_ends_at_the_edges_are_kept() -> None:
    def edges(text: str) -> tuple[str, str]:
        return text[: len(text) - len(text.lstrip())], text[len(text.rstrip()) :]

    assert [name_of(e) for e in ENTRIES for text in texts(e) if edges(text) != edges(e.msgid)] == []


def test_tags_are_kept() -> None:
    def tags(text: str) -> list[str]:
        return sorted(re.findall(r"</?[a-z][^>]*>|&[a-z]+;", text))

    assert [name_of(e) for e in ENTRIES for text in texts(e) if tags(text) != tags(e.msgid)] == []


def test_no_particle_depends_on_what_is_filled_in() -> None:
    hits = [text for e in ENTRIES for text in texts(e) if PARTICLE.search(text) or TWO_FORMS.search(text)]
    assert hits == []


def test_sentences_end_politely() -> None:
    ended = [text for entry in ENTRIES for text in texts(entry) if text.endswith((".", "?"))]
    assert [text for text in ended if not POLITE.search(text)] == []


def test_one_thing_has_one_word() -> None:
    assert [text for entry in ENTRIES for text in texts(entry) if VARIANTS.search(text)] == []


@pytest.mark.parametrize(("context", "english", "korean"), TERMS, ids=[f"{c}:{e}" for c, e, _k in TERMS])
def test_the_words_are_those_of_the_table_of_terms(context: str, english: str, korean: str) -> None:
    with override("ko"):
        assert (pgettext(context, english) if context else gettext(english)) == korean


def test_the_report_has_the_title_of_the_table_of_terms() -> None:
    with override("ko"):
        title = gettext("National Action Plan %(number)s, %(year)s: evaluation and improvement measures")
    assert title % {"number": 3, "year": 2022} == "제3기 국가행동계획 2022년도 이행 평가 및 개선방안"
