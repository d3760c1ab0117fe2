"""What a buyer may read of their customer's quotes, and the terms a signature accepts."""

from datetime import date

from billing.customers.models import Contact
from billing.quotes.models import QuoteVersion, QuoteVersionQuerySet
from contracts.models import TermsVersion
from isolation.policy.guards import guards

READABLE = ("sent", "signed", "expired", "superseded", "withdrawn")


@guards("contact")
def versions_of(contact: Contact) -> QuoteVersionQuerySet:
    """Return the quotes a buyer may read."""
    rows = QuoteVersion.objects.filter(quote__customer_id=contact.customer_id, state__in=READABLE)
    return rows.select_related("quote__customer")


def terms_of_sale(version: QuoteVersion, *, on: date) -> TermsVersion | None:
    """Return the terms of sale a signature accepts.

    Of the offer quoted, in the quote's language, else in French.

    French prevails (LG-S27); a quote without subscription takes the school's.
    """
    line = version.lines.exclude(product=None).exclude(product__profile="").select_related("product").first()
    offer = line.product.profile if line and line.product else "school"
    for language in (version.language, "fr"):
        found = TermsVersion.objects.of("sale", offer, language).in_force(on).first()
        if found is not None:
            return found
    return None
