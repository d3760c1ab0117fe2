"""Agenda: what must happen when."""

from django.apps import AppConfig


class AgendaConfig(AppConfig):
    """Obligations, the loop that keeps them, the outbox."""

    name = "agenda"

    def ready(self) -> None:
        """Let tenants promise and post, each in its own rows; bear witness to what was kept."""
        from agenda.gateways.promised import promised_by_tenants
        from agenda.queries import days_of, kept, late_messages
        from contracts.registry import evidence, history
        from isolation.registry import share

        evidence(kept)
        history(days=days_of, late_messages=late_messages)
        share(
            "agenda.Obligation",
            "select, insert, update",
            tenant_column="tenant_id",
            writes=promised_by_tenants,
        )
        share("agenda.OutboxMessage", "select, insert, update", tenant_column="tenant_id")
