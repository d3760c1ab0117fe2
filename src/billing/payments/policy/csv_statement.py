"""How a bank's CSV is read: by the titles of its columns, every line or none."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from billing.money.policy.money import BadAmount, parse_amount
from billing.money.policy.possible_days import is_possible
from billing.payments.policy.bank import (
    BadFile,
    Entry,
    ParsedStatement,
    StatementPart,
    Wrong,
    moved_entries,
)
from billing.payments.policy.csv_accounts import account_column, account_in
from billing.payments.policy.csv_balances import (
    StatedBalance,
    are_proved,
    is_sure,
    opens,
    says_balance,
    says_total,
)
from billing.payments.policy.csv_currency import (
    CODES,
    SIGNS,
    currencies_of_cell,
    currencies_of_file,
    currency_columns,
    is_number_or_day,
)
from billing.payments.policy.csv_rows import check_closed, filled, rows_of
from billing.payments.policy.csv_sides import MINUS, minus_reverses, side_column, side_of
from billing.payments.policy.csv_states import is_booked, may_be_unbooked, state_column

#: A cell that is an amount, in a currency or in none.
_AMOUNT = re.compile(r"[^\W\d]{0,3}[-+\u2212€$£\s]*\d[\d\s.,'’]*[-+\u2212€$£\s]*[^\W\d]{0,3}")


@dataclass(frozen=True, slots=True)
class _Columns:
    """Where each field stands, under which title, and how days and money are written."""

    places: Mapping[str, int]
    titles: Mapping[str, str]
    day_format: str
    currencies: frozenset[str]  # what titles and lines before them say: one, or several that contradict
    amount_currencies: frozenset[str]  # what the titles of the amounts say
    row: Sequence[str]  # the titles of all columns as they stand
    currency_places: Sequence[int]  # unmapped columns of a currency
    side: int | None  # the unmapped column of debit or credit
    state: int | None  # the unmapped column that says whether a line is booked
    account: int | None  # the unmapped column of the account of each line
    minus_reverses: bool | None  # whether a minus takes a debit back; None: nobody can say

    @property
    def last(self) -> int:
        """Return the place of the last column that is read."""
        single = (place or 0 for place in (self.side, self.state, self.account))
        return max(*self.places.values(), *self.currency_places, *single)


def read_csv(
    text: str, *, columns: Mapping[str, str], delimiter: str, day_format: str, currency: str = "EUR"
) -> ParsedStatement:
    """Return what a bank's CSV says. Raises BadFile with line and column.

    Lines before the one with the titles are skipped: banks write their own name there. Lines of zero are left
    out and counted, and so are those that aren't booked and those of a balance that the others prove. The
    lines of each account are a part of their own.
    """
    rows = rows_of(text, delimiter)
    line, head, places, above = _places(rows, columns)
    _check_above(above, places, day_format)
    check_closed(head, delimiter, line)
    body = filled(rows, delimiter)
    known = _known_columns(
        head, places, [row for _line, row in above], day_format, currency, [row for _line, row in body]
    )
    lines = list(_lines(body, known))
    parts = tuple(
        StatementPart(moved_entries(entries), told_account=account) for account, entries in _by_account(lines)
    )
    entries = sum(isinstance(each.said, Entry) for each in lines)
    moved = {each.number for each in lines if isinstance(each.said, Entry) and each.said.cents}
    has_signs = _has_sign(places, [row for number, row in body if number in moved])
    return ParsedStatement(
        "csv",
        parts,
        pending=len(body) - len(lines),
        zeros=entries - sum(len(part.entries) for part in parts),
        balances=len(lines) - entries,
        says_sides="debit" in places or known.side is not None or has_signs,
        has_signs=has_signs,
    )


@dataclass(frozen=True, slots=True)
class _Line:
    """One line that is booked: where it stands, what it says, and of which account."""

    number: int
    said: Entry | StatedBalance
    account: str


def _lines(body: Iterable[tuple[int, Sequence[str]]], known: _Columns) -> Iterator[_Line]:
    """Yield the lines that are booked. Raises BadFile on one that can't be read."""
    for number, row in body:
        _check_cells(row, known, number)
        if _is_booked(row, known, number):
            said = _stated(row, known, number) or _entry(row, known, number)
            yield _Line(number, said, account_in(row, known.account))


