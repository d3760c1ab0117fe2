"""Show the keys that what we sign is verified with; make a new one."""

from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone

from audit.actions.rotate_signing_key import rotate_signing_key
from audit.gateways.keys import key_in_use, known_keys


class Command(BaseCommand):
    """Show the verifier keys, the one in use last; make another one in its place."""

    help = (
        "Show the keys that verify what we sign, one a line; --rotate makes a new one that signs from now on."
    )

    def add_arguments(self, parser: Any) -> None:
        """Take whether to make a new key."""
        parser.add_argument("--rotate", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say the keys as C2SP writes them: name, hash, key."""
        if options["rotate"]:
            rotate_signing_key(now=timezone.now())
        key_in_use()
        for key in known_keys():
            self.stdout.write(str(key))
