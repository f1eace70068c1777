"""The pages on which a report is written; they stand in `tests.browser.page_types` with the others."""

from ministries.enums import Role
from tests.browser import page_ways as ways
from tests.browser.page_type import P

COORDINATOR = Role.COORDINATOR
WRITE, CASES = "reports:workshop", "reports:best_case"
COMPOSING = [
    P("workshop", WRITE, COORDINATOR, ways.year()),
    P("workshop, nothing written", WRITE, COORDINATOR, ways.year("coming")),
    P("workshop, objective", f"{WRITE}_place", COORDINATOR, ways.place(":")),
    P("workshop, foreword", f"{WRITE}_place", COORDINATOR, ways.place("foreword")),
    P("workshop, budget", f"{WRITE}_place", COORDINATOR, ways.place("budget")),
    P(
        "workshop, refused",
        f"{WRITE}_place",
        COORDINATOR,
        ways.place("summary"),
        then=ways.send(text_ko=ways.LONGER_THAN_ALLOWED),
        status=400,
    ),
    P("workshop, versions", f"{WRITE}_versions", COORDINATOR, ways.place("foreword")),
    P("workshop, version", f"{WRITE}_version", COORDINATOR, ways.place("foreword", "ko", 2)),
    P("workshop, old version", f"{WRITE}_version", COORDINATOR, ways.place("foreword", "ko", 1)),
    P("best cases", f"{CASES}_list", COORDINATOR, ways.year()),
    P("best cases, none", f"{CASES}_list", COORDINATOR, ways.year("coming")),
    P("best case", f"{CASES}_change", COORDINATOR, ways.best_case),
    P(
        "best case, refused",
        f"{CASES}_change",
        COORDINATOR,
        ways.best_case,
        then=ways.send(title_ko="가" * 201),
        status=400,
    ),
    P("best case, take back", f"{CASES}_remove", COORDINATOR, ways.best_case),
]
