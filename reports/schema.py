"""The published JSON Schemas of a report's content, by their number."""

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

FOLDER = Path(__file__).with_name("schemas")


def schema_bytes(number: int) -> bytes | None:
    """The schema of this number as it is published; nothing where none was."""
    path = FOLDER / f"annual-report-{number}.json"
    return path.read_bytes() if path.is_file() else None


@lru_cache(maxsize=8)
def _validator(number: int) -> Draft202012Validator:
    found = schema_bytes(number)
    if found is None:
        raise ValueError(f"No schema {number} is published.")
    return Draft202012Validator(json.loads(found))


def check_content(content: dict[str, Any]) -> None:
    """Raise ``ValueError`` where a content does not fit the schema that it names; it says where, and why."""
    fault = next(_validator(content["schema"]).iter_errors(content), None)
    if fault is not None:
        raise ValueError(
            f"The content does not fit schema {content['schema']}: {fault.json_path}: {fault.message[:200]}"
        )
