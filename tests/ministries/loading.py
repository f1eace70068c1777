"""Helpers of the tests that load plan and reference files."""

from io import StringIO
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import CommandError, call_command
from django.utils.translation import override

from ministries.models import Assignment, BodyName, ImplementingBody
from nap_monitor.lib.audit.models import Event
from objectives.models import ActionPlan, Area, Objective, Plan, Strategy

FIXTURES = Path(settings.BASE_DIR) / "fixtures"
REFERENCE = FIXTURES / "reference.yaml"
THIRD_PLAN = FIXTURES / "nap3.yaml"
OTHER_COUNTRY = Path(settings.BASE_DIR) / "tests" / "objectives" / "plans" / "other-country.yaml"

MODELS = (Plan, Area, Objective, Strategy, ActionPlan, ImplementingBody, BodyName, Assignment, Event)


def all_rows() -> dict[str, list[dict[str, Any]]]:
    """Every row of every table that loading may touch."""
    return {model.__name__: list(model._default_manager.order_by("pk").values()) for model in MODELS}


def run(command: str, path: Path | str) -> str:
    """What the command prints, in English."""
    out = StringIO()
    with override("en"):
        call_command(command, str(path), stdout=out)
    return out.getvalue()


def refusal(command: str, path: Path | str) -> list[str]:
    """The lines with which the command refuses the file, without the name of the file's folder. Nothing is written."""
    before = all_rows()
    try:
        run(command, path)
    except CommandError as error:
        assert all_rows() == before
        return str(error).replace(f"{Path(path).parent}/", "").splitlines()
    raise AssertionError("The file was not refused.")


def changed(path: Path, source: Path, *replacements: tuple[str, str]) -> Path:
    """A copy of ``source`` at ``path`` in which each text, which must stand there once, is replaced."""
    text = source.read_text(encoding="utf-8")
    for old, new in replacements:
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times"
        text = text.replace(old, new)
    path.write_text(text, encoding="utf-8")
    return path
