"""New rows for the dated tables of interest rates: merged, checked, shown.

Never a hole, never a silent change.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from io import StringIO

from billing.money.policy.rates import BadTable, HalfYear, parse_rates
from contracts.policy.encodings import UnknownEncoding, decoded

HIGHEST_PCT = Decimal(25)

AHEAD = timedelta(days=366)  # no rate is known longer before

MAX_STEP_PCT = Decimal(4)  # the largest of the published steps so far is 3.54 points

STATUTORY = "statutory"

ECB = "ecb"

COLUMNS = {
    STATUTORY: ("half_year", "starts", "individual_creditor_pct", "other_creditor_pct", "confidence"),
    ECB: ("in_force_from", "rate_pct"),
}

KEY = {STATUTORY: "starts", ECB: "in_force_from"}

RATES = {STATUTORY: ("individual_creditor_pct", "other_creditor_pct"), ECB: ("rate_pct",)}

SERIES = ("TIME_PERIOD", "OBS_VALUE")  # of the ECB's data portal and the Banque de France's

REFINANCING = frozenset(
    {"MRR", "MRR_FR", "MRR_MBR"}
)  # the main refinancing rate's series: fixed, or a minimum bid

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_RATE = re.compile(r"-?\d{1,4}([.,]\d{1,6})?")
_LINE_END = re.compile(r"\r\n|\r|\n")

EMPTY = {kind: ",".join(columns) + "\n" for kind, columns in COLUMNS.items()}


@dataclass(frozen=True, slots=True)
class Change:
    """A row that comes or changes; `before` is None where there was none."""

    day: date
    before: tuple[Decimal, ...] | None
    after: tuple[Decimal, ...]


@dataclass(frozen=True, slots=True)
class Merged:
    """A table with the new rows in it, as a file, and what is new."""

    text: str
    changes: tuple[Change, ...]
    known: Mapping[date, tuple[Decimal, ...]]

    @property
    def rewrites(self) -> tuple[Change, ...]:
        """Return the rows that would have days say another rate that the table had one for already."""
        return tuple(each for each in self.changes if each.before is not None or self._is_other(each))

    def _is_other(self, change: Change) -> bool:
        if not self.known or change.day > max(self.known):
            return False
        earlier = [day for day in self.known if day < change.day]
        return not earlier or self.known[max(earlier)] != change.after


def text_of(content: bytes) -> str:
    """Return the text of a file of rates, in whichever encoding it was exported. Raises BadTable."""
    try:
        return decoded(content)
    except UnknownEncoding:
        raise BadTable("its letters are in no encoding that is known here: export it in UTF-8") from None


def merge(kind: str, *, known: str, incoming: str, source: str, today: date | None = None) -> Merged:
    """Return the table "statutory" or "ecb" with the rows of an incoming file.

    Nothing is taken away: what the file leaves out stays. A series of the ECB's or the Banque de France's
    portal (TIME_PERIOD, OBS_VALUE) is read too, day by day or change by change. `source` is kept with new
    rows. Raises BadTable, with its line, on what can't be read whole, on a half-year left out, and on a rate
    that can't be: below 0, above 25 %, a jump of more than 4 points, or said a year ahead.
    """
    rows = _rows(kind, known)
    told = {day: _values(kind, row) for day, row in rows.items()}
    fresh = _fresh(kind, incoming)
    if not fresh:
        raise BadTable("there is no row in the file")
    if today and (late := [day for day in fresh if day > today + AHEAD]):
        raise BadTable(f"{min(late)} is more than a year ahead")
    changes = []
    for day, row in fresh.items():
        before = _values(kind, rows[day]) if day in rows else None
        if before == _values(kind, row):
            continue
        changes.append(Change(day, before, _values(kind, row)))
        rows[day] = _complete(kind, row, source)
    ordered = dict(sorted(rows.items()))
    _check(kind, ordered)
    text = _text(kind, known, ordered.values())
    _READ[kind](text)
    return Merged(text, tuple(sorted(changes, key=lambda change: change.day)), told)


_READ: Mapping[str, Callable[[str], object]] = {
    STATUTORY: lambda text: parse_rates(statutory_csv=text, ecb_csv=EMPTY[ECB]),
    ECB: lambda text: parse_rates(statutory_csv=EMPTY[STATUTORY], ecb_csv=text),
}


def _rows(kind: str, text: str) -> dict[date, dict[str, str]]:
    """Return the rows of our own table."""
    _READ[kind](text)
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return {date.fromisoformat(row[KEY[kind]]): row for row in csv.DictReader(lines)}


def _fresh(kind: str, text: str) -> dict[date, dict[str, str]]:
    """Return the rows of somebody's file by their day, each read whole."""
    header, rows = _table(text)
    if kind == ECB and set(SERIES) & set(header):
        _check_columns(header, SERIES)
        return _changes(rows)
    _check_columns(header, (KEY[kind], *RATES[kind]))
    found: dict[date, dict[str, str]] = {}
    for line, row in rows:
        day = _day(row[KEY[kind]], line)
        if day in found:
            raise BadTable(f"line {line}: {day} is there twice")
        if kind == STATUTORY and HalfYear.of(day).starts_on != day:
            raise BadTable(f"line {line}: {day} starts no half-year")
        found[day] = row | {name: _rate(row[name], line) for name in RATES[kind]}
    return found


