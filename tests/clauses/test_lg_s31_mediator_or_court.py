"""A consumer's documents name the mediator, everyone else's the court."""

import pytest

from billing.invoicing.policy.mentions import Mention, court_or_mediator, invoice_mentions


@pytest.mark.parametrize(
    ("kind", "named", "absent"),
    [
        ("consumer", Mention.MEDIATOR, Mention.COURT),
        ("professional", Mention.COURT, Mention.MEDIATOR),
        ("public_body", Mention.COURT, Mention.MEDIATOR),
    ],
)
def test_who_settles_a_dispute(kind, named, absent):
    assert court_or_mediator(kind) is named
    assert named in invoice_mentions(kind)
    assert absent not in invoice_mentions(kind)


def test_outside_the_scope_of_vat_is_said():
    assert Mention.VAT_OUTSIDE_SCOPE in invoice_mentions("professional", outside_vat=True)
    assert Mention.VAT_OUTSIDE_SCOPE not in invoice_mentions("professional")


def test_another_kind_of_client_is_refused():
    with pytest.raises(ValueError, match="no kind"):
        invoice_mentions("friend")
