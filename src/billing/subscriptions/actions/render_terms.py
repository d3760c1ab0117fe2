"""Draw terms on paper, as they were accepted: on a durable medium, attached to what they apply to."""

from billing.invoicing.queries.disputes import who_settles
from billing.money.gateways.seller import seller
from contracts.models import TermsKind, TermsVersion
from contracts.policy.clauses import keeps
from contracts.policy.terms import is_translation
from contracts.registry import clients_of
from exports.gateways.pdf import render


@keeps("LG-S30", "LG-S27", "LG-S31")
def terms_pdf(terms: TermsVersion) -> bytes:
    """Return the PDF of a version of the terms; a translation says that the French text prevails."""
    context = {
        "terms": terms,
        "seller": seller(),
        "is_translation": is_translation(terms.language),
        "settles": settles_under(terms),
    }
    return render("billing/subscriptions/pdf/terms.html", context, language=terms.language)


def settles_under(terms: TermsVersion) -> str:
    """Return who settles a dispute under terms of sale, by name; "" under another document."""
    client = clients_of().get(terms.profile, "professional")
    return who_settles(client, terms.language) if terms.kind == TermsKind.SALE else ""
