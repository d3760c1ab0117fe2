"""PDFs that people send us: really read before they are kept, refused when they would act by themselves."""

import io
import logging
from collections.abc import Iterator
from typing import Any

from pypdf import PdfReader
from pypdf.errors import PyPdfError
from pypdf.generic import ArrayObject, DictionaryObject

MAX_PAGES = 500
ACTS = frozenset({"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/Rendition", "/GoToE"})

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
    except (PyPdfError, ArithmeticError, AttributeError, LookupError, RecursionError, TypeError) as broken:
        raise UnreadablePdf(type(broken).__name__) from None
    return pages


def _parts(reader: PdfReader) -> Iterator[DictionaryObject]:
    """Yield what of a document can act: itself, its pages, their annotations, the fields of its form."""
    root = reader.root_object
    yield root
    yield from _dictionaries(root.get("/AcroForm", DictionaryObject()).get_object().get("/Fields"))
    for page in reader.pages:
        yield page
        yield from _dictionaries(page.get("/Annots"))


def _dictionaries(found: Any) -> Iterator[DictionaryObject]:
    rows = found.get_object() if found is not None else ArrayObject()
    yield from (row for each in rows if isinstance(row := each.get_object(), DictionaryObject))


def _check_part(part: DictionaryObject) -> None:
    if "/AA" in part:
        raise ActivePdf("/AA")
    names = part.get("/Names", DictionaryObject()).get_object()
    if isinstance(names, DictionaryObject) and {"/JavaScript", "/EmbeddedFiles"} & names.keys():
        raise ActivePdf("/Names")
    if part.get("/Subtype") == "/FileAttachment" or "/XFA" in part:
        raise ActivePdf(str(part.get("/Subtype")))
    for key in ("/OpenAction", "/A"):
        act = part.get(key)
        act = act.get_object() if act is not None else None
        if isinstance(act, DictionaryObject) and (act.get("/S") in ACTS or "/Next" in act):
            raise ActivePdf(str(act.get("/S")))
