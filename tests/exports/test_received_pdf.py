"""A PDF that somebody sends is really read, and refused when it would act by itself."""

import pytest
from pypdf.generic import NameObject, StreamObject

from exports.gateways.received_pdf import ActivePdf, UnreadablePdf, check_pdf
from tests.pdfs import PDF, part, pdf_of, pdf_with


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


SCRIPT = part(S="/JavaScript", JS="app.alert(1)")


def hang(writer, key, value):
    """Put something under a key of the catalogue."""
    writer.root_object[NameObject(key)] = value


def bookmark(writer, act):
    """Put a bookmark that acts when it is chosen."""
    row = writer._add_object(part(Title="Devis", A=act))
    hang(writer, "/Outlines", writer._add_object(part(First=row, Last=row)))


def field(writer, **keys):
    """Put a field of a form below another."""
    child = writer._add_object(part(FT="/Tx", T="total", **keys))
    hang(writer, "/AcroForm", part(Fields=[writer._add_object(part(T="devis", Kids=[child]))]))


def annotation(writer, **keys):
    """Put an annotation on the page."""
    row = writer._add_object(part(Type="/Annot", **keys))
    writer.pages[0][NameObject("/Annots")] = part(Rows=[row])["/Rows"]


def carried(writer):
    """Return a file that the document carries, as what names it."""
    held = StreamObject()
    held.set_data(b"MZ")
    return writer._add_object(part(Type="/Filespec", F="annexe.exe", EF=part(F=writer._add_object(held))))


ACTIVE = {
    "a bookmark's script": lambda pdf: bookmark(pdf, SCRIPT),
    "a bookmark's program": lambda pdf: bookmark(pdf, part(S="/Launch", F="cmd.exe")),
    "a name kept apart": lambda pdf: bookmark(pdf, part(S=pdf._add_object(NameObject("/Launch")), F="cmd")),
    "a script after a jump": lambda pdf: bookmark(pdf, part(S="/GoTo", Next=SCRIPT)),
    "a child field's calculation": lambda pdf: field(pdf, AA=part(C=SCRIPT)),
    "a child field's jump": lambda pdf: field(pdf, AA=part(E=part(S="/URI", URI="https://evil.example"))),
    "a file by the catalogue": lambda pdf: hang(pdf, "/AF", part(Rows=[carried(pdf)])["/Rows"]),
    "a film": lambda pdf: annotation(pdf, Subtype="/RichMedia"),
    "a script of a model": lambda pdf: annotation(pdf, Subtype="/3D"),
    "a link's data": lambda pdf: annotation(pdf, Subtype="/Link", A=part(S="/SubmitForm")),
    "where nothing leads": lambda pdf: pdf._add_object(part(S="/Launch", F="cmd.exe")),
}


@pytest.mark.parametrize("where", list(ACTIVE))
def test_what_acts_is_found_wherever_it_lies(where):
    with pytest.raises(ActivePdf):
        check_pdf(pdf_with(ACTIVE[where]))


def drawn_letters(writer):
    """Put a font whose drawn letters are called /S, /AA and /EF."""
    shape = StreamObject()
    shape.set_data(b"0 0 m")
    drawn = writer._add_object(shape)
    font = part(Type="/Font", Subtype="/Type3", CharProcs=part(S=drawn, AA=drawn, JS=drawn))
    fonts = part(AA=font, EF=font, Names=font)
    writer.pages[0][NameObject("/Resources")] = part(Font=fonts)


PASSIVE = {
    "bookmarks that jump": lambda pdf: bookmark(pdf, part(S="/GoTo", D="une page")),
    "a link": lambda pdf: annotation(
        pdf, Subtype="/Link", A=part(S="/URI", URI="https://ecole.example"), BS=part(S="/S")
    ),
    "a signature": lambda pdf: field(
        pdf, Subtype="/Widget", V=part(Type="/Sig", Filter="/Adobe.PPKLite", M="D:20261116")
    ),
    "letters of any name": drawn_letters,
}


@pytest.mark.parametrize("what", list(PASSIVE))
def test_what_only_shows_is_taken(what):
    assert check_pdf(pdf_with(PASSIVE[what])) == 1
