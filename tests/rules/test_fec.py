"""The file of accounting entries: eighteen columns, balanced, numbered without a gap."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.accounting.policy.fec import (
    COLUMNS,
    Piece,
    Sold,
    Unbalanced,
    balances,
    entries,
    file_name,
    file_text,
    postings,
)

SALE = Piece(
    journal="VT",
    on=date(2026, 11, 16),
    reference="FA-2026-000001",
    label="FA-2026-000001 École\tdes Érables",
    customer_key="C1",
    customer_name="École des Érables",
    gross_cents=129984,
    vat_cents=21664,
    lines=(Sold("product", "services", 106820), Sold("cheque_fee", "services", 1500)),
)
PAID = Piece(
    journal="BQ",
    on=date(2026, 11, 20),
    reference="0012",
    label="cheque 0012",
    customer_key="C1",
    customer_name="École des Érables",
    gross_cents=129984,
)


def test_eighteen_columns_between_tabs_and_nothing_breaks_them():
    rows = file_text([SALE, PAID], valid_on=date(2026, 12, 31)).split("\r\n")
    assert rows[0].split("\t") == list(COLUMNS)
    assert all(len(row.split("\t")) == 18 for row in rows[:-1])
    assert len(COLUMNS) == 18


def test_an_invoice_and_its_payment():
    rows = [(row[2], row[4], row[11], row[12]) for row in entries([PAID, SALE], valid_on=date(2026, 12, 31))]
    assert rows == [
        ("000001", "411000", "1299,84", "0,00"),
        ("000001", "706000", "0,00", "1068,20"),
        ("000001", "708500", "0,00", "15,00"),
        ("000001", "445710", "0,00", "216,64"),
        ("000002", "512000", "1299,84", "0,00"),
        ("000002", "411000", "0,00", "1299,84"),
    ]


def test_a_credit_note_turns_the_sides_round():
    note = Piece(
        "VT", date(2026, 11, 18), "AV-1", "x", "C1", "x", -1200, -200, (Sold("product", "goods", -1000),)
    )
    assert [(each.account, each.cents) for each in postings(note)] == [
        ("411000", -1200),
        ("707000", 1000),
        ("445710", 200),
    ]


def test_what_does_not_balance_is_refused():
    wrong = Piece(
        "VT", date(2026, 11, 18), "FA-2", "x", "C1", "x", 1201, 200, (Sold("product", "goods", 1000),)
    )
    with pytest.raises(Unbalanced, match="FA-2"):
        file_text([wrong], valid_on=date(2026, 12, 31))


def test_the_name_the_law_gives_it():
    assert file_name("908000011", date(2026, 12, 31)) == "908000011FEC20261231.txt"


lines = st.lists(
    st.builds(
        Sold,
        st.sampled_from(["product", "shipping", "discount", "deposit"]),
        st.sampled_from(["goods", "services"]),
        st.integers(-(10**7), 10**7),
    ),
    max_size=6,
)


@given(
    st.lists(st.tuples(lines, st.integers(-(10**6), 10**6), st.dates(date(2026, 1, 1), date(2026, 12, 31))))
)
def test_debits_are_credits_whatever_was_sold(sold):
    pieces = [
        Piece(
            "VT", on, f"FA-{n}", "x", "C1", "x", sum(line.net_cents for line in each) + vat, vat, tuple(each)
        )
        for n, (each, vat, on) in enumerate(sold)
    ]
    found = balances(pieces)
    assert sum(row.debit_cents for row in found) == sum(row.credit_cents for row in found)
    numbers = [int(row[2]) for row in entries(pieces, valid_on=date(2026, 12, 31))]
    assert sorted(set(numbers)) == list(range(1, len(set(numbers)) + 1))
    assert numbers == sorted(numbers)


def test_a_document_of_zero_takes_no_number():
    day = date(2026, 11, 16)
    free = (Sold("product", "services", 0),)
    sold = (Sold("product", "services", 1000),)
    pieces = [
        Piece("VT", day, f"FA-{n}", "x", "C1", "x", sum(each.net_cents for each in lines), 0, lines)
        for n, lines in enumerate([sold, free, sold])
    ]
    assert [row[2] for row in entries(pieces, valid_on=day)] == ["000001", "000001", "000002", "000002"]
