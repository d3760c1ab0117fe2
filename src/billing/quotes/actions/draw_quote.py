"""Draw the PDF of a quote."""

from billing.money.gateways.seller import seller
from billing.quotes.models import QuoteVersion
from billing.quotes.queries.documents import quote_document
from exports.gateways.pdf import render


def quote_pdf(version: QuoteVersion) -> bytes:
    """Return the PDF of a version of a quote."""
    context = quote_document(version) | {"seller": seller()}
    return render("billing/quotes/pdf/quote.html", context, language=version.language)
