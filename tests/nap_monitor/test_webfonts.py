"""The web fonts: complete, repeatable, and what the style sheet says is there."""

import re
from pathlib import Path

import polib
import pytest
from django.conf import settings

from nap_monitor.lib import webfonts


def test_each_character_of_the_font_is_in_one_file() -> None:
    available = [*range(0x20, 0x250), *range(0x2190, 0x2200), *range(0x4E00, 0x5200), *webfonts.HANGUL]
    parts = webfonts.parts(available, {ord("뷁"), ord("가")})
    characters = [character for part in parts for character in part.characters]
    assert len(characters) == len(set(characters))
    assert set(characters) == set(available)
    assert {ord("뷁"), ord("가"), ord("A")} <= set(parts[-1].characters)


def test_common_syllables_are_those_of_the_national_standard() -> None:
    parts = webfonts.parts(webfonts.HANGUL, set())
    assert sum(len(part.characters) for part in parts if part.name.startswith("common")) == 2350


def test_unicode_range_joins_neighbours() -> None:
    assert webfonts.unicode_range([0x41, 0x42, 0x43, 0xAC00]) == "U+41-43,U+AC00"


@pytest.mark.one_database
def test_subset_is_the_same_each_time_and_bears_our_own_name() -> None:
    source = Path(settings.BASE_DIR) / "static/fonts/PretendardGOV-Regular.otf"
    once, again = (webfonts.subset(source, [ord("A"), ord("가")]) for _time in range(2))
    assert once == again
    assert once[:4] == b"wOF2"


def test_style_sheet_names_the_files_that_are_there() -> None:
    static = Path(settings.BASE_DIR) / "static"
    named = set(re.findall(r"fonts/web/([\w.-]+)", (static / "css/fonts.css").read_text()))
    assert named == {path.name for path in (static / "fonts/web").glob("*.woff2")}
    assert (static / "fonts/PretendardGOV-LICENSE.txt").read_text().count("SIL OPEN FONT LICENSE") >= 1


#: Characters of the interface that the first piece may lack: each that a page uses brings a piece of 40 kB.
LAG = 24


def test_first_piece_holds_what_the_interface_says() -> None:
    rules = (Path(settings.BASE_DIR) / "static/css/fonts.css").read_text()
    held = set()
    for start, end in re.findall(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?", re.findall(r"Regular-first\S+ (\S+)", rules)[0]):
        held |= set(range(int(start, 16), int(end or start, 16) + 1))
    catalogue = polib.pofile(str(Path(settings.BASE_DIR) / "locale/ko/LC_MESSAGES/django.po"))
    said = {
        character for entry in catalogue for text in (entry.msgstr, *entry.msgstr_plural.values()) for character in text
    }
    missing = sorted(character for character in said if ord(character) not in held and not character.isspace())
    assert len(missing) <= LAG, f"run manage.py make_webfonts, which lacks {''.join(missing)}"
