"""Which entries documents and money make: balanced, and the same as long as the facts are."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.accounting.gateways.chart import chart
from billing.accounting.policy.chart import BadChart, chart_of
from billing.accounting.policy.entries import (
    Money,
    Sale,
    Sold,
    Unbalanced,
    of_claim,
    of_deferral,
    of_money,
    of_refund,
    of_sale,
)
from billing.accounting.policy.letters import letters_of

DAY = date(2026, 11, 16)
SALE = Sale(
    number="FA-2026-000001",
    on=DAY,
    is_credit_note=False,
    is_down_payment=False,
    gross_cents=129984,
    vat_cents=21664,
    due_cents=21664,
    lines=(Sold("product", "services", 106820, "subscription"), Sold("cheque_fee", "services", 1500, "fees")),
)
CHEQUE = Money("cheque", "0012", 129984, DAY)


def sides(draft):
    return [(each.role, each.cents) for each in draft.postings]


def test_an_invoice_asks_its_client_for_what_was_sold_and_its_vat():
    (draft,) = of_sale(SALE)
    assert (draft.journal, draft.label) == ("sales", "Facture FA-2026-000001")
    assert sides(draft) == [
        ("receivable", 129984),
        ("fees", -1500),
        ("services", -106820),
        ("vat_due", -21664),
    ]


def test_vat_that_waits_for_money_waits_on_its_own_account():
    (draft,) = of_sale(replace(SALE, due_cents=0))
    assert ("vat_pending", -21664) in sides(draft)
    assert "vat_due" not in dict(sides(draft))


def test_a_credit_note_turns_the_sides_round():
    sold = (Sold("product", "goods", -1000, "goods"),)
    (draft,) = of_sale(Sale("AV-1", DAY, True, False, -1200, -200, -200, sold))
    assert sides(draft) == [("receivable", -1200), ("goods", 1000), ("vat_due", 200)]


def test_what_does_not_balance_is_refused_and_nothing_is_no_entry():
    with pytest.raises(Unbalanced, match="FA-2026-000001"):
        list(of_sale(replace(SALE, gross_cents=1)))
    assert not list(of_sale(replace(SALE, gross_cents=0, vat_cents=0, due_cents=0, lines=())))


def test_a_cheque_in_hand_pays_nothing_until_it_is_credited():
    (held,) = of_money(CHEQUE)
    assert (held.journal, sides(held)) == (
        "cheques",
        [("cheques_in_hand", 129984), ("receivable_in_hand", -129984)],
    )
    held, there = of_money(replace(CHEQUE, credited_on=DAY + timedelta(days=4)))
    assert there.journal == "bank"
    assert dict(sides(there))["receivable"] == -129984
    held, back = of_money(replace(CHEQUE, bounced_on=DAY + timedelta(days=4)))
    assert sides(back) == [("receivable_in_hand", 129984), ("cheques_in_hand", -129984)]


def test_a_proved_transfer_pays_on_the_day_of_its_proof():
    proved, there = of_money(Money("transfer", "V", 100, DAY, proof_on=DAY, credited_on=DAY))
    assert sides(proved) == [("funds_awaited", 100), ("receivable", -100)]
    assert sides(there) == [("bank", 100), ("funds_awaited", -100)]


def test_the_provider_holds_the_gross_and_its_fee_is_apart():
    card = Money("card", "FA-1", 1000, DAY, is_online=True, credited_on=DAY, fee_cents=40)
    came, fee = of_money(card)
    assert (came.journal, sides(came)) == ("provider", [("provider", 1000), ("receivable", -1000)])
    assert (fee.journal, sides(fee)) == ("fees", [("provider_fees", 40), ("provider", -40)])
    gone, back = of_refund(card, cents=300, made_on=DAY, failed_on=DAY)
    assert (gone.journal, sides(gone)) == ("refunds", [("receivable", 300), ("provider", -300)])
    assert sides(back) == [("provider", 300), ("receivable", -300)]


def test_a_claim_is_outside_vat_and_its_flat_fee_apart():
    (draft,) = of_claim(number="IN-1", invoice="FA-1", on=DAY, interest_cents=120, flat_fee_cents=4000)
    assert sides(draft) == [("receivable", 4120), ("interest", -120), ("flat_fees", -4000)]


def test_what_is_still_to_be_served_waits():
    (draft,) = of_deferral("FA-1", on=DAY, event="x", by_role=[("services", 900), ("discounts", -90)])
    assert sides(draft) == [("discounts", -90), ("services", 900), ("deferred_revenue", -810)]


DAYS = st.integers(0, 90).map(lambda n: DAY + timedelta(days=n))
MAYBE = st.none() | DAYS
MONEY = st.builds(
    Money,
    st.sampled_from(["cheque", "transfer", "card", "debit"]),
    st.text(max_size=5),
    st.integers(1, 10**7),
    DAYS,
    is_online=st.booleans(),
    proof_on=MAYBE,
    credited_on=MAYBE,
    bounced_on=MAYBE,
    fee_cents=st.none() | st.integers(0, 500),
)


@given(MONEY)
def test_money_is_balanced_told_once_and_gone_when_it_was_taken_back(money):
    drafts = list(of_money(money))
    assert all(sum(each.cents for each in draft.postings) == 0 for draft in drafts)
    assert len({draft.event for draft in drafts}) == len(drafts)
    owed = sum(cents for draft in drafts for role, cents in sides(draft) if role == "receivable")
    is_there = money.credited_on or (
        money.proof_on and money.method not in {"cheque"} and not money.is_online
    )
    assert owed == (-money.cents if is_there and not money.bounced_on else 0)


@given(MONEY, DAYS)
def test_what_comes_later_leaves_what_is_written(money, later):
    """Money that is received, then credited, then taken back makes its first entries as it did."""
    known = replace(money, credited_on=None, bounced_on=None, fee_cents=None)
    before = list(of_money(known))
    credited_on = max(later, known.received_on, known.proof_on or later)
    after = list(of_money(replace(known, credited_on=credited_on, bounced_on=credited_on)))
    assert after[: len(before)] == before


def test_the_chart_is_the_operators_and_lacks_nothing():
    known = chart()
    assert known.accounts["receivable"].number == "411000"
    assert known.label_of("706000") == "Prestations de services"
    assert known.label_of("999999") == "999999"
    assert known.fiscal_year(DAY) == 2026


@pytest.mark.parametrize("lack", ["accounts", "journals"])
def test_a_chart_that_lacks_something_or_says_it_twice_is_refused(lack):
    number = "number" if lack == "accounts" else "code"
    told = {
        "fiscal_year_starts_in": 7,
        "accounts": {
            key: {"number": each.number, "label": each.label} for key, each in chart().accounts.items()
        },
        "journals": {
            key: {"code": each.number, "label": each.label} for key, each in chart().journals.items()
        },
    }
    assert chart_of(told).fiscal_year(date(2026, 6, 30)) == 2025
    with pytest.raises(BadChart):
        chart_of(told | {"fiscal_year_starts_in": 13})
    with pytest.raises(BadChart, match=f"{lack}.bank"):
        chart_of(told | {lack: {**told[lack], "bank": {number: "?", "label": "x"}}})
    twice = {**told[lack], "bank": told[lack]["provider"]}
    with pytest.raises(BadChart, match="same"):
        chart_of(told | {lack: twice})


def test_letters_go_on_for_ever():
    assert [letters_of(rank) for rank in (1, 2, 27, 26**3, 26**3 + 1)] == ["AAA", "AAB", "ABA", "ZZZ", "BAAA"]
    with pytest.raises(ValueError, match="rank 0"):
        letters_of(0)
