"""The README's pictures: all there, all shown, small enough for a repository."""

import re
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parent.parent
SCREENS = ROOT / "docs" / "screens"
#: What a picture may weigh, in bytes.
HEAVIEST = 150_000


def test_the_readme_shows_every_picture_of_the_program_and_no_other() -> None:
    readme = (ROOT / "README.md").read_text()
    shown = set(re.findall(r"docs/[\w/-]+\.\w+(?=[\")])", readme)) - set(re.findall(r"docs/[\w/-]+\.md", readme))
    assert shown == {str(path.relative_to(ROOT)) for path in SCREENS.iterdir()}
    assert len(shown) == 10


def test_the_pictures_are_of_three_widths_and_small() -> None:
    widths = {Image.open(path).width for path in SCREENS.iterdir()}
    assert {1280, 820, 720} <= widths
    assert [path.name for path in SCREENS.iterdir() if path.stat().st_size > HEAVIEST] == []
