"""What the loading commands say, in the language of the installation."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.core.management.base import CommandError
from django.db import IntegrityError
from django.utils.translation import gettext as _

from ministries.services.bodies import SavedBodies
from ministries.services.plan_file import IndicatorsInTheWayError, LoadedPlan, PlanHasRoundsError
from nap_monitor.lib.yaml_file import FAULTS_SHOWN, FaultyFileError


@contextmanager
def refusals(file: str) -> Iterator[None]:
    """Turn what a file is refused for into a command's error: sentences, no traceback."""
    try:
        yield
    except FaultyFileError as error:
        raise CommandError(_refusal(error.lines())) from None
    except PlanHasRoundsError as error:
        head = _("%(file)s: plan %(number)s is already reported on, so it may not change. Nothing was written.")
        raise CommandError(
            "\n".join([head % {"file": file, "number": error.plan.number}, *_listed(error.differences)])
        ) from None
    except IndicatorsInTheWayError as error:
        head = _("%(file)s: indicators are defined for what the file no longer has. Nothing was written.") % {
            "file": file
        }
        rows = [f"{row.action_plan.code}: {row.code} {row.name}" for row in error.indicators]
        raise CommandError("\n".join([head, *_listed(rows)])) from None
    except IntegrityError:
        reason = _("%(file)s: somebody else loaded at the same time. Nothing was written; load it again.")
        raise CommandError(reason % {"file": file}) from None


def about_bodies(saved: SavedBodies) -> list[str]:
    """What became of the bodies."""
    lines = [_("New bodies: %(codes)s.") % {"codes": ", ".join(saved.added)}] if saved.added else []
    if saved.changed:
        lines += [_("Bodies changed:"), *map(str, saved.changed)]
    return lines or [_("Bodies: nothing to change.")]


def about_plan(loaded: LoadedPlan) -> list[str]:
    """What became of the plan, and how many items of each level it has."""
    number = {"number": loaded.plan.number}
    lines = [] if loaded.bodies.is_unchanged else about_bodies(loaded.bodies)
    if loaded.is_new:
        lines.append(_("Plan %(number)s is loaded.") % number)
    elif loaded.differences:
        lines += [_("Plan %(number)s has changed:") % number, *_listed(loaded.differences)]
    else:
        lines.append(_("Plan %(number)s: nothing to change.") % number)
    counts = [f"{level.label} {count}" for level, count in loaded.tree.counts().items()]
    counts.append(_("Assignment") + f" {loaded.assignments}")
    return [*lines, ", ".join(counts)]


def _refusal(lines: Sequence[str]) -> str:
    return "\n".join([_("The file is refused. Nothing was written."), *lines])


def _listed(rows: Sequence[object]) -> list[str]:
    more = len(rows) - FAULTS_SHOWN
    lines = [f"- {row}" for row in rows[:FAULTS_SHOWN]]
    return [*lines, _("Further ones: %(count)s") % {"count": more}] if more > 0 else lines
