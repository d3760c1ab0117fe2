"""Lines of a bank's CSV that say a balance or a total: no money moved, whatever day stands before them."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from billing.payments.policy.bank import Entry
from billing.payments.policy.csv_sides import words

_TOTAL_WORDS = "total totaux subtotal sum summe итого"

_BALANCE_WORDS = """
solde soldes balance balances saldo saldi kontostand anfangssaldo endsaldo schlusssaldo abschlusssaldo
zwischensaldo beginsaldo eindsaldo report сальдо остаток
"""

#: Words that may stand beside and leave it a balance; any other, and it is what a payer wrote.
_BESIDE_WORDS = """
ancien ancienne nouveau nouvel nouvelle dernier precedent initial final anterieur intermediaire sous reporte
er de du des d au aux a le la les l en et ouverture cloture depart fin debut periode comptable crediteur
debiteur disponible reel courant compte comptes releve jour mois annee euros euro eur debit debits credit
credits mouvement mouvements operation operations ecriture ecritures general generaux
opening closing previous new old available current of the at on as for day month year account period booked
ledger forward brought carried alter neuer neu alt zum am per vom der und nuevo anterior inicial iniziale
finale janvier fevrier mars avril mai juin juillet aout septembre octobre novembre decembre
january february march april may june july august september october november december
"""

#: What a bank says beside, or instead, and a payer hardly would: only then can figures prove a balance.
_SURE_WORDS = """
ancien ancienne nouveau nouvel nouvelle dernier precedent initial final anterieur intermediaire reporte report
au ouverture cloture comptable crediteur debiteur disponible mouvement mouvements operations ecritures
opening closing previous old available ledger forward kontostand anfangssaldo endsaldo schlusssaldo
abschlusssaldo zwischensaldo beginsaldo eindsaldo alter neuer inicial iniziale finale
"""

_SURE = frozenset(_SURE_WORDS.split())
_TOTALS = frozenset(_TOTAL_WORDS.split())
_BALANCES = frozenset(_BALANCE_WORDS.split()) | _TOTALS
_KNOWN = _BALANCES | frozenset(_BESIDE_WORDS.split())


_BEFORE_WORDS = """
initial initiale inicial iniziale ancien ancienne ouverture opening old previous precedent anterieur
anfangssaldo beginsaldo alter
"""
_AFTER_WORDS = """
final finale nouveau nouvel nouvelle cloture closing schlusssaldo abschlusssaldo endsaldo eindsaldo neuer
"""
_BEFORE = frozenset(_BEFORE_WORDS.split())
_AFTER = frozenset(_AFTER_WORDS.split())


@dataclass(frozen=True, slots=True)
class StatedBalance:
    """What a line that says a balance or a total says: its cents by column, what came before what left."""

    cents: tuple[int, ...]
    is_total: bool = False
    is_sure: bool = True
    opens: bool | None = (
        None  # whether its words say that it comes before what moved, or after; None: neither
    )


def says_balance(text: str) -> bool:
    """Return whether a line's words are those of a balance or a total and of nothing else."""
    spoken = frozenset(words(text))
    return bool(spoken & _BALANCES) and spoken <= _KNOWN


def is_sure(text: str) -> bool:
    """Return whether the words of a balance are a bank's own: "Solde" alone may be what a payer wrote."""
    return bool(_SURE.intersection(words(text)))


def opens(text: str) -> bool | None:
    """Return whether a balance says that it was before what moved (True), or after (False)."""
    spoken = set(words(text))
    before, after = bool(spoken & _BEFORE), bool(spoken & _AFTER)
    return None if before == after else before


def says_total(text: str) -> bool:
    """Return whether a total stands among the words of a balance."""
    return bool(_TOTALS.intersection(words(text)))


def are_proved(lines: Sequence[Entry | StatedBalance]) -> bool:
    """Return whether the balances among lines are what the entries between them make them, or their totals.

    The newest line may be the first or the last. What isn't proved, or may be a payer's words, may be money:
    only a person can say.
    """
    stated = [each for each in lines if isinstance(each, StatedBalance)]
    if not all(each.is_sure or sum(map(bool, each.cents)) > 1 for each in stated):
        return False
    entries = [each.cents for each in lines if isinstance(each, Entry)]
    came, left = sum(cents for cents in entries if cents > 0), sum(cents for cents in entries if cents < 0)
    rest = [each for each in lines if isinstance(each, Entry) or not _is_total(each, came, left)]
    if all(isinstance(each, Entry) for each in rest):
        return bool(entries)
    steps = list(_steps(rest))
    return bool(steps) and any(all(moved == way * step for step, moved in steps) for way in _ways(stated))


def _ways(stated: Sequence[StatedBalance]) -> tuple[int, ...]:
    """Return in which order lines may stand: 1 the oldest first, -1 the newest, as their balances say."""
    if stated[0].opens is True or stated[-1].opens is False:
        return (1,)
    return (-1,) if stated[0].opens is False or stated[-1].opens is True else (1, -1)


def _is_total(said: StatedBalance, came: int, left: int) -> bool:
    """Return whether a line says what all entries together came to."""
    both = len(said.cents) > 1 and all(said.cents) and tuple(map(abs, said.cents)) == (came, -left)
    return both or (said.is_total and said.cents in ((came + left,), (came,), (left,), (-left,)))


def _steps(lines: Sequence[Entry | StatedBalance]) -> Iterator[tuple[int, int | None]]:
    """Yield from balance to balance by how much they differ and what moved; None where nothing did."""
    stated = [(place, sum(each.cents)) for place, each in enumerate(lines) if isinstance(each, StatedBalance)]
    for (first, before), (last, after) in pairwise(stated):
        between = [each.cents for each in lines[first + 1 : last] if isinstance(each, Entry)]
        yield after - before, sum(between) if between else None
