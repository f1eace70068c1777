"""No template says anything in one language only: what stands in it passes through a catalogue."""

import re
from pathlib import Path

import pytest

from tests.catalogues import ROOT

TEMPLATES = ROOT / "templates"
#: Pages that are shown where nothing works any more: both languages stand in them.
BILINGUAL = {"400.html", "500.html"}
#: Folders whose files are written once for each language.
BY_LANGUAGE = ("help/",)
#: The same in every language.
NAMES = {"PDF", "SHA-256", "XLSX", "CSV"}

COMMENT = re.compile(r"\{%\s*comment.*?endcomment\s*%\}|\{#.*?#\}", re.DOTALL)
TRANSLATED = re.compile(r"\{%\s*blocktrans(?:late)?\b.*?%\}.*?\{%\s*endblocktrans(?:late)?\s*%\}", re.DOTALL)
CLASSES = re.compile(r"\{% block body_class %\}.*?\{% endblock %\}")
TAG = re.compile(r"\{%.*?%\}|\{\{.*?\}\}", re.DOTALL)
CODE = re.compile(r"<(script|style|code)\b.*?</\1>|<[^>]*>", re.DOTALL)
SPOKEN = re.compile(r'(?:aria-label|title|alt|placeholder|data-label)="([^"]*)"')
WORD = re.compile(r"[A-Za-z가-힣][A-Za-z가-힣-]+\d*")


def untranslated(source: str) -> list[str]:
    """The words of a template that no catalogue knows: shown, or said in an attribute."""
    for pattern in (COMMENT, TRANSLATED, CLASSES, TAG):
        source = pattern.sub(" ", source)
    said = [*SPOKEN.findall(source), CODE.sub(" ", source)]
    return [word for text in said for word in WORD.findall(text) if word not in NAMES]


def test_what_is_not_translated_is_found() -> None:
    assert untranslated('<p title="Hello">{% translate "Yes" %} {# no #} there</p>') == ["Hello", "there"]


@pytest.mark.parametrize("kind", ["html", "svg", "txt"])
def test_every_text_of_a_template_is_translatable(kind: str) -> None:
    files = [path for path in sorted(TEMPLATES.rglob(f"*.{kind}")) if not _is_exempt(path)]
    assert files
    found = {str(path.relative_to(TEMPLATES)): untranslated(path.read_text(encoding="utf-8")) for path in files}
    assert {name: words for name, words in found.items() if words} == {}


def _is_exempt(path: Path) -> bool:
    name = str(path.relative_to(TEMPLATES))
    return name in BILINGUAL or name.startswith(BY_LANGUAGE)
