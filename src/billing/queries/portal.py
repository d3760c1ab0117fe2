"""What the portal asks of other rooms."""

from datetime import date

from billing.models import QuoteVersion
from contracts.models import TermsVersion


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
