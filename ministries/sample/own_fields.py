"""The sample's fields of a body's own."""

from collections.abc import Sequence
from typing import Any

from ministries.models import Assignment, BodyField
from ministries.sample.accounts import People
from ministries.sample.texts import Texts
from ministries.services.body_fields import create_body_field


def make_own_fields(assignments: Sequence[Assignment], texts: Texts, people: People) -> dict[str, list[BodyField]]:
    """Let the bodies of the texts define their fields, where they carry anything and have not yet; by body's code."""
    bodies = {row.body.code: row.body for row in assignments}
    found: dict[str, list[BodyField]] = {}
    for spec in texts.general["own_fields"]:
        body = bodies.get(spec["body"])
        if body is None:
            continue
        values: dict[str, Any] = {name: spec[name] for name in ("key", "kind")}
        values |= {f"{name}_{code}": text for name in ("label", "help") for code, text in spec.get(name, {}).items()}
        if "choices" in spec:
            values["choices"] = spec["choices"]
        field = body.own_fields.filter(key=spec["key"]).first() or create_body_field(
            body=body, values=values, by=people.focal_points[body.pk]
        )
        found.setdefault(body.code, []).append(field)
    return found
