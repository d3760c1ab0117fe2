"""PDFs as people send them."""

import io
from collections.abc import Callable
from typing import Any

from pypdf import PdfWriter
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject


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


def pdf_with(change: Callable[[PdfWriter], None]) -> bytes:
    """Return a PDF of one page after `change` wrote something into it."""
    writer = PdfWriter()
    writer.add_blank_page(width=595, height=842)
    change(writer)
    kept = io.BytesIO()
    writer.write(kept)
    return kept.getvalue()


def part(**keys: Any) -> DictionaryObject:
    """Return a dictionary of a PDF; a text that begins with / is a name."""
    return DictionaryObject({NameObject(f"/{key}"): _written(value) for key, value in keys.items()})


def _written(value: Any) -> Any:
    if isinstance(value, list):
        return ArrayObject(_written(each) for each in value)
    if not isinstance(value, str):
        return value
    return NameObject(value) if value.startswith("/") else TextStringObject(value)


def _on_opening(writer: PdfWriter, act: str, key: str, value: str) -> None:
    told = {NameObject("/S"): NameObject(act), NameObject(key): TextStringObject(value)}
    writer.root_object[NameObject("/OpenAction")] = DictionaryObject(told)


PDF = pdf_of()
