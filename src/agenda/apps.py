"""Agenda: what must happen when."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AgendaConfig(AppConfig):
    """Obligations, the loop that keeps them, the outbox."""

    name = "agenda"

    def ready(self) -> None:
        """Let tenants promise and post, each in its own rows; bear witness to what was kept."""
        from agenda.gateways.mail import MAIL, broker_hosts, mail_hosts
        from agenda.gateways.promised import promised_by_tenants
        from agenda.queries import days_of, kept, late_messages
        from contracts.outgoing import declare_outgoing
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
        declare_outgoing(
            MAIL,
            label=_("Mail server"),
            modules={"agenda.gateways.mail"},
            libraries={"django.core.mail"},
            hosts=mail_hosts,
        )
        declare_outgoing(
            "broker",
            label=_("Message broker and cache"),
            modules={
                "agenda.loop",
                "agenda.tasks",
                "config.celery",
                "tenants.tasks",
                "website.gateways.metrics",
                "website.middleware",
            },
            libraries={"celery", "kombu", "redis"},
            hosts=broker_hosts,
            is_ours=True,
        )
