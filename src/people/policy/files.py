"""Cells that a spreadsheet shows and never computes, and names of files that any computer takes."""

import re
import unicodedata
from datetime import date, datetime
from decimal import Decimal

_FORBIDDEN = re.compile(r'[\x00-\x1f<>:"/\\|?*]+')
_RESERVED = re.compile(r"(?i)^(con|prn|aux|nul|com\d|lpt\d)(\.|$)")
_LONGEST = 80
_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\x00", "＝", "＋", "－", "＠", "|", "%")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?")


def safe_cell(value: object) -> str:
    """Return the text of one cell, with an apostrophe before what a spreadsheet would run as a formula.

    Numbers and dates stay as they are, a string that is nothing but a number too; None is an empty cell.
    """
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, int | float | Decimal):
        return str(value)
    if isinstance(value, datetime | date):
        return value.isoformat()
    text = str(value).replace("\x00", "")
    return f"'{text}" if _is_formula(text) else text


def _is_formula(text: str) -> bool:
    if _NUMBER.fullmatch(text):
        return False
    return text.startswith(_STARTS_A_FORMULA) or text.lstrip().startswith(_STARTS_A_FORMULA)


def file_name(text: str) -> str:
    """Return `text` as a name any system can hold.

    Accents kept and composed, no separator, 80 characters at most.
    """
    name = unicodedata.normalize("NFC", text)
    name = re.sub(r"\s+", " ", _FORBIDDEN.sub(" ", name)).strip(" .")[:_LONGEST].rstrip(" .")
    return f"_{name}" if not name or _RESERVED.match(name) else name
