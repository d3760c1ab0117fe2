"""Tenants: who the customer is."""

from django.apps import AppConfig


class TenantsConfig(AppConfig):
    """Customers, contracts, tenants, domains, licences, lifecycle, provisioning."""

    name = "tenants"

    def ready(self) -> None:
        """Let a tenant read its own row, contracts and domains, and count its seats."""
        from isolation.registry import share

        share("tenants.Tenant", "select", tenant_column="id")
        share("tenants.Contract", "select", tenant_column="tenant_id")
        share("tenants.Domain", "select", tenant_column="tenant_id")
        share("tenants.SeatCount", "select, insert", tenant_column="tenant_id")
