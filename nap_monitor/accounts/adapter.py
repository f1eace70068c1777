"""How allauth behaves here: people come in by invitation only, and mail goes through the queue."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.urls import reverse

from nap_monitor.accounts import emails, services
from nap_monitor.accounts.models import User
from nap_monitor.lib import mail

#: Where the session keeps when its person had signed in before, so that pages can say what is new since.
LAST_VISIT = "last_visit"


class InvitationOnlyAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """No sign-up: an account begins with an appointment and its invitation."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def login(self, request: HttpRequest, user: User) -> None:
        """Signs in, and keeps the time of the visit before, which signing in overwrites."""
        before = user.last_login
        super().login(request, user)
        if before:
            request.session[LAST_VISIT] = before.isoformat()
        services.record_visit(user=user, kind="sign_in")

    def logout(self, request: HttpRequest) -> None:
        """Signs out, and puts that on record. A session that ends by itself leaves no event."""
        user = request.user
        super().logout(request)
        if isinstance(user, User):
            services.record_visit(user=user, kind="sign_out")

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """A wrong address or password. Attempts beyond the limit are refused before that, and leave no event."""
        super().authentication_failed(request, **credentials)
        services.record_failed_sign_in(address=str(credentials.get("email") or ""))

    def set_password(self, user: User, password: str) -> None:
        """By the person who is signed in, or by whoever has the link."""
        super().set_password(user, password)
        signed_in = self.request is not None and self.request.user.is_authenticated
        services.record_visit(user=user, kind="change_password" if signed_in else "reset_password")

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """To the start page, rather than to the same form again."""
        return reverse("home")

    def send_password_reset_mail(self, user: User, email: str, context: dict[str, Any]) -> None:
        """Queued, so that the answer takes the same time whether or not there is such an account."""
        mail.queue(emails.password_reset, user_id=str(user.pk))

    def reauthenticate(self, user: User, password: str) -> bool:
        """By the account's own address: allauth's second table of addresses is not kept here."""
        found = self.authenticate(self.request, email=user.email, password=password)
        return found is not None and found.pk == user.pk
