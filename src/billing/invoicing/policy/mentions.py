"""What an invoice must say, by kind of client: names of mentions; the words are the template's."""

from collections.abc import Collection
from enum import StrEnum

from contracts.policy.clauses import keeps


class Mention(StrEnum):
    """A mention the law or the contract wants on an invoice."""

    SELLER = "seller"  # name, form, capital, SIREN, VAT number
    OPERATION = "operation"  # goods, services or both
    VAT_ON_DEBITS = "vat_on_debits"
    VAT_OUTSIDE_SCOPE = "vat_outside_scope"
    VAT_SERVICES_ABROAD = "vat_services_abroad"
    VAT_REVERSE_CHARGE = "vat_reverse_charge"
    VAT_UNION_SUPPLY = "vat_union_supply"
    VAT_EXPORT = "vat_export"
    VAT_TRAINING = "vat_training"
    DEPOSIT = "deposit"  # an advance on a sale whose invoice follows
    NO_DISCOUNT = "no_discount"  # no discount for early payment
    LATE_PROFESSIONAL = "late_professional"
    LATE_PUBLIC_BODY = "late_public_body"
    LATE_CONSUMER = "late_consumer"
    FLAT_FEE = "flat_fee"  # the 40 EUR
    COURT = "court"
    MEDIATOR = "mediator"


LATE = {
    "professional": (Mention.NO_DISCOUNT, Mention.LATE_PROFESSIONAL, Mention.FLAT_FEE),
    "public_body": (Mention.NO_DISCOUNT, Mention.LATE_PUBLIC_BODY, Mention.FLAT_FEE),
    "consumer": (Mention.LATE_CONSUMER,),
}


@keeps("LG-S31")
def court_or_mediator(kind: str) -> Mention:
    """Return who settles a dispute: the mediator for a consumer, the competent court for everyone else."""
    return Mention.MEDIATOR if kind == "consumer" else Mention.COURT


@keeps("LG-S6.3p", "LG-S6.3c", "LG-S31")
def invoice_mentions(
    kind: str,
    *,
    outside_vat: bool = False,
    reasons: Collection[str] = (),
    on_debits: bool = False,
    taxed: Collection[str] = ("services",),
    is_down_payment: bool = False,
    is_credit: bool = False,
) -> tuple[Mention, ...]:
    """Return the mentions of an invoice to a "professional", "consumer" or "public_body", in the order
    printed.

    A credit note asks nothing: neither late payment nor discount is spoken of. `reasons` name why lines bear
    no VAT; `on_debits` says that the seller pays VAT on debits, which is told where services are among what
    is `taxed`: of goods it is due on delivery. The flat recovery fee
    never stands on a consumer's invoice. Raises ValueError on another kind.
    """
    if kind not in LATE:
        raise ValueError(f"no kind of client {kind!r}")
    debits = (Mention.VAT_ON_DEBITS,) if on_debits and "services" in taxed else ()
    why = {*reasons, *((Mention.VAT_OUTSIDE_SCOPE,) if outside_vat else ())}
    vat = tuple(mention for mention in Mention if mention in why)
    deposit = (Mention.DEPOSIT,) if is_down_payment else ()
    late = () if is_credit else LATE[kind]
    return (Mention.SELLER, Mention.OPERATION, *debits, *vat, *deposit, *late, court_or_mediator(kind))
