"""PDFs that people send us: really read before they are kept, refused when they would act by themselves."""

import io
import logging
from collections.abc import Iterator
from contextlib import suppress
from itertools import chain
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import (
    ArrayObject,
    ByteStringObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    PdfObject,
    TextStringObject,
)

MAX_PAGES = 500
ACTS = frozenset(
    {
        "/JavaScript",
        "/Launch",
        "/ImportData",
        "/SubmitForm",
        "/Rendition",
        "/GoToE",
        "/Movie",
        "/Sound",
        "/RichMediaExecute",
    }
)
# What a bookmark or a link may do when somebody chooses it, and a page may not by itself.
HARMLESS = frozenset(
    {
        "/GoTo",
        "/GoToR",
        "/GoToDp",
        "/GoTo3DView",
        "/Thread",
        "/URI",
        "/Hide",
        "/Named",
        "/ResetForm",
        "/SetOCGState",
        "/Trans",
    }
)
PLAYERS = frozenset({"/FileAttachment", "/RichMedia", "/Movie", "/Sound", "/Screen", "/3D"})
FILES = frozenset({"/F", "/UF", "/DOS", "/Mac", "/Unix"})
BROKEN = (
    PyPdfError,
    ArithmeticError,
    AttributeError,
    LookupError,
    OSError,
    RecursionError,
    TypeError,
    ValueError,
)

logging.getLogger("pypdf").setLevel(logging.CRITICAL)


class UnreadablePdf(ValueError):
    """Raised on what no reader could show: broken, without a page, or closed by a password."""


class ActivePdf(ValueError):
    """Raised on a PDF that runs a script, starts a program, sends data or carries a file."""


class CheckedPdf(bytes):
    """The content of a PDF that was read and may be kept."""


def checked_pdf(content: bytes) -> CheckedPdf:
    """Return a PDF that may be kept; one that was checked isn't read again. Raises what `check_pdf` does."""
    if isinstance(content, CheckedPdf):
        return content
    check_pdf(content)
    return CheckedPdf(content)


def check_pdf(content: bytes) -> int:
    """Return how many pages a PDF has. Raises UnreadablePdf, ActivePdf."""
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadablePdf("closed by a password")
        pages = len(reader.pages)
        if not 1 <= pages <= MAX_PAGES:
            raise UnreadablePdf(f"{pages} pages")
        for part in _parts(reader):
            _check_part(part)
    except (ActivePdf, UnreadablePdf):
        raise
    except BROKEN as broken:
        raise UnreadablePdf(type(broken).__name__) from None
    return pages


def _parts(reader: PdfReader) -> Iterator[DictionaryObject]:
    """Yield every dictionary of a document, wherever it lies: what it shows is read or the file is refused.

    What nothing leads to any more, as an earlier state of a document that was signed later, is read where
    that can be.
    """
    seen: set[int] = set()
    yield from _reached(reader.trailer, seen)
    for number in {*chain.from_iterable(reader.xref.values()), *reader.xref_objStm} - seen:
        with suppress(*BROKEN):
            yield from _reached(IndirectObject(number, 0, reader), seen)


def _reached(start: PdfObject, seen: set[int]) -> Iterator[DictionaryObject]:
    waiting: list[Any] = [start]
    while waiting:
        found = waiting.pop()
        if isinstance(found, IndirectObject):
            if found.idnum in seen:
                continue
            seen.add(found.idnum)
            found = found.get_object()
        if isinstance(found, DictionaryObject):
            yield found
            waiting.extend(found.values())
        elif isinstance(found, ArrayObject):
            waiting.extend(found)


def _at(part: DictionaryObject, key: str) -> Any:
    """Return what stands under a key, wherever it is kept."""
    found = part.get(key)
    return found.get_object() if found is not None else None


def _name(part: DictionaryObject, key: str) -> str:
    found = _at(part, key)
    return found if isinstance(found, NameObject) else ""


def _under(part: DictionaryObject, key: str) -> DictionaryObject:
    found = _at(part, key)
    return found if isinstance(found, DictionaryObject) else DictionaryObject()


def _check_part(part: DictionaryObject) -> None:
    """Raise ActivePdf where a dictionary acts or carries a file.

    A key alone says little: a font may be called /AA. It counts with what stands under it.
    """
    act = _name(part, "/S")
    if act in ACTS or isinstance(_at(part, "/JS"), TextStringObject | ByteStringObject):
        raise ActivePdf(act)
    if any(_is_action(each) for each in _under(part, "/AA").values()):
        raise ActivePdf("/AA")
    if {"/JavaScript", "/EmbeddedFiles"} & _under(part, "/Names").keys():
        raise ActivePdf("/Names")
    if FILES & _under(part, "/EF").keys() or _name(part, "/Type") == "/EmbeddedFile":
        raise ActivePdf("/EF")
    if _name(part, "/Subtype") in PLAYERS or "/XFA" in part:
        raise ActivePdf(_name(part, "/Subtype"))
    for key in ("/OpenAction", "/A"):
        if _is_action(first := _under(part, key)) and "/Next" in first:
            raise ActivePdf("/Next")


def _is_action(found: PdfObject) -> bool:
    act = found.get_object()
    return isinstance(act, DictionaryObject) and _name(act, "/S") in ACTS | HARMLESS
