"""What a buyer sees before validating or signing, and what the order keeps of it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields

from contracts.policy.clauses import keeps

WITHDRAWAL_DAYS = 14

RENEWALS = frozenset({"fixed", "automatic"})


class Incomplete(ValueError):
    """Raised when something a buyer must see isn't known; `missing` names it."""

    def __init__(self, missing: Sequence[str]) -> None:
        super().__init__(", ".join(missing))
        self.missing = tuple(missing)


@dataclass(frozen=True, slots=True)
class Offer:
    """What is told of one product, for a country and a kind of client; months and days are numbers."""

    product: str
    country: str
    client: str
    features: tuple[str, ...]
    price_cents: int
    price_with_vat: bool
    currency: str
    term_months: int
    renewal: str  # "fixed" or "automatic"; "" for what has no term
    trial_days: int
    methods: tuple[str, ...]
    withdrawal_days: int
    requirements_version: int
    requirements: str

    def as_kept(self) -> dict[str, object]:
        """Return it as the order keeps it."""
        return asdict(self) | {"features": list(self.features), "methods": list(self.methods)}


@keeps("LG-S4")
def offer(known: Mapping[str, object], *, is_subscription: bool, is_protected: bool) -> Offer:
    """Return what is shown of a product before validating or signing; the order keeps the same.

    `is_protected` says whether the buyer has a consumer's right of withdrawal (14 days). Technical
    requirements are asked of subscriptions only, term and renewal too. Raises Incomplete rather than show
    half of it.
    """
    details = dict(known) | {"withdrawal_days": WITHDRAWAL_DAYS if is_protected else 0}
    if not is_subscription:
        details |= {"term_months": 0, "renewal": "", "trial_days": 0}
        details |= {
            name: details.get(name) or none
            for name, none in (("requirements", ""), ("requirements_version", 0))
        }
    names = [each.name for each in fields(Offer)]
    missing = [name for name in names if details.get(name) is None]
    asked = ("features", "methods", "requirements") if is_subscription else ("features", "methods")
    missing += [name for name in asked if name not in missing and not details[name]]
    if is_subscription and details.get("renewal") not in RENEWALS and "renewal" not in missing:
        missing.append("renewal")
    if missing:
        raise Incomplete(missing)
    return Offer(**{name: details[name] for name in names})  # type: ignore[arg-type]
