"""Which guide, and which part of it, helps on which page: the help's table of contents seen from the work.

The words of the help stand in ``templates/help/<language>/``: a guide a role, and a few sentences for each page.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import get_language

from ministries import rules
from ministries.enums import Role

if TYPE_CHECKING:
    from ministries.rules import Person

FOCAL, APPROVER, COORDINATOR = Role.FOCAL_POINT, Role.APPROVER, Role.COORDINATOR
PANEL, COMMITTEE, ADMINISTRATOR = Role.PANEL_MEMBER, Role.COMMITTEE_READER, Role.ADMINISTRATOR


@dataclass(frozen=True)
class Help:
    """The help beside a page: the file with its few sentences, and the part of a guide that says more."""

    beside: str
    guide: Role
    section: str

    @property
    def template(self) -> str:
        """The file with the sentences, in the reader's language."""
        return f"help/{language()}/beside/{self.beside}.html"


#: By the beginning of a page's name (the longest one that fits), for the first of these roles that the reader holds.
PAGES: dict[str, dict[Role, Help]] = {
    "home": {role: Help(f"start-{role.value}", role, "start") for role in (COORDINATOR, FOCAL, APPROVER, *Role)},
    "ministries:overview": {COORDINATOR: Help("overview", COORDINATOR, "overview")},
    "ministries:submission_list": {
        COORDINATOR: Help("list-all", COORDINATOR, "watch"),
        FOCAL: Help("list-own", FOCAL, "start"),
        APPROVER: Help("list-own", APPROVER, "start"),
        PANEL: Help("list-confirmed", PANEL, "read"),
    },
    "ministries:submission_": {
        COORDINATOR: Help("review", COORDINATOR, "review"),
        APPROVER: Help("sign-off", APPROVER, "sign-off"),
        FOCAL: Help("hand-in", FOCAL, "hand-in"),
        PANEL: Help("read", PANEL, "read"),
    },
    "ministries:review": {COORDINATOR: Help("review", COORDINATOR, "review")},
    "ministries:assessment": {COORDINATOR: Help("review", COORDINATOR, "review")},
    "ministries:comment_": {
        COORDINATOR: Help("remarks", COORDINATOR, "remarks"),
        APPROVER: Help("remarks", APPROVER, "remarks"),
        FOCAL: Help("remarks", FOCAL, "remarks"),
    },
    "ministries:submission_change": {FOCAL: Help("write", FOCAL, "write"), APPROVER: Help("write", FOCAL, "write")},
    "ministries:submission_write": {FOCAL: Help("write", FOCAL, "write"), APPROVER: Help("write", FOCAL, "write")},
    "ministries:submission_translation": {
        COORDINATOR: Help("translation", COORDINATOR, "review"),
        FOCAL: Help("translation", FOCAL, "translation"),
        APPROVER: Help("translation", FOCAL, "translation"),
    },
    "ministries:signoff_": {
        APPROVER: Help("sign-off", APPROVER, "sign-off"),
        FOCAL: Help("hand-in", FOCAL, "hand-in"),
        COORDINATOR: Help("review", COORDINATOR, "review"),
    },
    "ministries:body_field_": {
        FOCAL: Help("own-fields", FOCAL, "own-fields"),
        APPROVER: Help("own-fields", FOCAL, "own-fields"),
    },
    "ministries:workbook": {
        FOCAL: Help("workbook", FOCAL, "excel"),
        APPROVER: Help("workbook", FOCAL, "excel"),
    },
    "ministries:version_": {
        COORDINATOR: Help("versions", COORDINATOR, "review"),
        FOCAL: Help("versions", FOCAL, "returned"),
        APPROVER: Help("versions", APPROVER, "sign-off"),
        PANEL: Help("read", PANEL, "read"),
    },
    "ministries:evidence_": {
        FOCAL: Help("evidence", FOCAL, "evidence"),
        APPROVER: Help("evidence", FOCAL, "evidence"),
        COORDINATOR: Help("review", COORDINATOR, "review"),
        PANEL: Help("read", PANEL, "read"),
    },
    "ministries:round_": {
        COORDINATOR: Help("round", COORDINATOR, "round"),
        FOCAL: Help("rounds", FOCAL, "start"),
        APPROVER: Help("rounds", APPROVER, "start"),
        PANEL: Help("rounds", PANEL, "read"),
        COMMITTEE: Help("rounds", COMMITTEE, "ratings"),
        ADMINISTRATOR: Help("rounds", ADMINISTRATOR, "start"),
    },
    "ministries:round_close": {COORDINATOR: Help("closing", COORDINATOR, "close")},
    "ministries:extension_": {
        COORDINATOR: Help("exceptions", COORDINATOR, "close"),
        FOCAL: Help("more-time", FOCAL, "hand-in"),
        APPROVER: Help("more-time", APPROVER, "sign-off"),
    },
    "ministries:guidance_": {COORDINATOR: Help("guidance", COORDINATOR, "round")},
    "ministries:reminder_": {COORDINATOR: Help("reminders", COORDINATOR, "reminders")},
    "ministries:escalation_": {
        COORDINATOR: Help("escalation", COORDINATOR, "reminders"),
        APPROVER: Help("escalation", APPROVER, "sign-off"),
    },
    "ministries:plan_": {role: Help("plan", role, "plan") for role in Role},
    "ministries:action_plan_": {role: Help("plan", role, "plan") for role in Role},
    "ministries:indicator_": {
        COORDINATOR: Help("indicator", COORDINATOR, "plan"),
        FOCAL: Help("indicator", FOCAL, "plan"),
        APPROVER: Help("indicator", APPROVER, "plan"),
    },
    "ministries:person_": {
        COORDINATOR: Help("people", COORDINATOR, "people"),
        ADMINISTRATOR: Help("people", ADMINISTRATOR, "people"),
    },
    "ministries:appointment_": {
        COORDINATOR: Help("people", COORDINATOR, "people"),
        ADMINISTRATOR: Help("people", ADMINISTRATOR, "people"),
    },
    "ministries:record_": {
        COORDINATOR: Help("record", COORDINATOR, "record"),
        ADMINISTRATOR: Help("record", ADMINISTRATOR, "record"),
    },
    "ministries:notice_": {role: Help("notices", role, "start") for role in (COORDINATOR, APPROVER, FOCAL)},
    "ministries:handover_": {
        FOCAL: Help("handover", FOCAL, "handover"),
        APPROVER: Help("handover", APPROVER, "handover"),
        COORDINATOR: Help("handover", COORDINATOR, "people"),
    },
    "reports:summary": {
        COORDINATOR: Help("ratings", COORDINATOR, "watch"),
        FOCAL: Help("ratings", FOCAL, "ratings"),
        APPROVER: Help("ratings", APPROVER, "ratings"),
        PANEL: Help("ratings", PANEL, "ratings"),
        COMMITTEE: Help("ratings", COMMITTEE, "ratings"),
    },
    "reports:approval_": {FOCAL: Help("paper", FOCAL, "hand-in"), APPROVER: Help("paper", APPROVER, "sign-off")},
    "reports:submission_": {FOCAL: Help("paper", FOCAL, "hand-in"), APPROVER: Help("paper", APPROVER, "sign-off")},
    "reports:workshop": {COORDINATOR: Help("compose", COORDINATOR, "report")},
    "reports:best_case_": {COORDINATOR: Help("compose", COORDINATOR, "report")},
    "reports:edition_": {
        COORDINATOR: Help("editions", COORDINATOR, "report"),
        FOCAL: Help("edition-read", FOCAL, "ratings"),
        APPROVER: Help("edition-read", APPROVER, "ratings"),
        PANEL: Help("edition-read", PANEL, "report"),
        COMMITTEE: Help("edition-read", COMMITTEE, "ratings"),
        ADMINISTRATOR: Help("edition-read", ADMINISTRATOR, "start"),
    },
    "reports:document_": {
        COORDINATOR: Help("make-report", COORDINATOR, "report"),
        FOCAL: Help("report", FOCAL, "ratings"),
        APPROVER: Help("report", APPROVER, "ratings"),
        PANEL: Help("report", PANEL, "report"),
    },
}


def language() -> str:
    """The language of the interface in which help is read."""
    spoken = (get_language() or "").split("-")[0]
    return spoken if spoken in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE


def guide_template(role: Role) -> str:
    """The file of a role's guide, in the reader's language."""
    return f"help/{language()}/{role.value}.html"


def in_order_for(user: "Person") -> tuple[list[Role], list[Role]]:
    """All guides, the reader's own roles first; and those own roles."""
    roles = rules.roles_of(user)
    own = [role for role in Role if roles.has(role)]
    return [*own, *(role for role in Role if role not in own)], own


def for_page(user: "Person", page: str) -> Help | None:
    """The help for who is on the page of this name; nothing where there is none for any of the reader's roles."""
    fitting = max((start for start in PAGES if page.startswith(start)), key=len, default=None)
    if fitting is None:
        return None
    roles = rules.roles_of(user)
    return next((found for role, found in PAGES[fitting].items() if roles.has(role)), None)
