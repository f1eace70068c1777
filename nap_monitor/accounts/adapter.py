"""How allauth behaves here: people come in by invitation only."""

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest


class InvitationOnlyAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """No sign-up: an account begins with an appointment and its invitation."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False
