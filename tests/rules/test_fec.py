"""The file of accounting entries: eighteen columns, words, and signs that the law's encoding has."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.accounting.policy.fec import COLUMNS, Entry, encoded, file_name, file_text, row_of

LINE = Entry(
    journal="VT",
    journal_label="Ventes",
    number=1,
    on=date(2026, 11, 16),
    account="411000",
    account_label="Clients",
    customer_key="C1",
    customer_name="École\tdes Érables",
    reference="FA-2026-000001",
    label="Facture FA-2026-000001",
    cents=129984,
    letter="AAA",
    lettered_on=date(2026, 11, 20),
    validated_on=date(2026, 11, 17),
)


def test_eighteen_columns_between_tabs_and_nothing_breaks_them():
    rows = file_text([LINE]).split("\r\n")
    assert len(COLUMNS) == 18
    assert rows[0].split("\t") == list(COLUMNS)
    assert all(len(row.split("\t")) == 18 for row in rows[:-1])
    assert rows[-1] == ""


def test_a_line_says_its_number_its_letter_and_the_day_it_was_validated():
    cells = dict(zip(COLUMNS, row_of(LINE), strict=True))
    assert (cells["EcritureNum"], cells["Debit"], cells["Credit"]) == ("000001", "1299,84", "0,00")
    assert (cells["EcritureLet"], cells["DateLet"], cells["ValidDate"]) == ("AAA", "20261120", "20261117")
    assert cells["CompAuxLib"] == "École des Érables"


def test_the_name_the_law_gives_it():
    assert file_name("908000011", date(2026, 12, 31)) == "908000011FEC20261231.txt"


@pytest.mark.parametrize(
    ("text", "read", "strange"),
    [
        ("École, 12 € – œuvre", "École, 12 € - œuvre", ["–"]),
        ("L’Île", "L'Île", ["’"]),
        ("Ştefan Łódź", "Stefan Lódz", ["ź", "Ł", "Ş"]),
        ("e\u0301cole", "école", []),
        ("София", "?????", sorted("София")),
    ],
)
def test_what_the_encoding_lacks_is_written_with_its_nearest_and_named(text, read, strange):
    content, found = encoded(text, "iso")
    assert content.decode("iso8859-15") == read
    assert sorted(found) == sorted(strange)


def test_nothing_is_lost_in_utf_8():
    assert encoded("София – L’Île", "utf-8") == ("София – L’Île".encode(), [])


@given(st.text(max_size=80))
def test_any_text_can_be_written(text):
    content, _strange = encoded(text, "iso")
    assert isinstance(content.decode("iso8859-15"), str)
