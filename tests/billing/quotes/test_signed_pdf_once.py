"""A PDF that somebody sends is read once."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from billing.models import Signature
from demo.factories.billing import quote_sent
from exports.gateways import received_pdf
from isolation.context import inside_operator
from tests.billing.support import clerk, rows_of, url
from tests.pdfs import PDF

pytestmark = pytest.mark.django_db


@pytest.mark.paper
def test_a_signed_quote_is_read_once(browse, now, monkeypatch):
    read = []
    reader = received_pdf.PdfReader
    monkeypatch.setattr(received_pdf, "PdfReader", lambda stream: read.append(1) or reader(stream))
    with inside_operator():
        version = quote_sent(now=now)
    document = SimpleUploadedFile("devis.pdf", PDF, content_type="application/pdf")
    typed = {"document": document, "name": "Ève Roux", "job_title": "maire", "signed_on": "2026-11-16"}
    assert clerk(browse, now).post(url("quote_upload", version.pk), typed).status_code == 302
    assert (len(read), len(rows_of(Signature.objects))) == (1, 1)
