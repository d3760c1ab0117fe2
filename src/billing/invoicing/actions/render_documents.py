"""Draw a document on paper: a PDF made from what is kept.

An invoice's is drawn once and served from then on.
"""

from hashlib import sha256

from billing.invoicing.gateways.einvoice.paper import with_xml
from billing.invoicing.gateways.einvoice.rules import findings
from billing.invoicing.gateways.einvoice.ubl import ubl_xml
from billing.invoicing.models import Invoice, IssuedFile, ProForma
from billing.invoicing.queries.documents import invoice_document, pro_forma_document
from billing.invoicing.queries.einvoice import electronic, is_for_french_platforms
from exports.gateways.pdf import render


def pro_forma_pdf(pro_forma: ProForma) -> bytes:
    """Return the PDF of a pro forma."""
    return render(
        "billing/invoicing/pdf/pro_forma.html", pro_forma_document(pro_forma), language=pro_forma.language
    )


class NotUbl(Exception):
    """Raised when a document that is valid as CII would not be as UBL; says which rules."""


class FileAltered(Exception):
    """Raised when a kept file no longer has the hash it was issued with."""


def invoice_pdf(invoice: Invoice) -> bytes:
    """Return the PDF of an invoice or a credit note.

    Factur-X, the same bytes for ever once it was first asked for.

    One issued before electronic invoices has no XML: it is drawn again from what was frozen then. Raises
    FileAltered.
    """
    return _stored(invoice, IssuedFile.Kind.PDF) or _frozen(invoice)


def invoice_xml(invoice: Invoice) -> bytes | None:
    """Return the electronic invoice kept when the document was issued, None when it had none.

    Raises FileAltered.
    """
    return _stored(invoice, IssuedFile.Kind.CII)


def invoice_ubl(invoice: Invoice) -> bytes:
    """Return the same electronic invoice as UBL, judged and kept when it is first asked for.

    Raises NotUbl when a rule of that syntax refuses it, FileAltered.
    """
    if content := _stored(invoice, IssuedFile.Kind.UBL):
        return content
    document = electronic(invoice, list(invoice.lines.select_related("product")))
    content = ubl_xml(document)
    if broken := findings(content, french=is_for_french_platforms(document)):
        raise NotUbl(", ".join(each.rule for each in broken))
    return _store(invoice, IssuedFile.Kind.UBL, content)


def _stored(invoice: Invoice, kind: str) -> bytes | None:
    file = IssuedFile.objects.filter(invoice_id=invoice.pk, kind=kind).first()
    if file is None:
        return None
    if not file.is_intact:
        raise FileAltered(invoice.number)
    return bytes(file.content)


def _frozen(invoice: Invoice) -> bytes:
    xml = invoice_xml(invoice)
    if xml is None:
        return render(
            "billing/invoicing/pdf/invoice.html", invoice_document(invoice), language=invoice.language
        )
    plain = render(
        "billing/invoicing/pdf/invoice.html",
        invoice_document(invoice),
        language=invoice.language,
        variant="pdf/a-3b",
    )
    author = invoice.seller["name"]
    content = with_xml(
        plain, xml, title=f"{author}: {invoice.number}", author=author, language=invoice.language
    )
    return _store(invoice, IssuedFile.Kind.PDF, content)


def _store(invoice: Invoice, kind: str, content: bytes) -> bytes:
    file = IssuedFile(
        invoice_id=invoice.pk,
        kind=kind,
        content=content,
        sha256=sha256(content).hexdigest(),
        created_at=invoice.created_at,
    )
    IssuedFile.objects.bulk_create(
        [file], ignore_conflicts=True
    )  # two readers at once: the first one's stands
    return _stored(invoice, kind) or content
