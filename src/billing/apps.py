"""Billing: from the price list to the money."""

from django.apps import AppConfig


class BillingConfig(AppConfig):
    """Registers the room's promises, messages, places in the menus and what tenants read of it."""

    name = "billing"

    def ready(self) -> None:
        """Register with the rooms below."""
        from billing import keepers  # noqa: F401
        from isolation.registry import share

        share("billing.Invoice", "select", tenant_column="tenant_id")
