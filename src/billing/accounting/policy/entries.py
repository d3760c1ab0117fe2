"""Which entries a document, a payment or a refund makes, from what is known of it.

The same facts always make the same entries: what is written once is written for good.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from billing.accounting.policy.chart import (
    AWAITED,
    BAD_DEBTS,
    BANK,
    CHEQUES,
    DEFERRED,
    DOWN_PAYMENTS,
    FLAT_FEES,
    IN_HAND,
    INTEREST,
    PROVIDER,
    PROVIDER_FEES,
    RECEIVABLE,
    VAT_DUE,
    VAT_PENDING,
)

WITH_CUSTOMER = frozenset({RECEIVABLE, IN_HAND})

BY_KIND = {"shipping": "fees", "cheque_fee": "fees", "discount": "discounts", "deposit": DOWN_PAYMENTS}

#: The file of entries is French by law, whatever the language of who reads it.
METHODS = {"cheque": "Chèque", "transfer": "Virement", "card": "Carte", "debit": "Prélèvement"}


class Unbalanced(ValueError):
    """Raised when the debits of an entry aren't its credits."""


@dataclass(frozen=True, slots=True)
class Posting:
    """One side of an entry: positive cents are debit, negative ones credit."""

    role: str
    cents: int
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry to be written: in which journal, on which day, of which event, with its two sides."""

    journal: str
    on: date
    event: str
    reference: str
    label: str
    postings: tuple[Posting, ...]


@dataclass(frozen=True, slots=True)
class Sold:
    """A line of a document: what kind it is, goods or services, its net amount, its kind of revenue."""

    kind: str
    nature: str
    net_cents: int
    revenue: str = ""


@dataclass(frozen=True, slots=True)
class Sale:
    """An issued document, amounts signed: a credit note's are below zero.

    `due_cents` is what of its VAT falls due with it, the rest waits.
    """

    number: str
    on: date
    is_credit_note: bool
    is_down_payment: bool
    gross_cents: int
    vat_cents: int
    due_cents: int
    lines: tuple[Sold, ...]


@dataclass(frozen=True, slots=True)
class Loss:
    """What is given up of an invoice or a claim: on which day, until which, and of its VAT what never falls
    due (`pending_cents`) and what comes back (`recovered_cents`).
    """

    number: str
    cents: int
    on: date
    pending_cents: int = 0
    recovered_cents: int = 0
    undone_on: date | None = None


@dataclass(frozen=True, slots=True)
class Payout:
    """What the payment provider paid out by a line of the bank; when that was undone, whether it stands."""

    cents: int
    on: date
    reference: str
    undone_on: tuple[date, ...] = ()
    stands: bool = True


@dataclass(frozen=True, slots=True)
class Money:
    """A payment as it stands: when it came, was proved, credited, and taken back by the bank."""

    method: str
    reference: str
    cents: int
    received_on: date
    is_online: bool = False
    proof_on: date | None = None
    credited_on: date | None = None
    bounced_on: date | None = None
    fee_cents: int | None = None

    @property
    def words(self) -> str:
        """Return what it is called in the file."""
        return f"{METHODS.get(self.method, 'Paiement')} {self.reference}".strip()


def role_of(line: Sold) -> str:
    """Return what a line is booked on: a down payment waits on its own until the sale deducts it."""
    return BY_KIND.get(line.kind) or ("goods" if line.nature == "goods" else "services")


def of_sale(sale: Sale) -> Iterator[Draft]:
    """Yield the entry of an issued document; one of zero makes none. Raises Unbalanced."""
    word = "Avoir" if sale.is_credit_note else "Facture d’acompte" if sale.is_down_payment else "Facture"
    sums: dict[tuple[str, str], int] = {}
    for line in sale.lines:
        key = (role_of(line), line.revenue)
        sums[key] = sums.get(key, 0) + line.net_cents
    found = [
        Posting(RECEIVABLE, sale.gross_cents),
        *(Posting(role, -cents, kind) for (role, kind), cents in sorted(sums.items())),
        Posting(VAT_DUE, -sale.due_cents),
        Posting(VAT_PENDING, sale.due_cents - sale.vat_cents),
    ]
    yield from _written("sales", sale.on, "issued", sale.number, f"{word} {sale.number}", found)


def of_money(money: Money) -> Iterator[Draft]:
    """Yield the entries of a payment, in the order of what happened to it."""
    if money.is_online:
        yield from _online(money)
    elif money.method == "cheque":
        yield from _waits(money, CHEQUES, IN_HAND, "received", money.received_on)
    elif money.proof_on is not None:
        day = min(money.proof_on, money.credited_on or money.proof_on)
        yield from _waits(money, AWAITED, RECEIVABLE, "proved", day)
    else:
        yield from _at_once(money, "bank", BANK)


def _at_once(money: Money, journal: str, role: str) -> Iterator[Draft]:
    """Yield what came straight into an account, and left it."""
    if money.credited_on is None:
        return
    came = [Posting(role, money.cents), Posting(RECEIVABLE, -money.cents)]
    yield from _moved(money, journal, money.credited_on, "credited", money.words, came)
    if money.bounced_on is not None:
        yield from _bounced(money, journal, role)


def _online(money: Money) -> Iterator[Draft]:
    yield from _at_once(money, "provider", PROVIDER)
    if money.credited_on is not None and money.fee_cents:
        paid = [Posting(PROVIDER_FEES, money.fee_cents), Posting(PROVIDER, -money.fee_cents)]
        words = f"Commission, {money.words}"
        yield from _moved(money, "fees", money.credited_on, "fee", words, paid)


def _waits(money: Money, held: str, owed: str, event: str, day: date) -> Iterator[Draft]:
    """Yield what was held or awaited first: a cheque pays nothing until it is credited, a proof does."""
    came = [Posting(held, money.cents), Posting(owed, -money.cents)]
    word = "attesté" if event == "proved" else "reçu"
    yield from _moved(money, "cheques", day, event, f"{money.words}, {word}", came)
    if money.credited_on is not None:
        there = [Posting(BANK, money.cents), Posting(held, -money.cents)]
        if owed != RECEIVABLE:
            there += [Posting(owed, money.cents), Posting(RECEIVABLE, -money.cents)]
        yield from _moved(money, "bank", money.credited_on, "credited", f"{money.words}, crédité", there)
        if money.bounced_on is not None:
            yield from _bounced(money, "bank", BANK)
    elif money.bounced_on is not None:
        back = [Posting(owed, money.cents), Posting(held, -money.cents)]
        yield from _moved(money, "cheques", money.bounced_on, "bounced", f"{money.words}, refusé", back)


def _bounced(money: Money, journal: str, role: str) -> Iterator[Draft]:
    assert money.bounced_on is not None
    back = [Posting(RECEIVABLE, money.cents), Posting(role, -money.cents)]
    yield from _moved(money, journal, money.bounced_on, "bounced", f"{money.words}, refusé", back)


def _moved(
    money: Money, journal: str, on: date, event: str, label: str, postings: Iterable[Posting]
) -> Iterator[Draft]:
    yield from _written(journal, on, event, money.reference, label, postings)


def of_refund(money: Money, *, cents: int, made_on: date | None, failed_on: date | None) -> Iterator[Draft]:
    """Yield the entries of money given back, and come back since."""
    if made_on is None:
        return
    role = PROVIDER if money.is_online else BANK
    gone = [Posting(RECEIVABLE, cents), Posting(role, -cents)]
    words = f"Remboursement, {money.words}"
    yield from _moved(money, "refunds", made_on, "made", words, gone)
    if failed_on is not None:
        back = [Posting(role, cents), Posting(RECEIVABLE, -cents)]
        yield from _moved(money, "refunds", max(made_on, failed_on), "failed", f"{words}, revenu", back)


def of_claim(
    *, number: str, invoice: str, on: date, interest_cents: int, flat_fee_cents: int
) -> Iterator[Draft]:
    """Yield the entry of a claim for late interest: outside VAT, interest and flat fee apart."""
    found = [
        Posting(RECEIVABLE, interest_cents + flat_fee_cents),
        Posting(INTEREST, -interest_cents),
        Posting(FLAT_FEES, -flat_fee_cents),
    ]
    is_correction = interest_cents + flat_fee_cents < 0
    words = "Intérêts de retard corrigés" if is_correction else "Intérêts de retard"
    yield from _written("interest", on, "issued", number, f"{words} {number}, {invoice}", found)


def of_payout(payout: Payout) -> Iterator[Draft]:
    """Yield the entry of what the payment provider paid out to the bank, or took back below zero.

    Each time it turned out to be no payout, yield its reversal too.
    """
    sides = [Posting(BANK, payout.cents), Posting(PROVIDER, -payout.cents)]
    back = [Posting(each.role, -each.cents, each.kind) for each in sides]
    is_back = payout.cents < 0
    words = "Reprise par le prestataire de paiement" if is_back else "Versement du prestataire de paiement"
    words = f"{words} {payout.reference}"
    for n in range(len(payout.undone_on) + payout.stands):
        again = f" {n + 1}" if n else ""
        yield from _written("bank", payout.on, f"paid_out{again}", payout.reference, words, sides)
        if n < len(payout.undone_on):
            day, why = payout.undone_on[n], f"{words}, annulé{'e' if is_back else ''}"
            yield from _written("bank", day, f"undone{again}", payout.reference, why, back)


def of_vat(number: str, *, on: date, event: str, cents: int, why: str) -> Iterator[Draft]:
    """Yield the entry by which VAT that waited falls due, or waits again below zero."""
    found = [Posting(VAT_PENDING, cents), Posting(VAT_DUE, -cents)]
    yield from _written("vat", on, event, number, f"TVA {number}, {why}", found)


def of_deferral(number: str, *, on: date, event: str, by_role: Iterable[tuple[str, int]]) -> Iterator[Draft]:
    """Yield the entry by which revenue waits for what is still to be served (below zero: is served)."""
    known = sorted(by_role)
    found = [Posting(role, cents) for role, cents in known]
    found.append(Posting(DEFERRED, -sum(cents for _role, cents in known)))
    yield from _written("deferred", on, event, number, f"Produits constatés d’avance {number}", found)


def of_loss(loss: Loss) -> Iterator[Draft]:
    """Yield the entry of what is given up, and its reversal once it was undone.

    VAT that isn't due yet goes with it; what is due stays due and is part of the loss, unless it comes back.
    """
    sides = [
        Posting(BAD_DEBTS, loss.cents - loss.pending_cents - loss.recovered_cents),
        Posting(VAT_PENDING, loss.pending_cents),
        Posting(VAT_DUE, loss.recovered_cents),
        Posting(RECEIVABLE, -loss.cents),
    ]
    words = f"Perte sur créance {loss.number}"
    yield from _written("write_offs", loss.on, "written_off", loss.number, words, sides)
    if loss.undone_on is not None:
        back = [Posting(each.role, -each.cents, each.kind) for each in sides]
        words = f"{words}, annulée"
        yield from _written("write_offs", loss.undone_on, "undone", loss.number, words, back)


def _written(
    journal: str, on: date, event: str, reference: str, label: str, postings: Iterable[Posting]
) -> Iterator[Draft]:
    moving = tuple(each for each in postings if each.cents)
    if sum(each.cents for each in moving):
        raise Unbalanced(reference)
    if moving:
        yield Draft(journal, on, event, reference, label, moving)