def _by_account(lines: Iterable[_Line]) -> Iterator[tuple[str, list[Entry]]]:
    """Yield each account, as it is told, with its entries. Raises BadFile on a balance they don't prove."""
    found: dict[str, list[_Line]] = {"": []}
    for line in lines:
        found.setdefault(line.account, []).append(line)
    for account, own in found.items():
        stated = next((line for line in own if isinstance(line.said, StatedBalance)), None)
        if stated and not are_proved([line.said for line in own]):
            raise BadFile(Wrong.BALANCE, line=stated.number)
        if own:
            yield account, [line.said for line in own if isinstance(line.said, Entry)]


def _known_columns(
    head: Sequence[str],
    places: Mapping[str, int],
    before: Sequence[Sequence[str]],
    days: str,
    currency: str,
    rows: Sequence[Sequence[str]],
) -> _Columns:
    """Return where everything stands, the columns of currency and side found too."""
    titles = {field: head[place].strip() for field, place in places.items()}
    amounts = [titles[field] for field in ("amount", "credit", "debit") if field in titles]
    others = [place for place in range(len(head)) if place not in places.values()]
    currency_places = () if "currency" in places else currency_columns(head, others)
    state = state_column(head, others, rows)
    account = account_column(head, others, rows)
    free = [place for place in others if place not in (*currency_places, state, account)]
    side = None if "debit" in places else side_column(head, free, rows, signed=_has_sign(places, rows))
    return _Columns(
        places,
        titles,
        days,
        currencies_of_file(amounts, head, before) or frozenset({currency}),
        currencies_of_file(amounts, (), ()),
        head,
        currency_places,
        side,
        state,
        account,
        minus_reverses(_debits(places, side, rows)),
    )


