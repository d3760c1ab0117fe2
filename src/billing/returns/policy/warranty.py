"""Guarantees on things sold: who may claim what, until when, and how a claim ends."""

from dataclasses import dataclass
from datetime import date

from billing.money.policy.calendar_months import add_months
from contracts.policy.clauses import keeps

CONFORMITY = "conformity"

HIDDEN_DEFECT = "hidden_defect"

WARRANTY = "warranty"

WITHDRAWAL = "withdrawal"

YEARS_2 = 24

REMEDIES = {
    ("consumer", CONFORMITY): ("repair", "replacement"),
    ("consumer", HIDDEN_DEFECT): ("sale_undone", "price_reduced"),
    ("consumer", WARRANTY): ("repair", "replacement", "refund"),
    ("consumer", WITHDRAWAL): ("refund",),
    ("professional", HIDDEN_DEFECT): ("replacement", "refund"),
    ("professional", WARRANTY): ("replacement", "refund"),
}

EXCLUSIONS = frozenset(
    {
        "too_late",
        "no_guarantee",
        "no_proof",
        "excluded_by_quote",
        "same_trade",
        "no_warranty",
        "incomplete",
        "misuse",
        "wear",
        "accident",
        "altered",
        "not_sold_by_us",
    }
)


class NotCovered(ValueError):
    """Raised when a guarantee doesn't cover a claim; `exclusion` is one of the listed ones."""

    def __init__(self, exclusion: str) -> None:
        super().__init__(exclusion)
        self.exclusion = exclusion


@dataclass(frozen=True, slots=True)
class WarrantyClaim:
    """What a client says, and what is known of the sale."""

    ground: str
    claimed_on: date
    delivered_on: date | None
    discovered_on: date | None = None
    has_proof: bool = False
    quote_excludes_defects: bool = False
    same_trade: bool = False
    warranty_until: date | None = None  # the first day without it, from the quote or invoice


@keeps("LG-S9")
def remedies(claim: WarrantyClaim, *, consumer_protected: bool) -> tuple[str, ...]:
    """Return how a claim may end, for the client to choose from where the law lets them; raise NotCovered.

    Consumer: conformity 2 years from delivery, no proof asked, repair or replacement at their choice; hidden
    defect 2 years from discovery, proof from the client, the sale undone or the price reduced. Professional:
    no conformity; hidden defects unless the quote excludes them or the buyer is of the same trade; any
    contractual warranty; ends in replacement or refund.
    """
    who = "consumer" if consumer_protected else "professional"
    if (who, claim.ground) not in REMEDIES:
        raise NotCovered("no_guarantee")
    if claim.ground == CONFORMITY:
        _in_time(claim.delivered_on, claim.claimed_on)
    elif claim.ground == HIDDEN_DEFECT:
        _hidden(claim, consumer_protected=consumer_protected)
    elif claim.ground == WITHDRAWAL:
        pass  # its days were counted when the notice was given (LG-S22)
    elif claim.warranty_until is None:
        raise NotCovered("no_warranty")
    elif claim.claimed_on >= claim.warranty_until:
        raise NotCovered("too_late")
    return REMEDIES[who, claim.ground]


def _hidden(claim: WarrantyClaim, *, consumer_protected: bool) -> None:
    if not consumer_protected and claim.quote_excludes_defects:
        raise NotCovered("excluded_by_quote")
    if not consumer_protected and claim.same_trade:
        raise NotCovered("same_trade")
    if not claim.has_proof:
        raise NotCovered("no_proof")
    _in_time(claim.discovered_on, claim.claimed_on)


def _in_time(counted_from: date | None, claimed_on: date) -> None:
    if counted_from is not None and claimed_on >= add_months(counted_from, YEARS_2):
        raise NotCovered("too_late")


@keeps("LG-S9")
def check_remedy(claim: WarrantyClaim, remedy: str, *, consumer_protected: bool, is_complete: bool) -> None:
    """Raise NotCovered or ValueError unless a claim may end like this: goods complete, ending one of its
    own.
    """
    allowed = remedies(claim, consumer_protected=consumer_protected)
    if not is_complete:
        raise NotCovered("incomplete")
    if remedy not in allowed:
        raise ValueError(f"a claim of {claim.ground} doesn't end in {remedy!r}")


@keeps("LG-S9")
def checked_refusal(exclusion: str) -> str:
    """Return a listed exclusion; raise ValueError on any other ground to refuse."""
    if exclusion not in EXCLUSIONS:
        raise ValueError(f"not a listed exclusion: {exclusion!r}")
    return exclusion
