"""Where allauth asks the house: closed sign-up, mails through the outbox, sign-ins in the audit trail, sealed
secrets.
"""

from base64 import urlsafe_b64encode
from hashlib import sha256
from io import BytesIO
from typing import Any
from uuid import UUID

import segno
from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.core.internal import ratelimit
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agenda.actions import enqueue_message
from audit.actions import log_action
from isolation.context import current_context, inside, inside_operator
from people.models import Person
from people.queries import house_name, is_child
from people.requests import VisitorRequest

NOTICES = {
    "password_changed",
    "password_set",
    "password_reset",
    "email_changed",
    "email_deleted",
    "email_confirm",
    "totp_activated",
    "totp_deactivated",
    "recovery_codes_generated",
}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    """Sign-in and passwords."""

    error_messages = DefaultAccountAdapter.error_messages | {
        f"{how}_password_mismatch": _("This name or address and this password don’t go together.")
        for how in ("username", "email")
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Return False: people come by invitation."""
        return False

    def format_email_subject(self, subject: str) -> str:
        """Return the subject as it is."""
        return subject

    def add_message(self, request: HttpRequest, level: int, *args: Any, **kwargs: Any) -> None:
        """Show allauth's messages, except that one has signed in: the page says so."""
        if (args[:1] or (kwargs.get("message_template"),))[0] != "account/messages/logged_in.txt":
            super().add_message(request, level, *args, **kwargs)

    def post_login(self, request: VisitorRequest, user: AbstractBaseUser, **kwargs: Any) -> HttpResponse:
        """Note the sign-in and remember the person's language."""
        response: HttpResponse = super().post_login(request, user, **kwargs)
        if isinstance(user, Person):
            request.session["seen_at"] = request.now.timestamp()
            request.session["language"] = user.language
            user.note_sign_in(at=request.now)
            facts = {"ip": self.get_client_ip(request)}
            log_action(
                "session.opened", by=user, on=user, at=self.request.now, personal=facts, about=[user.pk]
            )
        return response

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Return by what wrong passwords are counted: an account, from one address."""
        account: str = super()._get_login_attempts_cache_key(request, **credentials)
        return f"{account}|{self.get_client_ip(request)}"

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """Count an attempt by account and address, and by account alone; refuse it past either limit."""
        super().pre_authenticate(request, **credentials)
        account = super()._get_login_attempts_cache_key(request, **credentials)
        action = "login_failed_anywhere"
        self._anywhere = ratelimit.consume(request, app="allauth.account", action=action, key=account)
        if not self._anywhere:
            raise self.validation_error("too_many_login_attempts")

    def _rollback_login_failed_rl_usage(self) -> None:
        """Count an attempt no more that succeeded."""
        super()._rollback_login_failed_rl_usage()
        if usage := getattr(self, "_anywhere", None):
            usage.rollback()

    def authentication_failed(self, request: HttpRequest, **credentials: Any) -> None:
        """Note an attempt: on whom if the name is known here, and from where.

        What was typed is never kept.
        """
        login = credentials.get("email") or credentials.get("username") or ""
        field = "email" if "@" in login else "username"
        person = Person.objects.filter(**{field: login.strip().lower()}).first()
        place = current_context()
        on = person or (place.tenant_id if place and place.tenant_id else UUID(int=0))
        personal = {"ip": self.get_client_ip(request)}
        about = [person.pk] if person else []
        log_action("session.refused", by=None, on=on, at=self.request.now, personal=personal, about=about)

    def logout(self, request: HttpRequest) -> None:
        """Note that the person left, and close the session."""
        if isinstance(request.user, Person):
            log_action(
                "session.closed",
                by=request.user,
                on=request.user,
                at=self.request.now,
                about=[request.user.pk],
            )
        super().logout(request)

    def set_password(self, user: Person, password: str) -> None:
        """Set the password and note it."""
        super().set_password(user, password)
        log_action("password.changed", by=user, on=user, at=self.request.now, about=[user.pk])

    def get_login_redirect_url(self, request: VisitorRequest) -> str:
        """Return home: the school's, or the console for the operator's staff."""
        return "/" if request.tenant else reverse("people:home")

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Return whether to ask for the password again: not of who typed it within the last five minutes."""
        records = get_authentication_records(self.request, self.request.user)
        typed_at = max((record["at"] for record in records), default=0.0)
        return bool(self.request.now.timestamp() - typed_at > app_settings.REAUTHENTICATION_TIMEOUT)

    def send_notification_mail(self, template_prefix: str, user: Any, *args: Any, **kwargs: Any) -> None:
        """Note a change of sign-in and tell the person.

        Allauth calls this after the commit, outside of any place.
        """
        tenant = self.request.tenant
        name = template_prefix.rsplit("/", 1)[-1]
        with inside(tenant) if tenant else inside_operator():
            if template_prefix.startswith("mfa/"):
                log_action(f"second_factor.{name}", by=user, on=user, at=self.request.now, about=[user.pk])
            self.send_mail(template_prefix, user.email or "", {"user": user})

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Leave a message in the outbox; its text and its links are made when it is sent."""
        name = template_prefix.rsplit("/", 1)[-1]
        now = self.request.now
        person = context.get("user") or Person.objects.filter(email=email).first()
        tenant = self.request.tenant
        by_card = tenant is not None and is_child(person, tenant, on=tenant.today(now))
        if person is None or by_card:  # a card opens a pupil's account, and nothing else does
            return
        template = "people/notice"
        ids = {"person": str(person.pk), "what": name}
        if name == "password_reset_key":
            template = "people/password_reset"
            ids = {"person": str(person.pk)}
        elif name not in NOTICES:
            return
        enqueue_message(template, ids=ids, now=now, key=f"{template}:{person.pk}:{name}:{now.isoformat()}")

    def send_confirmation_mail(self, request: HttpRequest, emailconfirmation: Any, signup: bool) -> None:
        """Leave the question whether an address is the person's own in the outbox."""
        ids = {"confirmation": str(emailconfirmation.pk)}
        now = self.request.now
        key = f"people/confirm_address:{emailconfirmation.email_address.user_id}:{now.isoformat()}"
        enqueue_message("people/confirm_address", ids=ids, now=now, key=key)


class SecondFactorAdapter(DefaultMFAAdapter):  # type: ignore[misc]
    """The second factor: sealed secrets, a drawing without style, never optional for the operator's staff."""

    def get_totp_issuer(self) -> str:
        """Return what the authenticator app shows: the school, or the house."""
        return house_name()

    def build_totp_svg(self, url: str) -> str:
        """Return the code to scan."""
        drawing = BytesIO()
        segno.make(url, error="m").save(drawing, kind="svg", scale=5, border=2, xmldecl=False)
        return drawing.getvalue().decode()

    def encrypt(self, text: str) -> str:
        """Return a secret sealed with the installation's key."""
        return _seal().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """Return the secret."""
        return _seal().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Return whether the second factor may be switched off: never by the operator's staff."""
        return bool(authenticator.user.kind != Person.Kind.OPERATOR)


def _seal() -> Fernet:
    digest = sha256(b"people.second-factor" + settings.SECRET_KEY.encode()).digest()
    return Fernet(urlsafe_b64encode(digest))
