"""How a person proves who they are: e-mail address or user name, and password."""

from typing import Any
from uuid import UUID

from allauth.account.auth_backends import AuthenticationBackend
from django.core.exceptions import ValidationError

from people.models import Person


class PersonBackend(AuthenticationBackend):  # type: ignore[misc]
    """allauth's check of the password, without Django's permissions: rights come from roles."""

    def get_user(self, user_id: UUID | str) -> Person | None:
        """Return the person of a session, None once they can't sign in any more."""
        try:
            return Person.objects.active().filter(pk=user_id).first()
        except ValidationError:
            return None

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        """Return False: nobody holds Django's permissions."""
        return False

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        """Return nothing: nobody holds Django's permissions."""
        return set()
