"""A client's account: it adds up, and a day that is over always shows the same."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from billing.invoicing.policy.account_statement import Movement, account_statement

DAY = date(2026, 1, 1)
MOVEMENTS = st.lists(
    st.builds(
        Movement,
        st.integers(0, 60).map(lambda n: DAY + timedelta(days=n)),
        st.sampled_from(["invoice", "credit_note", "payment", "refused", "refund"]),
        st.text("abc", max_size=3),
        st.integers(-9000, 9000),
    ),
    max_size=20,
)


@given(movements=MOVEMENTS, on=st.integers(0, 60))
def test_debits_less_credits_are_the_balance(movements, on):
    day = DAY + timedelta(days=on)
    rows = account_statement(movements, on=day)
    assert sum(row.debit_cents - row.credit_cents for row in rows) == (rows[-1].balance_cents if rows else 0)
    assert sum(each.cents for each in movements if each.on <= day) == (rows[-1].balance_cents if rows else 0)


@given(movements=MOVEMENTS, later=MOVEMENTS, on=st.integers(0, 60))
def test_what_comes_later_changes_no_day_before(movements, later, on):
    day = DAY + timedelta(days=on)
    after = [each for each in later if each.on > day]
    assert (
        account_statement([*after, *movements], on=day)
        == account_statement([*movements, *after], on=day)
        == account_statement(movements, on=day)
    )


def test_those_of_one_day_stand_in_the_order_they_were_written():
    paid = Movement(DAY, "payment", "x", -5, rank=2)
    asked = Movement(DAY, "invoice", "y", 5, rank=1)
    rows = account_statement([paid, asked], on=DAY)
    assert [row.balance_cents for row in rows] == [5, 0]
