"""LG-S9: conformity and hidden defects for a consumer.

Defects and contractual warranty for a professional.
"""

from dataclasses import replace
from datetime import date

import pytest

from billing.returns.policy.warranty import (
    CONFORMITY,
    EXCLUSIONS,
    HIDDEN_DEFECT,
    WARRANTY,
    NotCovered,
    WarrantyClaim,
    check_remedy,
    checked_refusal,
    remedies,
)

CLAUSE = "LG-S9"
DELIVERED = date(2026, 3, 10)
BROKEN = WarrantyClaim(CONFORMITY, date(2026, 11, 16), DELIVERED)
HIDDEN = WarrantyClaim(
    HIDDEN_DEFECT, date(2026, 11, 16), DELIVERED, discovered_on=date(2026, 11, 1), has_proof=True
)


def refused(claim, *, consumer):
    with pytest.raises(NotCovered) as why:
        remedies(claim, consumer_protected=consumer)
    assert why.value.exclusion in EXCLUSIONS
    return why.value.exclusion


def test_a_consumer_chooses_repair_or_replacement_for_two_years_without_proof():
    assert remedies(BROKEN, consumer_protected=True) == ("repair", "replacement")
    assert remedies(replace(BROKEN, claimed_on=date(2028, 3, 9)), consumer_protected=True)
    assert refused(replace(BROKEN, claimed_on=date(2028, 3, 10)), consumer=True) == "too_late"


def test_a_consumer_proves_a_hidden_defect_within_two_years_of_finding_it():
    assert remedies(HIDDEN, consumer_protected=True) == ("sale_undone", "price_reduced")
    assert remedies(replace(HIDDEN, claimed_on=date(2028, 10, 31)), consumer_protected=True)
    assert refused(replace(HIDDEN, claimed_on=date(2028, 11, 1)), consumer=True) == "too_late"
    assert refused(replace(HIDDEN, has_proof=False), consumer=True) == "no_proof"


def test_a_professional_has_no_guarantee_of_conformity():
    assert refused(BROKEN, consumer=False) == "no_guarantee"
    assert remedies(HIDDEN, consumer_protected=False) == ("replacement", "refund")


def test_a_professional_has_no_defects_excluded_by_the_quote_or_of_their_own_trade():
    assert refused(replace(HIDDEN, quote_excludes_defects=True), consumer=False) == "excluded_by_quote"
    assert refused(replace(HIDDEN, same_trade=True), consumer=False) == "same_trade"
    assert remedies(replace(HIDDEN, quote_excludes_defects=True, same_trade=True), consumer_protected=True)


def test_a_warranty_on_the_quote_lasts_its_time():
    claim = replace(BROKEN, ground=WARRANTY, warranty_until=date(2026, 11, 17))
    assert remedies(claim, consumer_protected=False) == ("replacement", "refund")
    assert refused(replace(claim, warranty_until=date(2026, 11, 16)), consumer=False) == "too_late"
    assert refused(replace(claim, warranty_until=None), consumer=False) == "no_warranty"


def test_the_goods_come_back_complete_and_the_end_is_one_of_these():
    check_remedy(BROKEN, "repair", consumer_protected=True, is_complete=True)
    with pytest.raises(NotCovered, match="incomplete"):
        check_remedy(BROKEN, "repair", consumer_protected=True, is_complete=False)
    with pytest.raises(ValueError, match="doesn't end"):
        check_remedy(BROKEN, "refund", consumer_protected=True, is_complete=True)


def test_a_refusal_names_a_listed_exclusion():
    assert checked_refusal("misuse") == "misuse"
    with pytest.raises(ValueError, match="not a listed"):
        checked_refusal("because")
