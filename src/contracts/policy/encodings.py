"""In which encoding a file was written that somebody else exported."""

import re

MARKS = (b"\xff\xfe", b"\xfe\xff")

_LETTER_OF_UTF_8 = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH = re.compile(rb"[\x80-\xff]")
_TWICE = re.compile(
    "[\u00c2-\u00df][\u0080-\u00bf€\u2013-\u203aƒŠŒŽšœžŸˆ˜™]"
)  # what UTF-8 looks like in cp1252

_DOS = re.compile(rb"(?<=[A-Za-z])[\x82\x83\x87\x88\x89\x8a\x8b\x8c\x93\x97](?=[a-z])")  # é â ç ê ë è ï î ô ù


class UnknownEncoding(ValueError):
    """Raised on bytes that are text in none of the encodings that are known.

    `line` says where, counted from 1, of a file that is UTF-8 but for a place that was damaged.
    """

    def __init__(self, line: int | None = None) -> None:
        super().__init__(line)
        self.line = line


def decoded(content: bytes) -> str:
    """Return the text of a file: UTF-8 with or without a mark, UTF-16 with one, Windows or ISO 8859-15.

    ISO 8859-15 has no letter from 0x80 to 0x9F, where Windows has its euro and its quotation marks. A file
    with more letters of UTF-8 than other signs is UTF-8 that was damaged. Raises UnknownEncoding.
    """
    if content.startswith(MARKS):
        return _read(content, "utf-16")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        rest = _LETTER_OF_UTF_8.sub(b"", content)
        if len(_LETTER_OF_UTF_8.findall(content)) > len(_HIGH.findall(rest)):
            raise UnknownEncoding(content[: wrong.start].count(b"\n") + 1) from None
    windows = any(0x80 <= byte <= 0x9F for byte in content)
    return _read(content, "cp1252" if windows else "iso-8859-15")


def is_dos(content: bytes) -> bool:
    """Return whether French letters stand in a file as MS-DOS wrote them, in its code pages 850 and 437.

    Windows has signs there that stand between no two letters; where Windows and ISO 8859-15 have theirs,
    MS-DOS draws lines.
    """
    return bool(_DOS.search(content)) and not any(byte >= 0xC0 for byte in content)


def _read(content: bytes, encoding: str) -> str:
    try:
        return content.decode(encoding)
    except UnicodeDecodeError:
        raise UnknownEncoding from None


def encoded_twice_at(text: str) -> int | None:
    """Return the line on which letters look as UTF-8 does when it is read as Windows': "Ã©" for "é".

    None where there is none.
    """
    for number, line in enumerate(text.splitlines(), start=1):
        if _TWICE.search(line):
            try:
                line.encode("cp1252").decode("utf-8")
            except UnicodeError:
                continue
            return number
    return None
