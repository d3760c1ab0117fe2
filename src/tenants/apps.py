"""Tenants: who the customer is."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TenantsConfig(AppConfig):
    """Customers, contracts, tenants, domains, licences, lifecycle, provisioning."""

    name = "tenants"

    def ready(self) -> None:
        """Let a tenant read its own row, contracts and domains, and count its seats."""
        from agenda.registry import Places, register_places
        from audit.registry import (
            ActionMatch,
            register_action_labels,
            register_evidence,
            register_value_labels,
        )
        from isolation.registry import share
        from tenants import keepers  # noqa: F401
        from tenants.models import Tenant
        from tenants.queries import named_like, names_of, words_here

        register_places(Places(names_of, named_like, words_here))

        states = dict(Tenant.State.choices)
        register_value_labels({"from": states, "to": states})
        register_action_labels(
            {
                "tenant.opened": _("tenant opened"),
                "tenant.state_changed": _("state of the tenant changed"),
                "circle.opened": _("household opened in a shared tenant"),
                "circle.state_changed": _("state of a household changed"),
                "terms.published": _("version of the terms published"),
                "terms.notice_bounced": _("notice of new terms that came back"),
            }
        )
        register_evidence({clause: [ActionMatch("terms.published")] for clause in ("LG-S27", "LG-S30")})
        share("tenants.Tenant", "select", tenant_column="id")
        share("tenants.Contract", "select", tenant_column="tenant_id")
        share("tenants.SubTenant", "select", tenant_column="tenant_id")
        share("tenants.Domain", "select", tenant_column="tenant_id")
        share("tenants.SeatCount", "select, insert", tenant_column="tenant_id")
