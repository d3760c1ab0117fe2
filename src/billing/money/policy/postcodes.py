"""Postcodes as their countries write them: the VAT of a place is read from them."""

import re
import unicodedata

FIVE = re.compile(r"\d{5}")
FOUR = re.compile(r"\d{4}")
FRENCH = ("FR", "MC", "GP", "MQ", "GF", "RE", "YT", "BL", "MF", "PM", "NC", "PF", "WF", "TF")
SHAPES = {
    **dict.fromkeys((*FRENCH, "DE", "ES", "FI", "GR", "IT"), FIVE),
    **dict.fromkeys(("AT", "BE", "CH", "DK", "LU"), FOUR),
    "PT": re.compile(r"\d{4}(\d{3})?"),
}
COUNTRY_LETTERS = re.compile(r"^[A-Z]{1,3}[-. ]*(?=\d)")


class WrongPostcode(ValueError):
    """Raised when a postcode isn't one of its country; holds how many digits it has there."""

    def __init__(self, digits: int) -> None:
        super().__init__(digits)
        self.digits = digits


def postcode_of(country: str, text: str) -> str:
    """Return a postcode as its country writes it: no letters of the country before it, no spaces within.

    An empty one stays empty; of a country whose shape isn't known it stays as it was written. Raises
    WrongPostcode. Source: the Universal Postal Union's addressing sheets.
    """
    plain = unicodedata.normalize("NFKC", text).strip().upper()
    shape = SHAPES.get(country)
    if not plain or shape is None:
        return text.strip()
    digits = re.sub(r"[\s.\-\u2010-\u2015]", "", COUNTRY_LETTERS.sub("", plain))
    if not shape.fullmatch(digits) or not digits.isascii():
        raise WrongPostcode(4 if shape is FOUR else 5)
    return f"{digits[:4]}-{digits[4:]}" if country == "PT" and len(digits) > len("0000") else digits
