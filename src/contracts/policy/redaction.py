"""Numbers of cards and accounts, found in any text and taken out before it is kept or shown."""

import re

from contracts.policy.clauses import keeps

MASK = "•••"

_DIGITS = re.compile(r"(?<![0-9A-Za-z])\d(?:[ .\-\u00a0\u202f]?\d){11,18}(?![0-9A-Za-z])")

_IBAN = re.compile(
    r"(?<![0-9A-Za-z])[A-Za-z]{2}\d{2}(?:[ .\-\u00a0\u202f]?[0-9A-Za-z]){11,30}(?![0-9A-Za-z])"
)

_RIB = re.compile(r"(?<![0-9A-Za-z])\d{5}[ ]?\d{5}[ ]?[0-9A-Z]{11}[ ]?\d{2}(?![0-9A-Za-z])")

_ISSUED = re.compile(
    r"4(?:\d{12}|\d{15}|\d{18})|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}"
    r"|3(?:0[0-59]|[689]\d)\d{11}|35\d{14}|(?:50|5[6-8]|6\d)\d{10,17}"
)

_BETWEEN = re.compile(r"[ .\-\u00a0\u202f]")


def is_card_number(text: str) -> bool:
    """Return whether a text is a payment card's number.

    An issuer's first digits, its length, its check digit.

    A SIRET has fourteen digits and a check digit too: it is one when its first nine are a SIREN.
    """
    digits = _BETWEEN.sub("", text)
    if not (digits.isascii() and _ISSUED.fullmatch(digits) and _checks(digits)):
        return False
    return not (len(digits) == 14 and _checks(digits[:9]))


def _checks(digits: str) -> bool:
    """Return whether the last digit is the one that Luhn's sum asks for."""
    doubled = [int(digit) * (1 + n % 2) for n, digit in enumerate(reversed(digits))]
    return sum(each - 9 if each > 9 else each for each in doubled) % 10 == 0


def is_iban(text: str) -> bool:
    """Return whether a text is an IBAN by its check digits."""
    plain = _BETWEEN.sub("", text).upper()
    if plain.startswith("RF") or not re.fullmatch(r"[A-Z]{2}\d{2}[0-9A-Z]{11,30}", plain):  # RF: a reference
        return False
    return int("".join(str(int(letter, 36)) for letter in plain[4:] + plain[:4])) % 97 == 1


@keeps("LG-S6.2k")
def redacted(text: str) -> str:
    """Return a text without any card number, IBAN or French bank account number in it."""
    text = _IBAN.sub(_without_iban, text)
    text = _RIB.sub(lambda found: MASK if is_rib(found[0]) else found[0], text)
    return _DIGITS.sub(lambda found: MASK if is_card_number(found[0]) else found[0], text)


def _without_iban(found: re.Match[str]) -> str:
    """Return the mask, and the words that only seemed to be part of the number."""
    words = re.split(r"( )", found[0])
    for end in range(len(words), 0, -2):  # every other one is a space
        if is_iban("".join(words[:end])):
            return MASK + "".join(words[end:])
    return found[0]


def is_rib(text: str) -> bool:
    """Return whether a text is a French bank account number by its key: bank, branch, account, key."""
    plain = text.replace(" ", "")
    letters = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "12345678912345678923456789")
    if not re.fullmatch(r"\d{10}[0-9A-Z]{11}\d{2}", plain):
        return False
    bank = plain[:5]
    branch = plain[5:10]
    account = plain[10:21].translate(letters)
    key = plain[21:]
    return (89 * int(bank) + 15 * int(branch) + 3 * int(account) + int(key)) % 97 == 0
