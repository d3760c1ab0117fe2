"""Demo: the invented world that script/demo serves and the journeys play in."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DemoConfig(AppConfig):
    """The pages and the data exist on a demonstration only."""

    name = "demo"

    def ready(self) -> None:
        """Say what the seeding's entries in the audit trail are called, and that its mailbox stays here."""
        from audit.registry import register_action_labels
        from contracts.outgoing import declare_outgoing

        declare_outgoing(
            "demo-mailbox",
            label=_("Mailbox of the demonstration"),
            modules={"demo.gateways.mailbox"},
            libraries={"django.core.mail"},
            hosts=frozenset,
            is_ours=True,
        )
        register_action_labels({"demonstration.seeded": _("Part of the demonstration made")})
