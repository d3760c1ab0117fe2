"""Which currency a bank's CSV says: in its columns, its titles or the lines before them."""

import re
from collections.abc import Iterable, Sequence

SIGNS = {"€": "EUR", "$": "USD", "£": "GBP"}

#: The codes of ISO 4217.
CODES = frozenset(
    re.findall(
        r"\w+",
        """
AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF
CHF CLP CNH CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD
HKD HNL HRK HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD
LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP
PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SVC SYP SZL THB TJS TMT
TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG ZWL
    """,
    )
)

#: Codes that are words as well: they count beside a word for currency, in brackets or alone in a cell.
_WORDS = frozenset(
    {"ALL", "BAM", "COP", "CUP", "GEL", "MAD", "MOP", "MUR", "PEN", "RON", "SOS", "TOP", "TRY"}
)

#: What a title of a currency is, whole.
_TITLES = ("devise", "currency", "monnaie", "ccy", "dev", "dev.")

#: What a title of a currency, or a line before the titles that says it, holds.
_NAMED = re.compile(r"devise|currency|monnaie|w(ä|ae|a)hrung|moneda|divisa|valuta|\bccy\b", re.IGNORECASE)


#: A code that closes what is said of an account: "Compte en PLN", "Comptes EUR et USD".
_OF_AN_ACCOUNT = re.compile(
    r"(?i:\b(?:en|in|et|and|comptes?|accounts?|konto))\s+([A-Z]{3})(?=\s*(?:$|[,;:.)-]|(?i:et|and)\b))"
)


def currency_columns(head: Sequence[str], among: Iterable[int]) -> Sequence[int]:
    """Return the places of the columns that say a currency: those named so alone, else all that name one."""
    places = list(among)
    plain = [place for place in places if " ".join(head[place].lower().split()) in _TITLES]
    return plain[:1] or [place for place in places if _NAMED.search(head[place])]


def currencies_of_file(
    amounts: Sequence[str], head: Sequence[str], before: Sequence[Sequence[str]]
) -> frozenset[str]:
    """Return what is said nearest to the amounts: in their titles, in the lines before, in other titles."""
    named = [cell for row in before if _NAMED.search(" ".join(row)) for cell in row]
    return (
        _said(amounts)
        or _said(named, all_codes=True)
        or _said_plainly(cell for row in before for cell in row)
        or _said(head)
    )


def currencies_of_cell(cell: str) -> frozenset[str]:
    """Return what a cell of a currency's column says: "USD", "$", "USD - Dollar"."""
    code = cell.upper()
    return frozenset({code}) if code in CODES else _said([cell], all_codes=True)


def is_number_or_day(cell: str) -> bool:
    """Return whether a cell under "Valuta" or "Montant en devise" is none of a currency at all."""
    return re.fullmatch(r"[-+\u2212]?\d[\d\s]*[.,/-][\d\s.,/-]*", cell) is not None


def _said_plainly(texts: Iterable[str]) -> frozenset[str]:
    """Return the codes that free texts say as such: an account's, in brackets, alone, beside a number.

    Other capitals among words are names: a group ("GIP FORMATION"), a company ("SAR DUPONT").
    """
    found: set[str] = set()
    for text in texts:
        beside = re.findall(r"\d\s?([A-Z]{3})(?![^\W_])|(?<![^\W_])([A-Z]{3})\s?[-+]?\d", text)
        bracketed = re.findall(r"[(\[]\s*([A-Z]{3})\s*[)\]]", text)
        found |= {text.strip(), *bracketed, *_OF_AN_ACCOUNT.findall(text)}
        found |= {code for pair in beside for code in pair}
        found |= {code for sign, code in SIGNS.items() if sign in text}
    return CODES.intersection(found)


def _said(texts: Iterable[str], *, all_codes: bool = False) -> frozenset[str]:
    """Return the codes that stand in texts, a sign as its code."""
    found: set[str] = set()
    for text in texts:
        capitals = set(re.findall(r"(?<![^\W_])[A-Z]{3}(?![^\W_])", text.upper() if all_codes else text))
        bracketed = {code.upper() for code in re.findall(r"[(\[]\s*([A-Za-z]{3})\s*[)\]]", text)}
        alone = {text.strip()}
        found |= (capitals if all_codes else capitals - _WORDS) | bracketed | alone
        found |= {code for sign, code in SIGNS.items() if sign in text}
    return CODES.intersection(found)
