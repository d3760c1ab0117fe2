"""PDFs as people send them."""

import io

from pypdf import PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject


def pdf_of(
    *, pages: int = 1, script: str = "", launches: str = "", carries: bytes = b"", password: str = ""
) -> bytes:
    """Return a PDF of blank pages, with what acts by itself where that is asked for."""
    writer = PdfWriter()
    for _page in range(pages):
        writer.add_blank_page(width=595, height=842)
    if script:
        _on_opening(writer, "/JavaScript", "/JS", script)
    if launches:
        _on_opening(writer, "/Launch", "/F", launches)
    if carries:
        writer.add_attachment("annexe.exe", carries)
    if password:
        writer.encrypt(password)
    kept = io.BytesIO()
    writer.write(kept)
    return kept.getvalue()


def _on_opening(writer: PdfWriter, act: str, key: str, value: str) -> None:
    told = {NameObject("/S"): NameObject(act), NameObject(key): TextStringObject(value)}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(told)


PDF = pdf_of()
