"""The same buyer can be protected as a consumer here and stay a professional there."""

import pytest

from billing.customers.policy.clients import LegalStatus, legal_status


@pytest.mark.parametrize(
    ("employees", "outside", "protected"),
    [(5, True, True), (6, True, False), (5, False, False), (None, True, False), (0, True, True)],
)
def test_a_small_professional_outside_their_trade_is_protected_and_stays_a_professional(
    employees, outside, protected
):
    found = legal_status("professional", employees=employees, outside_main_activity=outside)
    assert found == LegalStatus(protected, "professional", needs_dpa=True, competent_court=True)


def test_a_consumer_and_a_public_body():
    assert legal_status("consumer") == LegalStatus(True, "consumer", needs_dpa=False, competent_court=False)
    assert legal_status("public_body", employees=2, outside_main_activity=True) == LegalStatus(
        False, "public_body", needs_dpa=True, competent_court=True
    )


def test_another_kind_is_refused():
    with pytest.raises(ValueError, match="no kind"):
        legal_status("friend")
