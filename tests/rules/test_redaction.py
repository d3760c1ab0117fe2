"""No number of a card or an account survives; other numbers do."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contracts.policy.redaction import MASK, is_card_number, is_iban, redacted

CARDS = [
    "4242424242424242",
    "5555555555554444",
    "378282246310005",
    "30569309025904",
    "6011111111111117",
    "2223003122003222",
]
KEPT = [
    "SIRET 90800001100019",
    "SIRET 362 521 879 00034",
    "FA-2026-000012",
    "le 16/11/2026 à 10 h",
    "02 00 00 00 00",
    "1234567890123456",
    "RF18539007547034",
    "0000000000000000",
]


@pytest.mark.parametrize("card", CARDS)
@pytest.mark.parametrize("form", ["{}", "carte {} merci", "n°{}.", "{} / {}"])
def test_cards_are_taken_out_however_they_are_written(card, form):
    spaced = " ".join(card[n : n + 4] for n in range(0, len(card), 4))
    for written in (card, spaced, spaced.replace(" ", "-"), spaced.replace(" ", "\u00a0")):
        said = redacted(form.format(written, written))
        assert MASK in said
        assert written not in said


@pytest.mark.parametrize("text", KEPT)
def test_other_numbers_stay(text):
    assert redacted(text) == text


def test_accounts_are_taken_out_and_the_words_about_them_stay():
    said = redacted("VIR DUPONT FR76 3000 6000 0112 3456 7890 189 FA-2026-000012 ou de89370400440532013000")
    assert said == f"VIR DUPONT {MASK} FA-2026-000012 ou {MASK}"
    assert redacted("RIB 30006 00001 12345678901 89") == f"RIB {MASK}"


@given(st.text(max_size=80))
def test_twice_is_once(text):
    assert redacted(redacted(text)) == redacted(text)


@given(
    prefix=st.sampled_from(["4", "51", "34", "6011"]),
    rest=st.text(alphabet="0123456789", min_size=15, max_size=15),
)
def test_any_card_number_is_seen(prefix, rest):
    stem = (prefix + rest)[: 14 if prefix == "34" else 15]
    card = next(stem + digit for digit in "0123456789" if is_card_number(stem + digit))
    assert redacted(f"x {card} y") == f"x {MASK} y"


def test_an_iban_is_known_by_its_check_digits():
    assert is_iban("FR7699999000010000012345693")
    assert not is_iban("FR7699999000010000012345694")
