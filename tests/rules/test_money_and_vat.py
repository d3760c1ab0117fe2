"""What holds for every amount, rounding, tax and number of a document."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.money.policy.money import (
    BadAmount,
    currency,
    format_amount,
    format_pct,
    parse_amount,
    round_cents,
    share_of,
)
from billing.money.policy.numbering import MAX_LENGTH, checked_number, document_number
from billing.money.policy.vat import checked_rate, split_gross, totals
from tests.golden import rows

CENTS = st.integers(-(10**9), 10**9)
RATE = st.decimals(0, 100, places=2)


@given(cents=CENTS)
def test_an_amount_written_is_the_amount_read(cents):
    assert parse_amount(format_amount(cents)) == cents


@pytest.mark.parametrize(
    ("text", "cents"),
    [("1200", 120000), ("1 200,50", 120050), ("1\u202f200,5", 120050), ("-0.01", -1), (" 3.10 ", 310)],
)
def test_amounts_as_people_write_them(text, cents):
    assert parse_amount(text) == cents


@pytest.mark.parametrize(
    "text", ["", "1.234", "1,234.50", "NaN", "inf", "1e3", "--1", "12€", "1.", ".5", "9" * 13]
)
def test_what_is_no_amount_is_refused(text):
    with pytest.raises(BadAmount):
        parse_amount(text)


@given(cents=st.decimals(-(10**9), 10**9, places=4))
def test_rounding_is_to_the_nearest_and_half_away_from_zero(cents):
    found = round_cents(cents)
    assert abs(found - cents) <= Decimal("0.5")
    assert round_cents(-cents) == -found


def test_halves_go_up():
    assert [round_cents(Decimal(text)) for text in ("0.5", "1.5", "2.5", "-0.5", "2.4999")] == [
        1,
        2,
        3,
        -1,
        2,
    ]


@given(cents=CENTS, rate=RATE)
def test_a_share_is_exact_before_it_is_rounded(cents, rate):
    assert abs(Fraction(share_of(cents, rate)) - Fraction(cents) * Fraction(rate) / 100) <= Fraction(1, 2)


@given(
    lines=st.lists(
        st.tuples(st.integers(0, 10**7), st.sampled_from([Decimal(20), Decimal("5.5"), Decimal("8.5"), None]))
    )
)
def test_a_document_adds_up_and_taxes_each_rate_once(lines):
    found = totals(lines)
    assert found.net_cents == sum(cents for cents, _ in lines)
    assert found.gross_cents == sum(part.gross_cents for part in found.subtotals)
    assert len({part.rate_pct for part in found.subtotals}) == len(found.subtotals)
    for part in found.subtotals:
        assert part.vat_cents == (0 if part.rate_pct is None else share_of(part.net_cents, part.rate_pct))
    assert totals(reversed(lines)) == found


@given(gross=st.integers(0, 10**8), rate=st.one_of(st.none(), RATE))
def test_an_amount_including_vat_taken_apart_is_whole_again(gross, rate):
    parts = split_gross(gross, rate)
    assert parts.net_cents + parts.vat_cents == gross
    assert parts.vat_cents >= 0
    if rate:
        assert abs(share_of(parts.net_cents, rate) - parts.vat_cents) <= 1


@pytest.mark.parametrize("row", rows("vat"), ids=lambda row: row["case"])
def test_the_golden_vat(row):
    words = row["case"].split()
    rate = None if "outside" in words else Decimal(words[words.index("%") - 1])
    if "lines" in words:
        vat = totals([(parse_amount(words[3]), rate)] * int(words[0])).vat_cents
    else:
        vat = split_gross(parse_amount(words[2]), rate).vat_cents
    assert format_amount(vat) == row["expected_vat_eur"]


@pytest.mark.parametrize("rate", ["-1", "101", "NaN"])
def test_what_is_no_rate_is_refused(rate):
    with pytest.raises(ValueError, match="not a rate"):
        checked_rate(Decimal(rate))


def test_rates_keep_their_decimals():
    assert [format_pct(Decimal(text)) for text in ("20", "12.15", "8.5", "0.125", "10")] == [
        "20.00",
        "12.15",
        "8.50",
        "0.125",
        "10.00",
    ]


def test_we_sell_in_four_currencies():
    assert [currency(code) for code in ("EUR", "CAD", "AED", "GBP")] == ["EUR", "CAD", "AED", "GBP"]
    with pytest.raises(ValueError, match="USD"):
        currency("USD")


@given(
    kind=st.sampled_from(["invoice", "credit_note", "quote", "order"]),
    year=st.integers(2000, 9999),
    rank=st.integers(1, 10**12),
)
def test_every_number_is_allowed_and_its_own(kind, year, rank):
    number = document_number(kind, year=year, rank=rank)
    assert len(number) <= MAX_LENGTH
    assert number != document_number(kind, year=year, rank=rank + 1)


@pytest.mark.parametrize("number", ["", "FA 1", "FA-é", "x" * 36, "FA#1"])
def test_a_number_the_e_invoice_rules_refuse(number):
    with pytest.raises(ValueError, match="not a document"):
        checked_number(number)


@pytest.mark.parametrize(
    ("kind", "year", "rank"), [("poem", 2026, 1), ("invoice", 2026, 0), ("invoice", 26, 1)]
)
def test_a_number_that_can_not_be(kind, year, rank):
    with pytest.raises(ValueError, match="no "):
        document_number(kind, year=year, rank=rank)
