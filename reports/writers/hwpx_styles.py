"""The named styles of the report in HWPX: a ministry finds them in the list of styles, and changes them for all."""

from dataclasses import dataclass
from typing import Any

from hwpx import HwpxDocument

from reports.writers.blocks import ASIDE, MARK, SOURCE, STRONG

#: Hancom's own fonts, which every office with its program has: for text, for headings and tables.
TEXT_FONT, HEAD_FONT = "함초롬바탕", "함초롬돋움"
BLUE, GREY, RED, BLACK = "#083891", "#464C53", "#8F1F0A", "#000000"
#: A millimetre and a point in the format's units.
MM, PT = 7200 / 25.4, 100


@dataclass(frozen=True)
class Style:
    """A named style. Sizes and spaces in points, indents in millimetres; ``outline``: the level of a heading."""

    name: str
    english: str
    size: float = 10.5
    bold: bool = False
    color: str = BLACK
    font: str = TEXT_FONT
    align: str = "JUSTIFY"
    left: float = 0
    first: float = 0
    before: float = 0
    after: float = 2
    spacing: int = 150
    keeps: bool = False
    outline: int = 0


def _heading(level: int, size: float, before: float, color: str = BLUE) -> Style:
    return Style(
        f"개요 {level}",
        f"Outline {level}",
        size=size,
        bold=True,
        color=color,
        font=HEAD_FONT,
        align="LEFT",
        before=before,
        after=4,
        spacing=135,
        keeps=True,
        outline=level,
    )


def _cell(name: str, english: str, align: str, *, bold: bool = False) -> Style:
    return Style(name, english, 9, bold, font=HEAD_FONT, align=align, after=0, spacing=125)


TITLE, CONTENTS, RUNNING = "title", "contents", "running"
CELL, CELL_NUMBER, CELL_HEAD, CELL_GROUP = "cell", "cell-number", "cell-head", "cell-group"
BESIDE = Style("보고 설명", "Report Note", 9, color=GREY, font=HEAD_FONT, align="LEFT", before=2, after=3, spacing=135)

#: By what a block is: the class of a paragraph, the level of a heading, the place in a table.
STYLES = {
    "": Style("보고 본문", "Report Text", left=3),
    "item": Style("보고 항목", "Report Item", left=6.5, first=-3.5),
    "listed": Style("보고 목록", "Report List", left=4, first=-4, after=3),
    "lead": Style("보고 머리글", "Report Lead", color=GREY, after=6),
    "note": BESIDE,
    "meta": BESIDE,
    "empty": BESIDE,
    "legend": BESIDE,
    "picture": Style("보고 그림 설명", "Report Picture", 9.5, font=HEAD_FONT, align="LEFT", before=3, after=3),
    "unit": Style("보고 단위", "Report Unit", 9, color=GREY, font=HEAD_FONT, align="RIGHT", after=1, keeps=True),
    "kicker": Style("보고 분야", "Report Area", 10, color=GREY, font=HEAD_FONT, align="LEFT", keeps=True),
    "label": Style(
        "보고 항목명", "Report Label", 10, True, BLUE, HEAD_FONT, "LEFT", left=3, before=4, after=1, keeps=True
    ),
    "foreword-issuer": Style(
        "보고 발간사 서명", "Report Signature", 12, True, font=HEAD_FONT, align="RIGHT", before=24
    ),
    "cover-state": Style("표지 상태", "Cover State", 12, True, BLUE, HEAD_FONT, "RIGHT", after=120),
    "cover-for": Style("표지 보고처", "Cover Addressee", 14, color=GREY, font=HEAD_FONT, align="LEFT", after=6),
    TITLE: Style("보고서 제목", "Report Title", 26, True, BLUE, HEAD_FONT, "LEFT", after=14, spacing=140),
    "cover-plan": Style("표지 계획", "Cover Plan", 12, color=GREY, font=HEAD_FONT, align="LEFT", after=30),
    "cover-sample": Style("표지 예시", "Cover Sample", 12, True, RED, HEAD_FONT, "LEFT", before=6),
    "cover-issuer": Style("표지 기관", "Cover Issuer", 20, True, font=HEAD_FONT, align="CENTER", before=130),
    1: _heading(1, 17, 0),
    2: _heading(2, 14, 14),
    3: _heading(3, 12, 12, BLACK),
    4: _heading(4, 11, 10, BLUE),
    5: _heading(5, 10.5, 8, BLACK),
    CONTENTS: Style("차례 제목", "TOC Heading", 17, True, BLUE, HEAD_FONT, "LEFT", after=10),
    "contents-1": Style("차례 1", "TOC 1", 11, True, font=HEAD_FONT, align="LEFT", before=4, after=2, spacing=130),
    "contents-2": Style("차례 2", "TOC 2", 10, font=HEAD_FONT, align="LEFT", left=6, after=1, spacing=130),
    RUNNING: Style("머리말", "Header", 8, color=GREY, font=HEAD_FONT, align="CENTER", after=0, spacing=130),
    CELL: _cell("표 내용", "Table Text", "LEFT"),
    CELL_NUMBER: _cell("표 숫자", "Table Number", "RIGHT"),
    CELL_HEAD: _cell("표 머리", "Table Head", "CENTER", bold=True),
    CELL_GROUP: _cell("표 묶음", "Table Group", "LEFT", bold=True),
}


