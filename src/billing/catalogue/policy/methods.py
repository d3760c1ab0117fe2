"""Methods of payment: which are offered, and what paying by cheque costs."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from billing.money.policy.vat import Split, split_gross
from contracts.policy.clauses import keeps

CHEQUE = "cheque"

TRANSFER = "transfer"

CHEQUE_CURRENCY = "EUR"


@dataclass(frozen=True, slots=True)
class Offer:
    """How one product may be paid; the least number of users is for cheques only."""

    methods: Collection[str]
    cheque_min_users: int = 0


class MethodRefused(ValueError):
    """Raised when an order can't be paid that way; says why.

    Too few users, a currency it isn't made in, or the products that aren't paid so.
    """

    def __init__(
        self,
        method: str,
        *,
        min_users: int | None = None,
        currency: str = "",
        products: Collection[str] = (),
    ) -> None:
        super().__init__(f"{method} from {min_users} users on" if min_users else f"{method} isn't offered")
        self.method = method
        self.min_users = min_users
        self.currency = currency
        self.products = products


@keeps("LG-S6.2")
def methods_for(
    bought: Mapping[str, int], offers: Mapping[str, Offer], *, currency: str = CHEQUE_CURRENCY
) -> frozenset[str]:
    """Return the methods by which these quantities (product -> users) may be paid together.

    A cheque, like its fee, is in euros only.
    """
    allowed = [_methods(offers[product], users) for product, users in bought.items()]
    found = frozenset.intersection(*allowed) if allowed else frozenset()
    return found if currency == CHEQUE_CURRENCY else found - {CHEQUE}


def _methods(offer: Offer, users: int) -> frozenset[str]:
    enough = users >= offer.cheque_min_users
    return frozenset(method for method in offer.methods if method != CHEQUE or enough)


@keeps("LG-S6.2")
def check_method(
    method: str, bought: Mapping[str, int], offers: Mapping[str, Offer], *, currency: str = CHEQUE_CURRENCY
) -> None:
    """Raise MethodRefused when an order can't be paid that way, with the number of users a cheque needs."""
    if method in methods_for(bought, offers, currency=currency):
        return
    if method == CHEQUE and currency != CHEQUE_CURRENCY:
        raise MethodRefused(method, currency=currency)
    if method == CHEQUE and all(CHEQUE in offers[product].methods for product in bought):
        raise MethodRefused(
            method, min_users=max((offers[product].cheque_min_users for product in bought), default=0)
        )
    raise MethodRefused(method, products=not_paid_by(method, bought, offers))


def not_paid_by(method: str, bought: Iterable[str], offers: Mapping[str, Offer]) -> tuple[str, ...]:
    """Return those of the products that are never paid that way."""
    return tuple(product for product in bought if method not in offers[product].methods)


@keeps("LG-S6.2")
def cheque_fee(method: str, *, rate_pct: Decimal | None, fee_cents: int) -> Split | None:
    """Return the fee's own line, its VAT taken apart, when the method is cheque; else None."""
    return split_gross(fee_cents, rate_pct) if method == CHEQUE else None


@keeps("LG-S6.2")
def is_rest_paid(methods: Collection[str], *, left_cents: int, fee_cents: int) -> bool:
    """Return whether money came in other ways than by cheque, and nothing but the fee for one is left."""
    return bool(methods) and CHEQUE not in methods and left_cents <= fee_cents
