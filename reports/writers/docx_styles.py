"""The styles of the report in DOCX: Word's own names, which its contents, its outline and its styles pane know."""

from dataclasses import dataclass
from typing import Any

from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

#: The font that Korean offices have; Latin letters and Korean ones are named apart.
FONT = "맑은 고딕"
BLUE, GREY, RED = "083891", "464C53", "8F1F0A"
LEFT, RIGHT, CENTER = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.RIGHT, WD_ALIGN_PARAGRAPH.CENTER
#: Word's codes of the languages.
LANGUAGES = {"ko": "ko-KR", "en": "en-GB"}


@dataclass(frozen=True)
class Look:
    """How a style looks: sizes and spaces in points, indents in millimetres."""

    name: str
    size: float = 10
    bold: bool = False
    color: str = ""
    align: Any = LEFT
    left: float = 0
    first: float = 0
    before: float = 0
    after: float = 3
    spacing: float = 1.3
    keeps: bool = False


TITLE, CONTENTS, RUNNING = "title", "contents", "running"
CELL, CELL_NUMBER, CELL_HEAD, CELL_GROUP = "cell", "cell-number", "cell-head", "cell-group"
BESIDE = Look("Report Note", 8.5, color=GREY, after=3)

#: By what a block is; the names that Word has already keep what it does with them.
LOOKS: dict[str | int, Look] = {
    "": Look("Body Text", left=3),
    "item": Look("Report Item", left=6.5, first=-3.5),
    "listed": Look("List Bullet"),
    "lead": Look("Report Lead", color=GREY, after=6),
    "note": BESIDE,
    "meta": BESIDE,
    "empty": BESIDE,
    "legend": BESIDE,
    "picture": Look("Report Picture", 9, before=3, after=3),
    "unit": Look("Report Unit", 8.5, color=GREY, align=RIGHT, after=1, keeps=True),
    "kicker": Look("Report Area", 9, color=GREY, after=0, keeps=True),
    "label": Look("Report Label", 9.5, True, BLUE, left=3, before=4, after=1, keeps=True),
    "foreword-issuer": Look("Report Signature", 12, True, align=RIGHT, before=24),
    "cover-state": Look("Cover State", 12, True, BLUE, RIGHT, after=110),
    "cover-for": Look("Cover Addressee", 14, color=GREY, after=6),
    TITLE: Look("Title", 26, True, BLUE, after=14),
    "cover-plan": Look("Cover Plan", 12, color=GREY, after=30),
    "cover-sample": Look("Cover Sample", 12, True, RED, before=4),
    "cover-issuer": Look("Cover Issuer", 20, True, align=CENTER, before=120),
    1: Look("Heading 1", 17, True, BLUE, after=8, keeps=True),
    2: Look("Heading 2", 13.5, True, BLUE, before=14, after=4, keeps=True),
    3: Look("Heading 3", 11.5, True, "000000", before=12, after=4, keeps=True),
    4: Look("Heading 4", 10.5, True, BLUE, before=10, after=3, keeps=True),
    5: Look("Heading 5", 10, True, "000000", before=8, after=2, keeps=True),
    CONTENTS: Look("TOC Heading", 17, True, BLUE, after=10),
    RUNNING: Look("Header", 8, color=GREY, align=CENTER, after=0),
    CELL: Look("Table Text", 8.5, after=0, spacing=1.15),
    CELL_NUMBER: Look("Table Number", 8.5, align=RIGHT, after=0, spacing=1.15),
    CELL_HEAD: Look("Table Head", 8.5, True, align=CENTER, after=0, spacing=1.15),
    CELL_GROUP: Look("Table Group", 8.5, True, after=0, spacing=1.15),
    "contents-1": Look("TOC 1", 10.5, True, before=4, after=2),
    "contents-2": Look("TOC 2", 9.5, left=6, after=1),
}


def add_styles(document: Any, language: str) -> None:
    """Give the document the styles, and the language of its text."""
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = FONT, Pt(10)
    _korean_font(normal)
    spoken = OxmlElement("w:lang")
    spoken.set(qn("w:val"), LANGUAGES.get(language, language))
    spoken.set(qn("w:eastAsia"), LANGUAGES["ko"])
    normal.element.get_or_add_rPr().append(spoken)
    for defaults in document.styles.element.iter(qn("w:rPrDefault")):
        for old in list(defaults.iter(qn("w:lang"))):
            old.set(qn("w:val"), LANGUAGES.get(language, language))
            old.set(qn("w:eastAsia"), LANGUAGES["ko"])
    for look in dict.fromkeys(LOOKS.values()):
        _add(document, look)


def _add(document: Any, look: Look) -> None:
    styles = document.styles
    known = look.name in [style.name for style in styles]
    style = styles[look.name] if known else styles.add_style(look.name, WD_STYLE_TYPE.PARAGRAPH)
    if not known:
        style.base_style = styles["Normal"]
    style.font.name, style.font.size, style.font.bold, style.font.italic = FONT, Pt(look.size), look.bold, False
    if look.color:
        style.font.color.rgb = RGBColor.from_string(look.color)
    _korean_font(style)
    form = style.paragraph_format
    form.alignment = look.align
    form.space_before, form.space_after, form.line_spacing = Pt(look.before), Pt(look.after), look.spacing
    if look.name != "List Bullet":
        form.left_indent, form.first_line_indent = Mm(look.left), Mm(look.first)
    form.keep_with_next = look.keeps
    form.widow_control = True
    style.quick_style, style.hidden = True, False
    for border in list(style.element.iter(qn("w:pBdr"))):
        border.getparent().remove(border)


def _korean_font(style: Any) -> None:
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for name in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{name}"), FONT)