def _debits(places: Mapping[str, int], side: int | None, rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Yield what stands as a debit: in its own column, or where the side says so."""
    fields = ("debit",) if "debit" in places else ("amount", "credit")
    amounts = [places[field] for field in fields if field in places]
    for row in rows:
        if "debit" in places or (side is not None and side < len(row) and side_of(row[side]) == -1):
            yield from (row[place] for place in amounts if place < len(row))


def _has_sign(places: Mapping[str, int], rows: Iterable[Sequence[str]]) -> bool:
    """Return whether any amount says by its sign that it came or left."""
    amounts = [places[field] for field in ("amount", "credit") if field in places]
    return any(
        "+" in row[place] or MINUS.search(row[place]) for row in rows for place in amounts if place < len(row)
    )


def _places(
    rows: Iterator[tuple[int, list[str]]], columns: Mapping[str, str]
) -> tuple[int, list[str], dict[str, int], list[tuple[int, list[str]]]]:
    """Return the line of the titles, the titles, where each field stands and the lines above."""
    wanted = {field: _title(title) for field, title in columns.items() if title.strip()}
    above: list[tuple[int, list[str]]] = []
    for number, row in rows:
        titles = [_title(cell) for cell in row]
        if set(wanted.values()) <= set(titles):
            _check_once(titles, row, wanted.values(), number)
            return number, row, {field: titles.index(title) for field, title in wanted.items()}, above
        above.append((number, row))
    longest = max(
        (row for _line, row in above), key=lambda row: sum(map(bool, map(str.strip, row))), default=[]
    )
    raise BadFile(Wrong.TITLES, value=", ".join(cell.strip() for cell in longest[:20]))


def _check_above(above: Iterable[tuple[int, list[str]]], places: Mapping[str, int], day_format: str) -> None:
    """Refuse a line above the titles that has its day and an amount where the lines below have them."""
    for number, row in above:
        cells = {field: row[place].strip() for field, place in places.items() if place < len(row)}
        amounts = [cells.get(field, "") for field in ("amount", "credit", "debit")]
        if _day_or_none(cells.get("booked_on", ""), day_format) and any(map(_AMOUNT.fullmatch, amounts)):
            raise BadFile(Wrong.ABOVE, line=number)


def _check_once(titles: Sequence[str], row: Sequence[str], wanted: Iterable[str], line: int) -> None:
    """Refuse titles of which one that is read stands twice: which of the two is meant, nobody can say."""
    for title in wanted:
        if titles.count(title) > 1:
            raise BadFile(Wrong.TWICE, line=line, value=row[titles.index(title)].strip())


def _title(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).lower().split())


def _check_cells(row: Sequence[str], known: _Columns, line: int) -> None:
    """Refuse a line cut short, or one that a comma in an amount or in a label parted once too often.

    So is one with a cell under no title: all after the cell that was parted stand one title too far.

    Cells left out at the end are read as empty only where a whole cell stands after the last one needed.
    """
    wanted = len(known.row)
    beyond = any(cell.strip() for cell in row[wanted:])
    lacks = any(title.strip() for title in known.row[len(row) :])
    if beyond or (lacks and len(row) <= known.last + 1):
        raise BadFile(Wrong.CELLS, line=line, value=f"{len(row)} ≠ {wanted}")
    for cell, title in zip(row, known.row, strict=False):
        if cell.strip() and not title.strip():
            raise BadFile(Wrong.UNTITLED, line=line, value=cell.strip())


def _day_or_none(text: str, day_format: str) -> date | None:
    try:
        return datetime.strptime(text.strip(), day_format).date()  # noqa: DTZ007  no zone
    except ValueError:
        return None


def _cells(row: Sequence[str], known: _Columns) -> Callable[[str], str]:
    """Return what tells the cell of a field; empty where the line has none."""

    def cell(field: str) -> str:
        place = known.places.get(field)
        return row[place].strip() if place is not None and place < len(row) else ""

    return cell


def _stated(row: Sequence[str], known: _Columns, line: int) -> StatedBalance | None:
    """Return the balance or the total that a line says instead of a movement, None where it says none."""
    cell = _cells(row, known)
    words = f"{cell('text')} {cell('name')}"
    if not says_balance(words):
        return None
    currency = _currency(cell("currency"), row, known, line)
    written = [(field, cell(field)) for field in ("amount", "credit", "debit") if cell(field)]
    cents = [_amount(text, field, known, currency, line) for field, text in written]
    if sum(map(bool, cents)) < 2:
        cents = [_side(_cents(cell, known, currency, line), row, known, line)]
    return StatedBalance(tuple(cents), says_total(words), is_sure(words), opens(words))


def _entry(row: Sequence[str], known: _Columns, line: int) -> Entry:
    cell = _cells(row, known)
    booked_on = _day_or_none(cell("booked_on"), known.day_format)
    if booked_on is None:
        raise BadFile(Wrong.DAY, line=line, element=known.titles["booked_on"], value=cell("booked_on"))
    if not is_possible(booked_on):
        raise BadFile(Wrong.DISTANT, line=line, element=known.titles["booked_on"], value=cell("booked_on"))
    currency = _currency(cell("currency"), row, known, line)
    reference = _one_line(cell("reference"))
    text = cell("text")
    return Entry(
        booked_on,
        _side(_cents(cell, known, currency, line), row, known, line),
        currency,
        _one_line(cell("name")),
        _one_line(text),
        reference,
        reference,
        joined="".join(piece.strip() for piece in text.split("\n")) if "\n" in text else "",
    ).clean


def _is_booked(row: Sequence[str], known: _Columns, line: int) -> bool:
    """Return whether a line is booked: all are where no column says it. Raises BadFile on a state unknown."""
    if known.state is None:
        _check_unbooked(row, known, line)
        return True
    title = known.row[known.state].strip()
    written = row[known.state].strip() if known.state < len(row) else ""
    booked = is_booked(written, title)
    if booked is None:
        raise BadFile(Wrong.STATE, line=line, element=title, value=written)
    return booked


def _check_unbooked(row: Sequence[str], known: _Columns, line: int) -> None:
    """Refuse a line of which a cell that nobody reads may say that it isn't booked."""
    for place, cell in enumerate(row):
        if place not in known.places.values() and may_be_unbooked(cell):
            raise BadFile(Wrong.UNBOOKED, line=line, element=known.row[place].strip(), value=cell.strip())


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _currency(written: str, row: Sequence[str], known: _Columns, line: int) -> str:
    """Return what the line's own cells say, else what the file says. Raises BadFile where they contradict."""
    if written:
        code = SIGNS.get(written, written.upper())
        if code not in CODES:
            raise BadFile(Wrong.CURRENCY, line=line, element=known.titles["currency"], value=written)
        return code
    told: frozenset[str] = frozenset()
    for place in known.currency_places:
        cell = row[place].strip() if place < len(row) else ""
        codes = currencies_of_cell(cell)
        if cell and not codes and not is_number_or_day(cell):
            raise BadFile(Wrong.CURRENCY, line=line, element=known.row[place].strip(), value=cell)
        told |= codes
    found = told | known.amount_currencies if told else known.currencies
    if len(found) != 1:
        raise BadFile(Wrong.CURRENCIES, line=line, value=", ".join(sorted(found)))
    return min(found)


def _cents(cell: Callable[[str], str], known: _Columns, currency: str, line: int) -> int:
    """Return what a line moved.

    An amount and a credit keep their sign. A column of zero says nothing beside another.
    """
    found: dict[str, int] = {}
    for field in ("amount", "credit", "debit"):
        if written := cell(field):
            cents = _amount(written, field, known, currency, line)
            found[field] = _left(cents, known, line, field) if field == "debit" else cents
    if not found:
        title = known.titles.get("amount") or known.titles.get("credit", "")
        raise BadFile(Wrong.AMOUNT, line=line, element=title)
    moved = {field: cents for field, cents in found.items() if cents}
    if {"credit", "debit"} <= moved.keys() or len(set(moved.values())) > 1:
        raise BadFile(Wrong.BOTH, line=line, value=" / ".join(cell(field) for field in moved))
    return next(iter(moved.values()), 0)


def _side(cents: int, row: Sequence[str], known: _Columns, line: int) -> int:
    """Return an amount as its column of side says it: a debit left, with a minus or without."""
    if known.side is None or not cents:
        return cents
    written = row[known.side].strip() if known.side < len(row) else ""
    side = side_of(written)
    if side is None:
        raise BadFile(Wrong.SIDE, line=line, element=known.row[known.side].strip(), value=written)
    return _left(cents, known, line, "amount") if side < 0 else cents


def _left(cents: int, known: _Columns, line: int, field: str) -> int:
    """Return what a debit moved; banks write it with a minus or without, or both to take one back."""
    if known.minus_reverses is None and cents > 0:
        raise BadFile(
            Wrong.REVERSED, line=line, element=known.titles.get(field, known.titles.get("credit", ""))
        )
    return -cents if known.minus_reverses else -abs(cents)


def _amount(written: str, field: str, known: _Columns, currency: str, line: int) -> int:
    plain = written.replace("\u2212", "-")
    own = "|".join(map(re.escape, (currency, *(sign for sign, code in SIGNS.items() if code == currency))))
    bare = re.sub(
        rf"^(\s*[-+]?\s*)({own})|({own})(?=\s*-?\s*\Z)", r"\1", plain
    )  # inside, it parts the digits
    try:
        return parse_amount(bare.removeprefix("+"))
    except BadAmount:
        raise BadFile(Wrong.AMOUNT, line=line, element=known.titles[field], value=written) from None