@dataclass(frozen=True)
class Made:
    """A style as the document knows it: its number, that of its paragraphs, and those of its kinds of text."""

    style: str
    paragraph: str
    texts: dict[str, str]


class Styles:
    """The styles of one document, made in it when they are asked for first; and the frames of its tables."""

    def __init__(self, document: HwpxDocument) -> None:
        self._document = document
        self._header = document.oxml.headers[0]
        self._made: dict[str, Made] = {}
        frame = {"border_color": "#9AA3AE", "border_width": "0.12 mm"}
        self.frame = document.styles.ensure_border_fill(**frame)
        self.head_frame = document.styles.ensure_border_fill(**frame, fill_color="#E6ECF5")
        self.total_frame = document.styles.ensure_border_fill(**frame, fill_color="#F4F5F6")
        self._without_numbers()

    def __getitem__(self, kind: str | int) -> Made:
        style = STYLES.get(kind, STYLES[""])
        if style.name not in self._made:
            self._made[style.name] = self._make(style)
        return self._made[style.name]

    def _make(self, style: Style) -> Made:
        texts = self._texts(style)
        paragraph = self._header.ensure_paragraph_format(
            base_para_pr_id="0",
            alignment=style.align,
            line_spacing_percent=style.spacing,
            margins={
                "left": round(style.left * MM),
                "intent": round(style.first * MM),
                "prev": round(style.before * PT),
                "next": round(style.after * PT),
            },
            heading={"type": "OUTLINE", "level": style.outline - 1} if style.outline else {"type": "NONE"},
            break_setting={"keep_with_next": style.keeps, "widow_orphan": True},
        )
        number = self._header.ensure_style(
            style.name,
            style_type="PARA",
            eng_name=style.english,
            para_pr_id_ref=paragraph,
            char_pr_id_ref=texts[""],
            lang_id=1042,
            lock_form=False,
        )
        self._header.ensure_style(style.name, next_style_id_ref=number)
        return Made(number, paragraph, texts)

    def _texts(self, style: Style) -> dict[str, str]:
        run = self._document.styles.ensure_run
        look = {"size": style.size, "color": style.color, "font": style.font, "bold": style.bold}
        return {
            "": run(**look),
            STRONG: run(**{**look, "bold": True}),
            MARK: run(**{**look, "bold": True, "color": BLACK}),
            ASIDE: run(**{**look, "bold": False, "color": GREY, "size": max(8, style.size - 1)}),
            SOURCE: run(**{**look, "bold": False, "color": BLUE, "script": "sup"}),
        }

    def _without_numbers(self) -> None:
        """Headings carry the report's own numbers: those that the program sets before an outline are taken away."""
        element: Any = self._header.element
        for head in element.iter("{*}paraHead"):
            head.text = None
            head.set("textOffset", "0")
            head.set("autoIndent", "0")
            head.set("useInstWidth", "0")
