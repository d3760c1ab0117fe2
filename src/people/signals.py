"""What follows a change of password: programs that act for the person act no more."""

from typing import Any

from allauth.account.signals import password_changed, password_reset, password_set
from django.dispatch import receiver
from django.utils import timezone

from people.actions.revoke_tokens import revoke_tokens
from people.models import Person


@receiver([password_changed, password_reset, password_set])
def end_tokens(user: Person, **_more: Any) -> None:
    """End the tokens of who has another password from now on: it may be changed because one is known."""
    revoke_tokens(person_ids=[user.pk], by=user, now=timezone.now())
