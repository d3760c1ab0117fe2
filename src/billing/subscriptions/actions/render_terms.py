"""Draw terms on paper, as they were accepted: on a durable medium, attached to what they apply to."""

from billing.money.gateways.seller import seller
from contracts.models import TermsVersion
from contracts.policy.clauses import keeps
from contracts.policy.terms import is_translation
from exports.gateways.pdf import render


@keeps("LG-S30", "LG-S27")
def terms_pdf(terms: TermsVersion) -> bytes:
    """Return the PDF of a version of the terms; a translation says that the French text prevails."""
    context = {"terms": terms, "seller": seller(), "is_translation": is_translation(terms.language)}
    return render("billing/subscriptions/pdf/terms.html", context, language=terms.language)
