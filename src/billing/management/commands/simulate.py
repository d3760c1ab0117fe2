"""Say what would happen to a tenant when, if nobody did anything."""

import json
from datetime import date
from typing import Any

from django.core.management import CommandParser
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from billing.money.policy.days import paris_day
from billing.money.policy.money import format_amount
from billing.subscriptions.policy.forecast import Event
from billing.subscriptions.queries.forecast import forecast
from isolation.context import inside_operator
from tenants.models import Tenant


class Command(BaseCommand):
    """List notices, renewals, ends and promises of a tenant up to a day; nothing is changed."""

    help = "List what would happen to a tenant when, up to a day, changing nothing."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take the tenant's address and the last day."""
        parser.add_argument("--tenant", required=True, metavar="SLUG")
        parser.add_argument("--until", required=True, type=date.fromisoformat, metavar="DATE")
        parser.add_argument("--json", action="store_true")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print one line per event, or JSON. Exits non-zero for a tenant there isn't or a day that has
        passed.
        """
        today = paris_day(timezone.now())
        if options["until"] < today:
            raise CommandError(f"--until {options['until']} has passed: give a day from {today} on.")
        with inside_operator():
            tenant = Tenant.objects.filter(slug=options["tenant"]).first()
            if tenant is None:
                raise CommandError(
                    f"There is no tenant {options['tenant']!r}: see the console's list of tenants."
                )
            events = forecast(tenant, today=today, until=options["until"])
        if options["json"]:
            details = {"tenant": tenant.slug, "from": str(today), "until": str(options["until"])}
            self.stdout.write(json.dumps(details | {"events": [as_row(event) for event in events]}, indent=2))
            return
        for event in events:
            amount = "" if event.amount_cents is None else f"  {format_amount(event.amount_cents)} excl. VAT"
            self.stdout.write(f"{event.on}  {event.clause:<10} {event.what}{amount}")


def as_row(event: Event) -> dict[str, str | None]:
    """Return an event as JSON tells it; amounts are strings in the currency of the subscription, without
    VAT.
    """
    amount = None if event.amount_cents is None else format_amount(event.amount_cents)
    return {"on": str(event.on), "clause": event.clause, "what": event.what, "amount": amount}
