"""One authentication backend answers for all floors what a person may do."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.db.models import Model

from ministries import rules


class RoleBackend(BaseBackend):
    """Permissions by appointment: see :mod:`ministries.rules`."""

    def has_perm(self, user_obj: Any, perm: str, obj: Model | None = None) -> bool:
        return rules.allows(user_obj, perm, obj)
