"""Make an account for the operator's staff: the first one can't be invited by anybody."""

import getpass
import os
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from isolation.context import inside_operator
from people.actions.create_person import AddressTaken, create_person
from people.actions.give_role import give_role
from people.actions.seed_roles import seed_roles
from people.models import Person, Role
from people.policy.roles import OPERATOR_ROLES


class Command(BaseCommand):
    """create_operator --email … --first-name … --last-name … [--role finance]."""

    help = (
        "Create an account of the operator's staff; the password is asked, or read "
        "from PREAU_OPERATOR_PASSWORD."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare the options."""
        parser.add_argument("--email", required=True)
        parser.add_argument("--first-name", default="")
        parser.add_argument("--last-name", default="")
        parser.add_argument("--username", default="")
        parser.add_argument("--language", default="fr", choices=["fr", "en"])
        roles = [role.key for role in OPERATOR_ROLES]
        parser.add_argument("--role", default=roles[0], choices=roles)

    def handle(self, *args: Any, **options: Any) -> None:
        """Create the account with its role."""
        password = os.environ.get("PREAU_OPERATOR_PASSWORD") or getpass.getpass("Password: ")
        about = Person(
            email=options["email"], first_name=options["first_name"], last_name=options["last_name"]
        )
        try:
            validate_password(password, about)
            with inside_operator():
                person = self._create(password, options)
        except ValidationError as refusal:
            raise CommandError(" ".join(refusal.messages)) from refusal
        except AddressTaken as taken:
            raise CommandError(f"{taken} has an account already.") from taken
        self.stdout.write(f"{person.username} may sign in, and sets up a second factor first.")

    def _create(self, password: str, options: dict[str, Any]) -> Person:
        now = timezone.now()
        seed_roles(now=now)
        person = create_person(
            by=None,
            now=now,
            password=password,
            kind=Person.Kind.OPERATOR,
            is_verified=True,
            email=options["email"],
            username=options["username"],
            language=options["language"],
            first_name=options["first_name"],
            last_name=options["last_name"],
        )
        give_role(person=person, role=Role.objects.get(shipped=options["role"]), by=None, now=now)
        return person
