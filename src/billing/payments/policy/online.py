"""What the payment provider says of an attempt to pay, and what follows for us."""

from dataclasses import dataclass
from datetime import datetime

OPEN = "open"

PROCESSING = "processing"

PAID = "paid"

FAILED = "failed"

EXPIRED = "expired"

TAKEN_BACK = "taken back in part"  # why money left: the payer's bank decided for them

BEYOND = "taken back beyond"  # the same of money that had been given back before: the client owes it

SAVED = "saved"  # a method was left on the provider's page

CARD = "card"

DEBIT = "debit"


@dataclass(frozen=True, slots=True)
class ProviderRefund:
    """A refund as the provider knows it: "made", "asked" or "failed".

    `ours` is our own name for it, if we asked.
    """

    provider_id: str
    cents: int
    state: str
    ours: str = ""


@dataclass(frozen=True, slots=True)
class Chargeback:
    """The payer's bank took money back: "open" while it is argued, then "won" or "lost".

    `cents`: how much of the payment, None where that isn't told: all of it.
    """

    provider_id: str
    state: str
    reason: str = ""
    cents: int | None = None


@dataclass(frozen=True, slots=True)
class ProviderPayment:
    """The whole of what the provider knows of one attempt, asked at one moment.

    Never a message's own content.
    """

    state: str
    amount_cents: int
    currency: str
    intent_id: str = ""
    method: str = CARD
    paid_at: datetime | None = None
    failure: str = ""
    fee_cents: int | None = None  # what the provider keeps of it, in the currency of the payment
    refunds: tuple[ProviderRefund, ...] = ()
    contests: tuple[Chargeback, ...] = ()


def payment_state(standing: ProviderPayment) -> str:
    """Return what our payment must be: "none", "received", "credited" or "bounced".

    It depends on what stands at the provider now and on nothing we heard before: messages may come late,
    twice or in any order. A debit is received until its money is there, and may be taken back weeks later.
    """
    if any(contest.state == "lost" and not is_in_part(contest, standing) for contest in standing.contests):
        return "bounced"
    if standing.state == PAID:
        return "credited"
    if standing.method == DEBIT:
        return {PROCESSING: "received", FAILED: "bounced"}.get(standing.state, "none")
    return "none"


def is_in_part(contest: Chargeback, standing: ProviderPayment) -> bool:
    """Return whether the payer's bank asks for less than the whole of a payment."""
    return contest.cents is not None and contest.cents < standing.amount_cents


def taken_in_part(standing: ProviderPayment) -> tuple[ProviderRefund, ...]:
    """Return what the payer's bank took back of a payment, where it was not all of it: it left as a refund
    does.
    """
    return tuple(
        ProviderRefund(contest.provider_id, contest.cents, "made")
        for contest in standing.contests
        if contest.state == "lost" and contest.cents is not None and is_in_part(contest, standing)
    )


def has_open_chargeback(standing: ProviderPayment) -> bool:
    """Return whether the payer's bank is asking for the money back and nothing is decided."""
    return any(contest.state == "open" for contest in standing.contests)


def is_refundable(standing: ProviderPayment) -> bool:
    """Return whether the money is there to be given back: it came, and nobody's bank is asking for it."""
    return payment_state(standing) == "credited" and not has_open_chargeback(standing)


def methods_online(allowed: frozenset[str], *, currency: str) -> tuple[str, ...]:
    """Return the provider's methods for a document, the card first; a SEPA debit is in euros only."""
    found = [CARD] if CARD in allowed else []
    if DEBIT in allowed and currency == "EUR":
        found.append(DEBIT)
    return tuple(found)
