"""Draw a document on paper: a PDF made from what is kept, the same each time."""

from billing.gateways.seller import seller
from billing.models import Invoice, LateStatement, QuoteVersion
from billing.queries.documents import invoice_document, late_statement_document, quote_document
from exports.gateways.pdf import render


def quote_pdf(version: QuoteVersion) -> bytes:
    """Return the PDF of a version of a quote."""
    context = quote_document(version) | {"seller": seller()}
    return render("billing/pdf/quote.html", context, language=version.language)


def invoice_pdf(invoice: Invoice) -> bytes:
    """Return the PDF of an invoice or a credit note, from what was frozen when it was issued."""
    return render("billing/pdf/invoice.html", invoice_document(invoice), language=invoice.language)


def late_statement_pdf(claim: LateStatement) -> bytes:
    """Return the PDF of a claim for late interest with its worksheet."""
    return render("billing/pdf/late_statement.html", late_statement_document(claim), language=claim.invoice.language)
