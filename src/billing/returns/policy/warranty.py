"""Guarantees on things sold: who may claim what, until when, and how a claim ends."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from billing.money.policy.calendar_months import add_months
from contracts.policy.clauses import keeps

CONFORMITY = "conformity"

HIDDEN_DEFECT = "hidden_defect"

WARRANTY = "warranty"

WITHDRAWAL = "withdrawal"

REMEDIES = {
    ("consumer", CONFORMITY): ("repair", "replacement"),
    ("consumer", HIDDEN_DEFECT): ("sale_undone", "price_reduced"),
    ("consumer", WARRANTY): ("repair", "replacement", "refund"),
    ("consumer", WITHDRAWAL): ("refund",),
    ("professional", HIDDEN_DEFECT): ("replacement", "refund"),
    ("professional", WARRANTY): ("replacement", "refund"),
}

CHOSEN_BY_CLIENT = frozenset({CONFORMITY, HIDDEN_DEFECT})  # between the two ends the law gives a consumer

OTHER_REASONS = frozenset({"impossible", "out_of_proportion", "agreed"})

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


class NotTheirChoice(ValueError):
    """Raised when a claim would end otherwise than its client chose, without a reason that allows it."""

    def __init__(self, chosen: str) -> None:
        super().__init__(chosen)
        self.chosen = chosen


@dataclass(frozen=True, slots=True)
class WarrantyMonths:
    """For how many months the guarantees last: conformity from delivery, a hidden defect from its discovery.

    `contractual` ones from delivery too, 0 where none was given. The profile and the quote say them.
    """

    conformity: int = 0
    defect: int = 0
    contractual: int = 0


@dataclass(frozen=True, slots=True)
class GuaranteeDays:
    """The last day of each guarantee, None where there is none or nothing was delivered yet."""

    conformity_until: date | None
    warranty_until: date | None


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
    warranty_until: date | None = None  # its last day, from the quote or invoice
    months: WarrantyMonths = WarrantyMonths()


@keeps("LG-S9")
def guarantee_days(
    months: WarrantyMonths, *, delivered_on: date | None, consumer_protected: bool
) -> GuaranteeDays:
    """Return the last day of the guarantees on a thing: conformity is a consumer's only.

    The day of delivery isn't counted, and the anniversary's is whole (code civil, art. 2228 and 2229).
    """
    if delivered_on is None:
        return GuaranteeDays(None, None)
    has_conformity = consumer_protected and months.conformity
    return GuaranteeDays(
        add_months(delivered_on, months.conformity) if has_conformity else None,
        add_months(delivered_on, months.contractual) if months.contractual else None,
    )


@keeps("LG-S9")
def check_choice(ground: str, remedy: str, *, chosen: str, reason: str, consumer_protected: bool) -> None:
    """Raise NotTheirChoice unless a consumer's claim ends as they chose, between the two ends the law gives.

    Another end needs a reason: what they chose can't be done or costs out of proportion (code de la
    consommation L217-12), or they agreed to the other.
    """
    binds = consumer_protected and ground in CHOSEN_BY_CLIENT and chosen
    if binds and remedy != chosen and reason not in OTHER_REASONS:
        raise NotTheirChoice(chosen)


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
        _in_time(claim.delivered_on, claim.claimed_on, claim.months.conformity)
    elif claim.ground == HIDDEN_DEFECT:
        _hidden(claim, consumer_protected=consumer_protected)
    elif claim.ground == WITHDRAWAL:
        pass  # its days were counted when the notice was given (LG-S22)
    elif claim.warranty_until is None:
        raise NotCovered("no_warranty")
    elif claim.claimed_on > claim.warranty_until:
        raise NotCovered("too_late")
    return REMEDIES[who, claim.ground]


def _hidden(claim: WarrantyClaim, *, consumer_protected: bool) -> None:
    if not consumer_protected and claim.quote_excludes_defects:
        raise NotCovered("excluded_by_quote")
    if not consumer_protected and claim.same_trade:
        raise NotCovered("same_trade")
    if not claim.has_proof:
        raise NotCovered("no_proof")
    _in_time(claim.discovered_on, claim.claimed_on, claim.months.defect)


def _in_time(counted_from: date | None, claimed_on: date, months: int) -> None:
    if counted_from is not None and claimed_on > add_months(counted_from, months):
        raise NotCovered("too_late")


OF_A_WITHDRAWAL = ("incomplete", "misuse", "altered", "not_sold_by_us")


@dataclass(frozen=True, slots=True)
class Outcomes:
    """The ends and the refusals that what came back leaves, and whether the client chose between ends."""

    ends: tuple[str, ...]
    refusals: tuple[str, ...]
    is_chosen: bool


def outcomes(
    ground: str, *, consumer_protected: bool, is_complete: bool, is_paid_back: bool = False
) -> Outcomes:
    """Return how something that came back may end.

    Incomplete it can only be refused; a withdrawal whose price can't be held back any more not at all.
    """
    who = "consumer" if consumer_protected or ground == WITHDRAWAL else "professional"
    ends = REMEDIES.get((who, ground), ()) if is_complete or is_paid_back else ()
    refusals = OF_A_WITHDRAWAL if ground == WITHDRAWAL else tuple(sorted(EXCLUSIONS))
    return Outcomes(ends, () if is_paid_back else refusals, ground in CHOSEN_BY_CLIENT and who == "consumer")


PAID_BACK = frozenset({"refund", "sale_undone"})


@dataclass(frozen=True, slots=True)
class EarlierClaim:
    """A claim made before about the same things: how many, where it is, and how it ended."""

    quantity: int
    state: str
    remedy: str = ""


@keeps("LG-S9")
def left_to_claim(sold: int, *, earlier: Iterable[EarlierClaim]) -> int:
    """Return how many of what was sold may still be claimed.

    Neither those of a claim that goes on, nor those whose price was given back.
    """
    taken = [
        each.quantity
        for each in earlier
        if each.state in {"open", "received"} or (each.state == "ended" and each.remedy in PAID_BACK)
    ]
    return max(0, sold - sum(taken))


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
