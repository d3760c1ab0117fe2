"""A deferral accepted in writing moves the due date for everything that counts from it."""

from datetime import date

from billing.collections.policy.late_interest import late_interest
from billing.invoicing.policy.due import AgreedExtension, effective_due_on
from billing.invoicing.policy.paid import Payment
from billing.money.gateways.rate_tables import interest_rates
from billing.orders.policy.orders import payment_term

DUE = date(2026, 3, 31)
ACCEPTED = AgreedExtension(
    asked_on=date(2026, 3, 20), until=date(2026, 4, 30), accepted_on=date(2026, 3, 25), has_document=True
)


def test_accepted_in_writing_it_moves_the_due_date():
    assert effective_due_on(DUE, deferrals=[ACCEPTED]) == date(2026, 4, 30)


def test_only_asked_or_without_its_document_it_moves_nothing():
    asked = AgreedExtension(
        asked_on=date(2026, 3, 20), until=date(2026, 4, 30), accepted_on=None, has_document=True
    )
    spoken = AgreedExtension(
        asked_on=date(2026, 3, 20), until=date(2026, 4, 30), accepted_on=DUE, has_document=False
    )
    assert effective_due_on(DUE, deferrals=[asked, spoken]) == DUE


def test_a_second_one_moves_it_further_and_an_earlier_day_never_shortens_it():
    again = AgreedExtension(asked_on=DUE, until=date(2026, 5, 31), accepted_on=DUE, has_document=True)
    back = AgreedExtension(asked_on=DUE, until=date(2026, 1, 1), accepted_on=DUE, has_document=True)
    assert effective_due_on(DUE, deferrals=[again, ACCEPTED, back]) == date(2026, 5, 31)


def test_interest_and_the_seven_days_follow_the_moved_date():
    due_on = effective_due_on(DUE, deferrals=[ACCEPTED])
    paid = [Payment(date(2026, 4, 30), 120000)]
    found = late_interest(
        customer_type="professional",
        amount_cents=120000,
        due_on=due_on,
        payments=paid,
        rates=interest_rates(),
        flat_fee_cents=4000,
    )
    assert found.total_cents == 0
    term = payment_term(
        business_days=7,
        quoted_on=date(2026, 3, 1),
        confirmed_on=date(2026, 3, 2),
        holidays=frozenset(),
        extended_until=due_on,
    )
    assert term.counted_from == date(2026, 4, 30)
