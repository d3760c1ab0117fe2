"""Who the client is before the law: the same buyer can be protected here and a professional there."""

from dataclasses import dataclass

from contracts.policy.clauses import keeps

SMALL_STAFF = 5

MAX_EMPLOYEES = 1_000_000


@dataclass(frozen=True, slots=True)
class LegalStatus:
    """Which rules apply to a client: a consumer's protections, and a professional's duties."""

    consumer_protections: bool  # prices, delivery, risk, warranties, withdrawal
    late_payment_regime: str  # "professional", "consumer", "public_body"
    needs_dpa: bool
    competent_court: bool  # else a mediator


@dataclass(frozen=True, slots=True)
class PurchaseCapacity:
    """What a professional says of a purchase: how many employees they have, and whether it is outside what
    they do.

    `employees` is None where nothing was said.
    """

    employees: int | None = None
    outside_main_activity: bool = False

    def status(self, kind: str) -> "LegalStatus":
        """Return the rules that apply to this purchase of a kind of client."""
        return legal_status(kind, employees=self.employees, outside_main_activity=self.outside_main_activity)

    def is_consumer_protected(self, kind: str) -> bool:
        """Return whether this purchase has a consumer's prices, delivery, risk, warranties and withdrawal."""
        return self.status(kind).consumer_protections


NOTHING_SAID = PurchaseCapacity()


@keeps("LG-S3")
def legal_status(
    kind: str, *, employees: int | None = None, outside_main_activity: bool = False
) -> LegalStatus:
    """Return the rules that apply to a "professional", "consumer" or "public_body".

    A professional with at most 5 employees who buys outside their main activity is protected like a consumer,
    and stays a professional for late payment, data processing and court. Raises ValueError on another kind.
    """
    if kind not in {"professional", "consumer", "public_body"}:
        raise ValueError(f"no kind of client {kind!r}")
    if kind == "consumer":
        return LegalStatus(True, "consumer", needs_dpa=False, competent_court=False)
    small = kind == "professional" and employees is not None and employees <= SMALL_STAFF
    return LegalStatus(small and outside_main_activity, kind, needs_dpa=True, competent_court=True)


@keeps("LG-S3")
def may_be_protected(kind: str) -> bool:
    """Return whether some client of this kind is protected like a consumer: a public body never is."""
    return legal_status(kind, employees=1, outside_main_activity=True).consumer_protections
