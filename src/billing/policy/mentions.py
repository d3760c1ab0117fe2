"""What an invoice must say, by kind of client: names of mentions; the words are the template's."""

from enum import StrEnum


class Mention(StrEnum):
    """A mention the law or the contract wants on an invoice."""

    SELLER = "seller"  # name, form, capital, SIREN, VAT number
    OPERATION = "operation"  # goods, services or both
    VAT_OUTSIDE_SCOPE = "vat_outside_scope"
    NO_DISCOUNT = "no_discount"  # no discount for early payment
    LATE_PROFESSIONAL = "late_professional"
    LATE_PUBLIC_BODY = "late_public_body"
    LATE_CONSUMER = "late_consumer"
    FLAT_FEE = "flat_fee"  # the 40 EUR
    COURT = "court"
    MEDIATOR = "mediator"


def court_or_mediator(kind: str) -> Mention:
    """Return who settles a dispute: the mediator for a consumer, the competent court for everyone else.

    Clause: LG-S31
    """
    return Mention.MEDIATOR if kind == "consumer" else Mention.COURT


def invoice_mentions(kind: str, *, outside_vat: bool = False) -> tuple[Mention, ...]:
    """Return the mentions of an invoice to a "professional", "consumer" or "public_body", in the order printed.

    The flat recovery fee never stands on a consumer's invoice. Raises ValueError on another kind.
    Clauses: LG-S6.3p, LG-S6.3c, LG-S31
    """
    late = {
        "professional": (Mention.NO_DISCOUNT, Mention.LATE_PROFESSIONAL, Mention.FLAT_FEE),
        "public_body": (Mention.LATE_PUBLIC_BODY, Mention.FLAT_FEE),
        "consumer": (Mention.LATE_CONSUMER,),
    }
    if kind not in late:
        raise ValueError(f"no kind of client {kind!r}")
    vat = (Mention.VAT_OUTSIDE_SCOPE,) if outside_vat else ()
    return (Mention.SELLER, Mention.OPERATION, *vat, *late[kind], court_or_mediator(kind))
