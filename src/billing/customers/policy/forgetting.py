"""When a person who speaks for a customer is forgotten: what must be over before, and how long after."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from contracts.policy.months import months_after
from isolation.policy.folding import fold
from people.policy.mentions import Finder, FullName, without

RETENTION_MONTHS = 36  # after the last exchange: the CNIL's guide on prospects and former clients


@dataclass(frozen=True, slots=True)
class Dealings:
    """What runs between the house and a customer, each of which needs somebody to speak for it."""

    contract: bool = False  # agreed or running
    data: bool = False  # of an ended contract, kept for them until it is deleted
    order: bool = False  # not paid, not opened, or not delivered
    returned: bool = False  # a return or a withdrawal that isn't settled
    unpaid: bool = False  # the customer owes us
    held: bool = False  # we owe the customer, or hold money of theirs
    contested: bool = False  # a claim in law, of theirs or of ours

    @property
    def running(self) -> tuple[str, ...]:
        """Return the names of what runs, in the order of a purchase."""
        return tuple(name for name in self.__slots__ if getattr(self, name))


def reasons_to_wait(dealings: Dealings, *, has_successor: bool) -> tuple[str, ...]:
    """Return what must be over, or be somebody else's, before a person can be forgotten; () where nothing is.

    Who speaks for a school beside others can always go: what the school owes is the school's. Who speaks
    alone, or is the customer, goes when nothing runs any more: a contract needs who performs it, a debt who
    pays it, and a claim in law who answers it (GDPR article 17, 3 b and e).
    """
    return () if has_successor else dealings.running


def is_customer_forgotten(*, customer_type: str, has_successor: bool) -> bool:
    """Return whether the customer goes with the person: a consumer for whom nobody else speaks is one."""
    return customer_type == "consumer" and not has_successor


@dataclass(frozen=True, slots=True)
class Known:
    """The days from which the time of a person's data is counted."""

    exchanged_on: date  # they were written down, or did something themselves: asked, signed, ordered, paid
    closed_on: date | None = None  # they spoke for the customer no more
    relation_ended_on: date | None = None  # the last contract's end, or the last payment


def forgotten_on(known: Known, *, is_running: bool, has_successor: bool) -> date | None:
    """Return the day from which a person's data is gone without anyone asking, None while it is needed.

    Three years after the last exchange, which for a client is the end of the relation, and for who was
    closed the day they were. Nobody speaking for it, what still runs keeps even who was closed.
    """
    if is_running and not (known.closed_on and has_successor):
        return None
    last = known.closed_on or max(known.exchanged_on, known.relation_ended_on or known.exchanged_on)
    return months_after(last, RETENTION_MONTHS)


def without_names(text: str, first_name: str, last_name: str, email: str) -> str:
    """Return a text with […] where it names a person, in whatever spelling, or gives their address."""
    finder = Finder([FullName(first_name, (last_name,) if last_name else ())])
    plain = re.sub(re.escape(email), "[…]", text, flags=re.IGNORECASE) if email else text
    return without(plain, [one for one in finder.find(plain, is_about=True) if one.is_certain])


def mentions(text: str, names: Collection[str]) -> bool:
    """Return whether a text names a person: one of these names or addresses, as whole words.

    In any case, with or without accents, its parts joined or parted by spaces, hyphens and apostrophes.
    """
    folded = fold(text)
    return any(re.search(rf"(?<!\w){_pattern(name)}(?!\w)", folded) for name in names if name.strip())


def _pattern(name: str) -> str:
    parts = [re.escape(part) for part in re.split(r"[\s'-]+", fold(name)) if part]
    return r"[\s'-]*".join(parts)
