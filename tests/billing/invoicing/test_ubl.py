"""Every document the product can issue, written as UBL too and judged by the same rules."""

import re

import pytest

from billing.invoicing.gateways.einvoice.cii import cii_xml
from billing.invoicing.gateways.einvoice.rules import findings
from billing.invoicing.gateways.einvoice.ubl import ubl_xml
from billing.invoicing.queries.einvoice import electronic, is_for_french_platforms
from billing.models import Invoice
from demo.samples import invoices
from demo.samples.registry import SampleDocument, samples


@pytest.mark.usefixtures("as_operator")
@pytest.mark.parametrize("name", sorted(name for name in samples() if name.startswith(("facture", "avoir"))))
def test_a_document_as_ubl(name, now, monkeypatch):
    monkeypatch.setattr(invoices, "invoice_pdf", lambda _invoice: b"")
    made = samples()[name](now)
    assert isinstance(made, SampleDocument)
    for invoice in Invoice.objects.all():
        document = electronic(invoice, list(invoice.lines.select_related("product")))
        assert findings(ubl_xml(document), french=is_for_french_platforms(document)) == []
        moments = re.findall(rb"DueDateTypeCode>(\d+)<", cii_xml(document))
        assert len(set(moments)) <= 1  # BT-8 is the document's
