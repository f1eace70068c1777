"""A report that is being written: a text in two versions, a best case; and the addresses of its pages."""

import datetime as dt
from typing import Any

from ministries.models import Round
from ministries.services.changes import Change
from nap_monitor.accounts.models import User
from nap_monitor.lib import clock
from reports.selectors.best_cases import candidates
from reports.selectors.outline import places
from reports.services.best_cases import pick
from reports.services.texts import write_text


def composed(round: Round, by: User) -> dict[str, list[list[Any]]]:
    """Write, pick, and answer the arguments of the pages by their names."""
    start = clock.now() - dt.timedelta(hours=2)
    for hours, base, new in ((0, "", "머리말"), (1, "머리말", "머리말을 고쳤습니다.")):
        with clock.at(start + dt.timedelta(hours=hours)):
            write_text(round=round, place="foreword", language="ko", change=Change(base, new), by=by)
    case = pick(round=round, submission=candidates(round)[0], by=by)
    here = [round.plan.number, round.year]
    return {
        **{f"reports:{each}": [here] for each in ("workshop", "best_case_list")},
        "reports:workshop_place": [[*here, place.key] for place in places(round)],
        "reports:workshop_autosave": [[*here, "foreword"]],
        "reports:workshop_versions": [[*here, "foreword"]],
        "reports:workshop_version": [[*here, "foreword", "ko", number] for number in (1, 2)],
        **{f"reports:best_case_{each}": [[*here, case.pk]] for each in ("change", "autosave", "remove")},
    }
