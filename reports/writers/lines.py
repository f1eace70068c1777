"""The text of a written file, line by line, to compare two of them that were not made by the same program."""

import zipfile
from io import BytesIO

from lxml import etree

from reports.models import RenderJob

#: In which part the text of a form stands.
LINES = {RenderJob.Form.HWPX: "Contents/section0.xml", RenderJob.Form.DOCX: "word/document.xml"}


def lines_of(data: bytes, form: str) -> list[str]:
    """The text of each paragraph, those of tables too, its words set apart by single spaces."""
    with zipfile.ZipFile(BytesIO(data)) as package:
        root = etree.fromstring(package.read(LINES[RenderJob.Form(form)]), etree.XMLParser(resolve_entities=False))
    return [line for line in map(_line, root.iter("{*}p")) if line]


def _line(paragraph: etree._Element) -> str:
    """The text of a paragraph, without that of the tables that stand in it."""
    own = (text for text in paragraph.iter("{*}t") if next(text.iterancestors("{*}p")) is paragraph)
    return " ".join("".join("".join(text.itertext()) for text in own).split())
