"""Open a tenant for a customer's contract."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from contracts.registry import profile
from isolation.context import inside, inside_operator
from people.actions.invite import invite
from people.models import Invitation, Person
from tenants.actions.provision_tenant import AddressTaken, ContractUnknown, provision_tenant
from tenants.models import Contract, Customer, Tenant
from tenants.queries import tenant_url


class Command(BaseCommand):
    """Open the tenant of a contract, or make customer and contract too."""

    help = "Open a tenant, of an existing contract or of a new customer, and invite who administers it."

    def add_arguments(self, parser: Any) -> None:
        """Take the address, the name and the contract or what makes one."""
        parser.add_argument("slug")
        parser.add_argument("--name", required=True)
        parser.add_argument("--contract", type=UUID, help="an existing contract's id")
        parser.add_argument("--email", help="the customer's e-mail, for a new customer")
        parser.add_argument("--profile", default="school", help="the profile of a new contract")
        parser.add_argument("--licences", type=int, default=30)

    def handle(self, *args: Any, **options: Any) -> None:
        """Open it and say where it is."""
        now = timezone.now()
        with inside_operator():
            contract_id = options["contract"] or self._contract(options, now)
            try:
                tenant = provision_tenant(
                    slug=options["slug"], name=options["name"], contract_id=contract_id, now=now
                )
            except AddressTaken:
                raise CommandError(
                    f"{options['slug']} is another customer's address: choose another one"
                ) from None
            except ContractUnknown:
                raise CommandError("there is no such contract: see the console's customers") from None
            except ValidationError as error:
                raise CommandError("; ".join(error.messages)) from None
        self.stdout.write(f"{tenant.name} is open at {tenant_url(tenant)}")
        self._invite(tenant, now)

    def _invite(self, tenant: Tenant, now: datetime) -> None:
        """Invite the customer's address to administer a tenant nobody administers yet."""
        with inside_operator():
            contract = Contract.objects.select_related("customer").filter(tenant=tenant).first()
            email = contract.customer.email if contract else ""
        with inside(tenant):
            if Person.objects.exists() or Invitation.objects.exists() or not email:
                return
            invite(email=email, role_key="administrator", by=None, now=now)
        self.stdout.write(f"{email} is invited to administer it: the mail leaves within a minute")

    def _contract(self, options: dict[str, Any], now: Any) -> UUID:
        if not options["email"]:
            raise CommandError("say --contract ID, or --email for a new customer")
        existing = Contract.objects.filter(
            tenant__slug=options["slug"], customer__email=options["email"]
        ).first()
        if existing is not None:
            return existing.pk
        today = now.date()
        customer = Customer.objects.create(name=options["name"], email=options["email"], created_at=now)
        made = Contract.objects.create(
            customer=customer,
            profile_key=options["profile"],
            profile_version=profile(options["profile"], on=today).version,
            licences=options["licences"],
            starts_on=today,
            created_at=now,
        )
        return made.pk