def _changes(rows: Iterable[tuple[int, dict[str, str]]]) -> dict[date, dict[str, str]]:
    """Return a portal's series as our rows: the changes, and its last day to confirm the last rate."""
    rows = list(rows)
    for line, row in rows:
        _check_series(row, line)
    read = [(_day(row["TIME_PERIOD"], line), _rate(row["OBS_VALUE"], line), line) for line, row in rows]
    seen = sorted(read)
    for (day, rate, _line), (next_day, next_rate, line) in zip(seen, seen[1:], strict=False):
        if day == next_day and rate != next_rate:
            raise BadTable(f"line {line}: {day} has two rates, {rate} and {next_rate}")
    last = len(seen) - 1
    kept = [each for n, each in enumerate(seen) if n in {0, last} or each[1] != seen[n - 1][1]]
    return {day: {"in_force_from": day.isoformat(), "rate_pct": rate} for day, rate, _line in kept}


def _check_series(row: Mapping[str, str], line: int) -> None:
    """Refuse another series than the main refinancing rate's, and an observation that isn't a normal one."""
    if "KEY" in row and not REFINANCING & set(row["KEY"].split(".")):
        raise BadTable(
            f"line {line}: {row['KEY']!r} is no series of the main refinancing rate (MRR_FR, MRR_MBR)"
        )
    if row.get("OBS_STATUS", "A") != "A":
        raise BadTable(f"line {line}: its OBS_STATUS is {row['OBS_STATUS']!r}, not A")


def _table(text: str) -> tuple[list[str], list[tuple[int, dict[str, str]]]]:
    """Return the titles and the rows of a CSV with the number of their line. Raises BadTable."""
    rows = _cells(text)
    _line, header = next(rows, (0, []))
    if doubled := sorted({title for title in header if header.count(title) > 1}):
        raise BadTable(f"the column {doubled[0]} is there twice")
    found = []
    for line, cells in rows:
        if len(cells) != len(header):
            raise BadTable(f"line {line}: {len(cells)} cells, and {len(header)} titles")
        if any(cell and not title for title, cell in zip(header, cells, strict=True)):
            raise BadTable(f"line {line}: a cell stands under no title")
        found.append((line, dict(zip(header, cells, strict=True))))
    return header, found


def _cells(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield the cells of each line with its number, notes and empty lines left out; `;` or `,` between them.

    Each line is a row: a quotation mark that isn't closed on it would swallow the next ones.
    """
    delimiter = ""
    for number, line in enumerate(_LINE_END.split(text), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        if "\0" in line or "\ufffd" in line:
            raise BadTable(f"line {number}: a character was lost there: the file is damaged")
        delimiter = delimiter or (";" if ";" in line else ",")
        try:
            (cells,) = csv.reader([line], delimiter=delimiter, strict=True)
        except csv.Error:
            why = "a quotation mark isn't closed, or stands in the middle of a cell"
            raise BadTable(f"line {number}: {why}") from None
        yield number, [cell.strip() for cell in cells]


def _check_columns(header: Iterable[str], wanted: Iterable[str]) -> None:
    if absent := set(wanted) - set(header):
        raise BadTable(f"missing columns: {', '.join(sorted(absent))}")


def _day(text: str, line: int) -> date:
    try:
        if _DAY.fullmatch(text):
            return date.fromisoformat(text)
    except ValueError:
        pass
    raise BadTable(f"line {line}: {text!r} is no day such as 2027-01-01")


def _rate(text: str, line: int) -> str:
    """Return a rate as it was written, never rounded, two decimals at least."""
    if not _RATE.fullmatch(text):
        raise BadTable(f"line {line}: {text!r} is no rate such as 2.65")
    whole, _point, decimals = text.replace(",", ".").partition(".")
    return f"{whole}.{decimals.ljust(2, '0')}"


def _values(kind: str, row: Mapping[str, str]) -> tuple[Decimal, ...]:
    return tuple(Decimal(row[name]) for name in RATES[kind])


def _complete(kind: str, row: Mapping[str, str], source: str) -> dict[str, str]:
    found = {name: row.get(name) or "" for name in COLUMNS[kind]}
    if kind == STATUTORY:
        found["half_year"] = str(HalfYear.of(date.fromisoformat(row["starts"])))
        found["confidence"] = found["confidence"] or source
    return found


def _check(kind: str, rows: Mapping[date, Mapping[str, str]]) -> None:
    before: tuple[date, tuple[Decimal, ...]] | None = None
    for day, row in rows.items():
        values = _values(kind, row)
        if any(not 0 <= value <= HIGHEST_PCT for value in values):
            raise BadTable(f"{day}: a rate of {max(values)} % can't be")
        if before and any(
            abs(now - then) > MAX_STEP_PCT for now, then in zip(values, before[1], strict=True)
        ):
            raise BadTable(f"{day}: a jump of more than {MAX_STEP_PCT} points since {before[0]}")
        if kind == STATUTORY and before and _next(before[0]) != day:
            raise BadTable(f"the half-year that starts on {_next(before[0])} is left out")
        before = (day, values)


def _next(day: date) -> date:
    return date(day.year, 7, 1) if day.month == 1 else date(day.year + 1, 1, 1)


def _text(kind: str, known: str, rows: Iterable[Mapping[str, str]]) -> str:
    out = StringIO()
    out.writelines(f"{line}\n" for line in known.splitlines() if line.startswith("#"))
    writer = csv.DictWriter(out, COLUMNS[kind], extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()
