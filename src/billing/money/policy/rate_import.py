"""New rows for the dated tables of interest rates: merged, checked, shown.

Never a hole, never a silent change.
"""

import csv
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from io import StringIO

from billing.money.policy.rates import BadTable, HalfYear, parse_rates

HIGHEST_PCT = Decimal(25)

MAX_STEP_PCT = Decimal(4)  # the largest of the published steps so far is 3.54 points

STATUTORY = "statutory"

ECB = "ecb"

COLUMNS = {
    STATUTORY: ("half_year", "starts", "individual_creditor_pct", "other_creditor_pct", "confidence"),
    ECB: ("in_force_from", "rate_pct"),
}

KEY = {STATUTORY: "starts", ECB: "in_force_from"}

RATES = {STATUTORY: ("individual_creditor_pct", "other_creditor_pct"), ECB: ("rate_pct",)}

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

    @property
    def rewrites(self) -> tuple[Change, ...]:
        """Return the rows that were there already and would say something else."""
        return tuple(change for change in self.changes if change.before is not None)


def merge(kind: str, *, known: str, incoming: str, source: str) -> Merged:
    """Return the table "statutory" or "ecb" with the rows of an incoming file.

    Nothing is taken away: what the file leaves out stays. The series of the ECB's data portal (TIME_PERIOD,
    OBS_VALUE) is read too, day by day or change by change. `source` is kept with new rows. Raises BadTable on
    what can't be read, on a half-year left out, and on a rate that can't be: below 0, above 25 %, or a jump
    of more than 4 points.
    """
    rows = _rows(kind, known)
    fresh = _rows(kind, _ecb_series(incoming) if kind == ECB else incoming)
    if not fresh:
        raise BadTable("there is no row in the file")
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
    return Merged(text, tuple(sorted(changes, key=lambda change: change.day)))


_READ: Mapping[str, Callable[[str], object]] = {
    STATUTORY: lambda text: parse_rates(statutory_csv=text, ecb_csv=EMPTY[ECB]),
    ECB: lambda text: parse_rates(statutory_csv=EMPTY[STATUTORY], ecb_csv=text),
}


def _rows(kind: str, text: str) -> dict[date, dict[str, str]]:
    lines = [line for line in text.lstrip("\ufeff").splitlines() if line.strip() and not line.startswith("#")]
    reader = csv.DictReader(StringIO("\n".join(lines)))
    if absent := {KEY[kind], *RATES[kind]} - set(reader.fieldnames or ()):
        raise BadTable(f"missing columns: {', '.join(sorted(absent))}")
    _READ[kind](text.lstrip("\ufeff"))
    return {date.fromisoformat(row[KEY[kind]]): row for row in reader}


def _ecb_series(text: str) -> str:
    """Return a series of the ECB's portal as our table.

    The changes, and its last day to confirm the last rate.
    """
    reader = csv.DictReader(StringIO(text.lstrip("\ufeff")))
    if not {"TIME_PERIOD", "OBS_VALUE"} <= set(reader.fieldnames or ()):
        return text
    try:
        seen = sorted((date.fromisoformat(row["TIME_PERIOD"]), Decimal(row["OBS_VALUE"])) for row in reader)
    except (ValueError, ArithmeticError):
        raise BadTable("a TIME_PERIOD or an OBS_VALUE of the series can't be read") from None
    kept = [each for n, each in enumerate(seen) if n == 0 or each[1] != seen[n - 1][1] or n == len(seen) - 1]
    return EMPTY[ECB] + "".join(f"{day.isoformat()},{rate:.2f}\n" for day, rate in kept)


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
