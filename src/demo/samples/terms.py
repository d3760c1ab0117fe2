"""The terms of sale, as the confirmation of an order brings them."""

from __future__ import annotations

from datetime import datetime

from billing.money.policy.days import paris_day
from billing.subscriptions.actions.render_terms import terms_pdf
from contracts.queries import terms_in_force
from demo.samples.registry import SampleDocument, sample


@sample("conditions-de-vente")
def of_families(now: datetime) -> SampleDocument:
    """Return the terms of sale of a family's offer, in French."""
    return _terms("fr", now)


@sample("conditions-de-vente-anglais")
def of_families_in_english(now: datetime) -> SampleDocument:
    """Return their translation, which says that the French text prevails."""
    return _terms("en", now)


def _terms(language: str, now: datetime) -> SampleDocument:
    terms = terms_in_force("sale", "family", language, paris_day(now))
    assert terms is not None, "the house published its terms"
    return SampleDocument(terms_pdf(terms))
