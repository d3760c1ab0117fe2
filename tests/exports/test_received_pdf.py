"""A PDF that somebody sends is really read, and refused when it would act by itself."""

import pytest

from exports.gateways.received_pdf import ActivePdf, UnreadablePdf, check_pdf
from tests.pdfs import PDF, pdf_of


def test_what_a_scanner_makes_is_taken():
    assert check_pdf(PDF) == 1
    assert check_pdf(pdf_of(pages=12)) == 12


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.7\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n",
        PDF[: len(PDF) // 2] + b"%%EOF",
        b"<html>%PDF-1.7 %%EOF",
        pdf_of(password="secret"),
        pdf_of(pages=501),
    ],
    ids=["empty", "no page", "half", "html", "password", "too many pages"],
)
def test_what_no_reader_shows_is_refused(content):
    with pytest.raises(UnreadablePdf):
        check_pdf(content)


@pytest.mark.parametrize(
    "content",
    [pdf_of(script="app.alert(1)"), pdf_of(launches="cmd.exe"), pdf_of(carries=b"MZ")],
    ids=["script", "launch", "file"],
)
def test_what_acts_by_itself_is_refused(content):
    with pytest.raises(ActivePdf):
        check_pdf(content)
