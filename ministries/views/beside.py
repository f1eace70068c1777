"""What stands beside the form of a submission: last year's answers, and what changed in tables since the submit."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from ministries import fields
from ministries.content_compare import Difference
from ministries.content_parts import Content
from ministries.enums import BodyFieldKind
from ministries.figures import Figure
from ministries.forms.rows import OWN_PREFIX
from ministries.forms.sums import text
from ministries.forms.taking import TAKE, with_last_year, with_rows
from ministries.models import Activity, BodyFieldValue, BudgetLine
from ministries.selectors.last_year import LastYear
from ministries.services.rows import ACTIVITIES, BUDGET
from nap_monitor.lib.forms import typed_date
from nap_monitor.lib.localized import LocalizedText


def show_last_year(form: Any, tables: Mapping[str, Any], last: LastYear | None) -> None:
    """Put last year's texts, choices and own answers beside the fields. Texts can be taken over, choices only read."""
    if last is None:
        return
    form.previous = {**last.choices, **last.texts}
    form.takes_previous = set(last.texts)
    own = {str(key): answer for key, answer in last.own.items()}
    for row in tables["body_fields"].forms if "body_fields" in tables else ():
        answer = own.get(str(row["key"].value() or ""))
        if answer is not None:
            row.previous = {"value": said(answer)}
            row.takes_previous = {"value"} if answer.field.kind == BodyFieldKind.TEXT else set()


def said(answer: BodyFieldValue) -> str:
    """An answer to a field of the body's own as it is read."""
    value = answer.value
    if isinstance(value, Figure):
        return text(value)
    if answer.field.kind == BodyFieldKind.CHOICE:
        return str(answer.field.label_of(answer.text)) or answer.text
    return value if isinstance(value, str) or value is None else typed_date(value)


def take(data: QueryDict, sections: tuple[str, ...], last: LastYear | None) -> tuple[QueryDict, str]:
    """What was posted with what its button asks for from last year, and the name of the field or table; or nothing.

    Only what belongs to ``sections``, the part of the form that was sent.
    """
    name = str(data.get(TAKE, ""))
    if last is None or not name:
        return data, ""
    if name == ACTIVITIES.name and name in sections and last.activities:
        rows = [_activity(each) for each in last.activities]
        return with_rows(data, name, rows, "title", ACTIVITIES.most), name
    if name == BUDGET.name and name in sections and last.budget:
        rows = [_budget_line(each) for each in last.budget]
        return with_rows(data, name, rows, "programme", BUDGET.most), name
    here = {each: said for each, said in last.texts.items() if fields.BY_NAME[each].section in sections}
    if "body_fields" in sections:
        here |= _own_texts(data, last)
    lines = [each for each in here if each in fields.BY_NAME and fields.BY_NAME[each].kind is fields.Kind.LINE]
    return with_last_year(data, here, lines)


def _own_texts(data: QueryDict, last: LastYear) -> dict[str, str]:
    """Last year's texts in the body's own fields by the name of this year's form fields."""
    texts = {str(key): each.text for key, each in last.own.items() if each.field.kind == BodyFieldKind.TEXT}
    ending = "-key"
    keys = {name: str(data[name]) for name in data if name.startswith(f"{OWN_PREFIX}-") and name.endswith(ending)}
    return {f"{name.removesuffix(ending)}-value": texts[key] for name, key in keys.items() if key in texts}


def _activity(activity: Activity) -> dict[str, str]:
    """What may be the same again. Days and figures are of their year."""
    names = ("kind", "title", "place", "province", "partners", "currency", "phase", "description")
    return {name: str(getattr(activity, name)) for name in names}


def _budget_line(line: BudgetLine) -> dict[str, str]:
    giver = line.passed_on_from
    return {
        "account": line.account,
        "programme": line.programme,
        "gender_responsive": "on" if line.gender_responsive else "",
        "passed_on_from": giver.code if giver else "",
    }


@dataclass(frozen=True)
class TableChange:
    """A change in a table since the last submit: where, and the fields of the version before and now, or a word for a
    row that came or went."""

    where: str
    before: Content | None
    after: Content | None
    word: Any = ""


def table_changes(found: Iterable[Difference]) -> list[TableChange]:
    """The changes in one table, to be read."""
    return [_change(each) for each in found]


def _change(found: Difference) -> TableChange:
    called = found.called or found.row
    if found.name == "body_fields":
        return TableChange(_label(found), found.before, found.after)
    if found.column:
        return TableChange(f"{called} · {_label(found)}", found.before, found.after)
    return TableChange(called, None, None, _("Added") if found.before is None else _("Removed"))


def _label(found: Difference) -> str:
    part = found.after or found.before or {"label": {}}
    return str(LocalizedText(part["label"]))
