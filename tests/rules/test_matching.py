"""What a line of the bank probably pays; two equal guesses are none."""

import pytest

from billing.payments.policy.matching import Candidate, Line, clear_choice, proposals

MINE = Candidate("invoice", "1", "FA-2026-000012", 129984, "École des Érables")
OTHER = Candidate("invoice", "2", "FA-2026-000123", 129984, "Collège Sévigné")


@pytest.mark.parametrize(
    "text",
    [
        "FA-2026-000012",
        "fa 2026 12",
        "Fact.FA2026000012/merci",
        "FA_2026_0012",
        "FA\u20112026\u2013000012",
        "ＦＡ－２０２６－００００１２",
        "FA\u00ad-2026\u2212000012",
    ],
)
def test_a_number_is_found_however_it_was_typed(text):
    (found,) = [each for each in proposals(Line(5, text), [MINE, OTHER]) if "reference" in each.reasons]
    assert found.candidate == MINE
    assert clear_choice([found]) is None  # the amount speaks against it: a person ticks


@pytest.mark.parametrize("text", ["FA-2026-0000121", "XFA-2026-000012", "2026 12", ""])
def test_part_of_a_longer_number_is_none(text):
    assert not [each for each in proposals(Line(5, text), [MINE]) if "reference" in each.reasons]


def test_amount_and_name_are_enough_and_the_amount_alone_is_not():
    found = proposals(Line(129984, "VIR SEPA", "ECOLE ERABLES"), [MINE, OTHER])
    assert [(each.candidate, each.reasons) for each in found] == [(MINE, ("amount", "name"))]
    assert clear_choice(found) == found[0]
    assert proposals(Line(129984, "VIR SEPA", "M. DURAND"), [MINE, OTHER]) == []


def test_two_equal_guesses_tick_nothing():
    twin = Candidate("invoice", "3", "FA-2026-000013", 129984, "École des Érables")
    found = proposals(Line(129984, "ECOLE DES ERABLES"), [MINE, twin])
    assert len(found) == 2
    assert clear_choice(found) is None


def test_a_slip_is_known_by_its_total_and_signs_must_agree():
    slip = Candidate("slip", "9", "RC-2026-000001", 5000)
    assert proposals(Line(5000, "REMISE CHEQUES"), [slip])[0].candidate == slip
    assert proposals(Line(-129984, "FA-2026-000012", "Ecole des Erables"), [MINE]) == []
    assert proposals(Line(129984, "FA-2026-000012", currency="GBP"), [MINE]) == []


@pytest.mark.parametrize("text", ["frais", "FA-2026-000012X", "éFA-2026-000012", "FA-2026-000012é"])
def test_a_letter_on_either_side_makes_it_another_word(text):
    short = Candidate("payment", "4", "F", 500, "")
    found = proposals(Line(5, text), [MINE, short])
    assert not [each for each in found if "reference" in each.reasons]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("RF21FA2026000012", True),
        ("ＲＦ２１ＦＡ２０２６００００１２", True),
        ("VIR RF21 FA20 2600 0012", True),
        ("VIR RF21 FA20 2600 0012 MERCI", True),
        ("RF80FA2026000012", False),
        ("XRF21FA2026000012", False),
        ("RF21", False),
    ],
)
def test_a_creditor_reference_counts_when_its_digits_check(text, found):
    reasons = [each.reasons for each in proposals(Line(5, text), [MINE])]
    assert bool(reasons) is found


def test_a_known_payer_alone_is_proposed_and_not_ticked():
    mine = Candidate("invoice", "1", "FA-2026-000012", 129984, "École des Érables", customer="c1")
    line = Line(500, "VIR", "M. DURAND", payers=frozenset({"c1"}))
    found = proposals(line, [mine, OTHER])
    assert [(each.candidate, each.reasons) for each in found] == [(mine, ("payer",))]
    assert clear_choice(found) is None


def test_a_reference_to_another_document_ticks_nothing():
    mine = Candidate("invoice", "1", "FA-2026-000012", 500, "École des Érables", customer="c1")
    line = Line(500, "FA-2026-000123", "M. DURAND", payers=frozenset({"c1"}))
    assert clear_choice(proposals(line, [mine, OTHER])) is None
