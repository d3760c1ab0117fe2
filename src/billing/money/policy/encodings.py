"""In which encoding a file was written that somebody else exported."""

MARKS = (b"\xff\xfe", b"\xfe\xff")


class UnknownEncoding(ValueError):
    """Raised on bytes that are text in none of the encodings that are known."""


def decoded(content: bytes) -> str:
    """Return the text of a file: UTF-8 with or without a mark, UTF-16 with one, Windows or ISO 8859-15.

    ISO 8859-15 has no letter from 0x80 to 0x9F, where Windows has its euro and its quotation marks. Raises
    UnknownEncoding.
    """
    if content.startswith(MARKS):
        encodings = ["utf-16"]
    else:
        windows = any(0x80 <= byte <= 0x9F for byte in content)
        encodings = ["utf-8-sig", "cp1252" if windows else "iso-8859-15"]
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise UnknownEncoding
