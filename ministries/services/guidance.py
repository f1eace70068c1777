"""Writing the guidance for single action plans of a round.

It is changed by the names of its languages: ``text_ko``, ``text_en``.
"""

from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from ministries import rules
from ministries.models import Guidance, Round
from ministries.services.changes import Change, SaveResult
from ministries.services.definitions import Definition, compare, last_change
from ministries.workflow import NotPermitted, Refused
from nap_monitor.accounts.models import User
from nap_monitor.lib.audit.services import record
from objectives.models import ActionPlan

PERMISSION = "ministries.change_round"
#: Longest text, in characters, in each language.
TEXT_LENGTH = 5000
DEFINITION = Definition({"text": TEXT_LENGTH}, ())


@transaction.atomic
def write_guidance(
    *, round: Round, action_plan: ActionPlan, changes: Mapping[str, Change], by: User | None
) -> SaveResult:
    """Save the changed languages whose stored text is still the one that the writer started from; the others come back
    as conflicts. Without a text in any language there is no guidance. Raises ``NotPermitted`` or ``Refused``."""
    _may_change(by)
    locked = _locked(round)
    if action_plan.plan_id != locked.plan_id:
        raise Refused(_("This action plan belongs to another plan."))
    stored = locked.guidance_of_action_plans.filter(action_plan=action_plan).first()
    found = stored or Guidance(round=locked, action_plan=action_plan)
    result, before = SaveResult(), dict(found.text)
    for name, change in changes.items():
        if compare(DEFINITION.read(found, name), name, change, result):
            DEFINITION.put(found, name, change.new)
            result.saved.append(name)
    if result.saved:
        DEFINITION.check_lengths(found)
        _keep(found, before, by, is_new=stored is None)
    if result.conflicts and by is not None:
        result.other, result.at = last_change("ministries.guidance", found.pk, by)
    return result


@transaction.atomic
def copy_guidance(*, round: Round, by: User | None) -> int:
    """Copy last year's guidance to the action plans that have none in this round; how many. Raises ``NotPermitted``."""
    _may_change(by)
    locked = _locked(round)
    written = set(locked.guidance_of_action_plans.values_list("action_plan_id", flat=True))
    asked = set(locked.submissions.values_list("assignment__action_plan_id", flat=True))
    before = Guidance.objects.filter(round__plan=locked.plan_id, round__year=locked.year - 1)
    copied = 0
    for each in before.filter(action_plan__in=asked - written).select_related("action_plan"):
        new = Guidance.objects.create(round=locked, action_plan=each.action_plan, text=each.text)
        record(kind="create", subject=new, by=by, data={"copied_from": locked.year - 1, "after": dict(each.text)})
        copied += 1
    return copied


def _keep(guidance: Guidance, before: Mapping[str, str], by: User | None, *, is_new: bool) -> None:
    kind = "create" if is_new else "change" if guidance.text else "remove"
    record(kind=kind, subject=guidance, by=by, data=_told(guidance, before, is_new))
    if guidance.text:
        guidance.save()
    else:
        guidance.delete()


def _told(guidance: Guidance, before: Mapping[str, str], is_new: bool) -> dict[str, dict[str, str]]:
    """The texts before and after, by language, as far as there are any."""
    texts = {"before": {} if is_new else dict(before), "after": dict(guidance.text)}
    return {when: said for when, said in texts.items() if said}


def _may_change(by: User | None) -> None:
    """Commands act for nobody; a person needs the permission."""
    if by is not None and not rules.allows(by, PERMISSION):
        raise NotPermitted(_now("Only a coordinator writes the guidance."))


def _locked(round: Round) -> Round:
    """Two who write on one round wait for each other."""
    return Round.objects.select_for_update(of=("self",)).select_related("plan").get(pk=round.pk)
