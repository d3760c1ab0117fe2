"""Who settles a dispute, as the terms of sale name them."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import override

from billing.invoicing.policy.mentions import Mention, court_or_mediator
from billing.money.gateways.seller import seller
from contracts.policy.clauses import keeps


@keeps("LG-S31")
def who_settles(client: str, language: str) -> str:
    """Return who settles a dispute of a kind of client, by name: the mediator, or the competent court."""
    with override(language):
        if court_or_mediator(client) == Mention.MEDIATOR:
            return _("Consumer mediator, free of charge: %(mediator)s.") % {"mediator": seller()["mediator"]}
        return _("Competent court: %(city)s.") % {"city": seller()["court"]}
