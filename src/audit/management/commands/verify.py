"""Verify what we signed and handed over: an archive, a certificate, an audit trail against its heads."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from audit.data.verify_preau import Unreadable, Wrong, keys_told, verified
from audit.gateways.keys import known_keys


class Command(BaseCommand):
    """Run the verifier that goes with everything handed over, with the keys of this installation."""

    help = (
        "Verify an archive, a certificate, or (with --heads) an audit trail, with this installation's keys."
    )

    def add_arguments(self, parser: Any) -> None:
        """Take the file, and the heads of a trail."""
        parser.add_argument("file")
        parser.add_argument("--heads", help="signed heads: the file is then an audit trail, an entry a line")

    def handle(self, *args: Any, **options: Any) -> None:
        """Say what was found. Raises CommandError where something is not as it was signed."""
        try:
            keys = keys_told("".join(f"{key}\n" for key in known_keys()))
            found = verified(options["file"], keys, heads=options["heads"])
        except Wrong as wrong:
            raise CommandError(f"not as signed: {wrong}") from wrong
        except (Unreadable, OSError, UnicodeDecodeError) as error:
            raise CommandError(f"can't be read: {error}", returncode=2) from error
        self.stdout.write(found.rstrip())
