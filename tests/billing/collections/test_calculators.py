"""The calculators on the command line: exact answers, and plain words on bad input."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from tests.golden import rows


def run(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def answer(*words: str) -> Any:
    return json.loads(run(*words, "--json"))


@pytest.mark.parametrize("row", rows("late_interest"), ids=lambda row: row["case"])
def test_late_interest_by_the_golden_rows(row):
    start = row["due"].removeprefix("formal notice ")
    words = ["late_interest", "--regime", row["regime"], "--amount", row["amount_ttc_eur"], "--due", start]
    words += ["--notice", start] if row["regime"] == "consumer" else []
    for payment in row["payments"].split("|"):
        words += ["--payment", payment]
    found = answer(*words)
    assert found["interest"] == row["expected_interest_eur"]
    assert found["flat_fee"] == row["expected_flat_fee_eur"]
    assert found["total"] == row["expected_total_eur"]


def test_late_interest_shows_its_segments():
    words = ["--regime", "professional", "--amount", "2400.00", "--due", "2026-01-31"]
    found = answer(
        "late_interest", *words, "--payment", "2026-03-02:1400.00", "--payment", "2026-04-01:1000.00"
    )
    assert found == {
        "segments": [
            {"days": 30, "base": "2400.00", "rate_pct": "12.15", "interest": "23.97"},
            {"days": 30, "base": "1000.00", "rate_pct": "12.15", "interest": "9.99"},
        ],
        "interest": "33.96",
        "flat_fee": "40.00",
        "total": "73.96",
        "clause": "LG-S6.3p",
    }


def test_late_interest_as_of_a_day_with_its_worksheet():
    words = [
        "late_interest",
        "--regime",
        "professional",
        "--amount",
        "1200",
        "--due",
        "2026-03-31",
        "--as-of",
        "2026-04-30",
    ]
    assert answer(*words)["interest"] == "11.98"
    sheet = run(*words)
    assert "max(3 x 2.62, ECB 2.15 + 10), 2026H1" in sheet
    assert "30 days x 1200.00 x 12.15 % / 365 = 11.98" in sheet
    assert "Unpaid         1200.00" in sheet
    consumer = run(
        "late_interest",
        "--regime",
        "consumer",
        "--amount",
        "5",
        "--due",
        "2026-03-31",
        "--as-of",
        "2026-04-30",
    )
    assert "0.00" in consumer


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--amount", "12,345"], "two decimals"),
        (["--amount", "-5"], "more than 0"),
        (["--due", "31/03/2026"], "YYYY-MM-DD"),
        (["--notice", "yesterday"], "YYYY-MM-DD"),
        (["--payment", "2026-04-30"], "YYYY-MM-DD:AMOUNT"),
        (["--payment", "2026-04-30:9999"], "more than the invoice"),
        (["--payment", "2026-04-30:10"], "as of"),
        (["--due", "2027-03-31", "--as-of", "2027-04-30"], "statutory interest rate of 2027H1 isn't known"),
        (
            ["--regime", "public_body", "--due", "2027-03-31", "--as-of", "2027-04-30"],
            "ECB refinancing rate of 2027-01-01",
        ),
        (["--regime", "friend"], "invalid choice"),
    ],
)
def test_late_interest_says_what_is_wrong(words, said):
    given = ["--regime", "professional", "--amount", "1200", "--due", "2026-03-31"]
    with pytest.raises(CommandError, match=said):
        run("late_interest", *given, *words)


@pytest.mark.parametrize("row", rows("business_days"), ids=lambda row: f"{row['start']}{row['subdivision']}")
def test_business_day_by_the_golden_rows(row):
    words = ["business_day", "--start", row["start"], "--days", row["days"], "--country", row["country"]]
    words += ["--subdivision", row["subdivision"]] if row["subdivision"] else []
    assert answer(*words) == {"day": row["expected"]}


def test_business_day_in_words():
    assert "Monday 2026-04-13" in run(
        "business_day", "--start", "2026-04-01", "--days", "7", "--country", "FR"
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--subdivision", "67"], "FR-67"),
        (["--country", "Atlantis"], "Atlantis"),
        (["--days", "-1"], "from 0"),
        (["--days", "soon"], "number of days"),
        (["--days", "99999999"], "from 0"),
        (["--start", "2026-02-30"], "YYYY-MM-DD"),
        (["--start", "9999-12-31"], "YYYY-MM-DD"),
    ],
)
def test_business_day_says_what_is_wrong(words, said):
    with pytest.raises(CommandError, match=said):
        run("business_day", "--start", "2026-04-01", "--days", "7", "--country", "FR", *words)


@pytest.mark.parametrize("row", rows("dispatch"), ids=lambda row: row["why"])
def test_dispatch_day_by_the_golden_rows(row):
    leave = [word for day in row["announced_leave"].split("|") if day for word in ("--leave", day)]
    assert answer("dispatch_day", "--at", row["validated_at_paris"], *leave) == {
        "day": row["expected_dispatch"]
    }


def test_dispatch_day_in_words_and_with_several_leaves():
    said = run(
        "dispatch_day",
        "--at",
        "2026-11-09T10:00:00",
        "--leave",
        "2026-11-10",
        "2026-11-12",
        "--leave",
        "2026-11-17",
    )
    assert "Thursday 2026-11-19 at 16:00" in said


@pytest.mark.parametrize("at", ["2026-11-09", "noon", "2026-11-09T10:00:00+02:00"])
def test_dispatch_day_wants_a_time_of_paris(at):
    with pytest.raises(CommandError):
        run("dispatch_day", "--at", at)


def test_dispatch_day_refuses_a_leave_that_is_no_day():
    with pytest.raises(CommandError, match="YYYY-MM-DD"):
        run("dispatch_day", "--at", "2026-11-09T10:00:00", "--leave", "summer")


def test_vat_is_taken_once_on_the_sum():
    assert answer("vat", "--rate", "20", "--line", "9.99", "--line", "9.99", "--line", "9.99") == {
        "net": "29.97",
        "vat": "5.99",
        "gross": "35.96",
    }
    assert answer("vat", "--rate", "20", *["--line", "0.33"] * 3)["vat"] == "0.20"
    assert answer("vat", "--rate", "8.5", "--line", "16.59")["gross"] == "18.00"
    assert "rounded once" in run("vat", "--rate", "5,5", "--line", "10")


@pytest.mark.parametrize(
    ("rate", "line"),
    [("high", "10"), ("-1", "10"), ("101", "10"), ("NaN", "10"), ("20", "ten"), ("20", "1.999")],
)
def test_vat_says_what_is_wrong(rate, line):
    with pytest.raises(CommandError):
        run("vat", "--rate", rate, "--line", line)
