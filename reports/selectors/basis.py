"""On what a plan's report rests: law, committee, decisions. Reference data, by the plan's lead body."""

from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

FILE = Path(__file__).resolve().parent.parent / "reference" / "basis.yaml"
NOTHING: dict[str, Any] = {"committee": {}, "lines": []}


@lru_cache(maxsize=1)
def _reference() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(FILE.read_text(encoding="utf-8"))
    return loaded


def basis_of(plan_number: int, lead_code: str) -> dict[str, Any]:
    """For a plan of this lead body: ``committee`` (its name by language, or nothing) and ``lines`` (by language)."""
    found = _reference().get(lead_code)
    if found is None:
        return NOTHING
    return {"committee": found["committee"], "lines": [*found["lines"], *found["plans"].get(plan_number, [])]}
