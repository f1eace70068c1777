"""Reading pages in tests."""

import re


def text_of(html: str) -> str:
    """The words of some HTML, as a reader sees them."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())
