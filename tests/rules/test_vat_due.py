"""Whatever happens to an invoice, in whatever order, what falls due of its VAT adds up."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.accounting.policy.vat_due import (
    CREDITED,
    ISSUED,
    LOST,
    PAID,
    REGAINED,
    SUPPLIED,
    UNPAID,
    Event,
    Part,
    Sum,
    due_of,
    loss_of,
    natures,
)
from billing.money.policy.debits import Option, on_debits
from billing.money.policy.money import share_of, split

DAY = date(2026, 11, 16)
RATES = (Decimal("20"), Decimal("8.5"), Decimal("5.5"), None)
SERVICES, GOODS = (Part("FR", Decimal(20), "S", "", nature) for nature in ("services", "goods"))


@st.composite
def invoices(draw):
    """An invoice of one to six parts."""
    parts = draw(
        st.sets(st.tuples(st.sampled_from(RATES), st.sampled_from(("goods", "services"))), min_size=1)
    )
    asked = {}
    for rate, nature in sorted(parts, key=str):
        net = draw(st.integers(1, 500_000))
        asked[Part("FR", rate, "S" if rate else "O", "", nature)] = Sum(
            net, share_of(net, rate) if rate else 0
        )
    return asked


def gross(parts):
    return sum(each.base_cents + each.vat_cents for each in parts.values())


def totals(due):
    found = {}
    for each in due:
        base, vat = found.get(each.part, (0, 0))
        found[each.part] = (base + each.base_cents, vat + each.vat_cents)
    return {part: sums for part, sums in found.items() if sums != (0, 0)}


def as_asked(parts):
    return {part: (each.base_cents, each.vat_cents) for part, each in parts.items()}


@st.composite
def lives(draw):
    """An invoice and money that comes and leaves in any order, until all of it is there."""
    asked = draw(invoices())
    days = st.integers(0, 90).map(lambda n: DAY + timedelta(days=n))
    events = [Event(DAY, ISSUED)]
    held = []
    for n in range(draw(st.integers(0, 6))):
        left = gross(asked) - sum(cents for _day, cents in held)
        if left <= 0:
            break
        cents = draw(st.integers(1, left))
        on = draw(days)
        events.append(Event(on, PAID, cents, label=f"payment {n}"))
        if draw(st.booleans()):
            events.append(Event(on + timedelta(days=draw(st.integers(0, 30))), UNPAID, -cents))
        else:
            held.append((on, cents))
    rest = gross(asked) - sum(cents for _day, cents in held)
    last = DAY + timedelta(days=200)
    if rest:
        events.append(Event(last, PAID, rest))
    return asked, draw(st.permutations(events)), last


@given(cents=st.integers(0, 10**9), weights=st.lists(st.integers(0, 10**7), min_size=1, max_size=9))
def test_a_split_adds_up_and_gives_nobody_more_than_a_cent_too_much(cents, weights):
    shares = split(cents, weights)
    if sum(weights):
        assert sum(shares) == cents
        for share, weight in zip(shares, weights, strict=True):
            assert abs(share * sum(weights) - weight * cents) < sum(weights)
    else:
        assert not any(shares)


@given(life=lives(), debits=st.booleans())
def test_over_the_life_of_a_paid_invoice_the_vat_due_is_its_vat(life, debits):
    asked, events, _last = life
    assert totals(due_of(asked, events, on_debits=debits)) == as_asked(asked)


@given(life=lives())
def test_on_payments_what_fell_due_is_what_is_there_on_any_day(life):
    asked, events, last = life
    for n in range(0, 231, 7):
        on = DAY + timedelta(days=n)
        due = [each for each in due_of(asked, events, on_debits=False) if each.on <= on]
        money = sum(each.cents for each in events if each.on <= on)
        if money >= 0 and on < last:
            assert sum(each.base_cents + each.vat_cents for each in due) == min(money, gross(asked))


@given(life=lives())
def test_on_debits_services_fall_due_on_the_day_of_issue(life):
    asked, events, _last = life
    due = [each for each in due_of(asked, events, on_debits=True) if each.part.nature == "services"]
    services = {part: sums for part, sums in asked.items() if part.nature == "services"}
    assert totals(each for each in due if each.on <= DAY) == as_asked(services)


def test_goods_invoiced_and_neither_sent_nor_paid_are_not_due_whatever_the_option():
    asked = {SERVICES: Sum(10000, 2000), GOODS: Sum(1190, 238)}
    due = due_of(asked, [Event(DAY, ISSUED)], on_debits=True)
    assert totals(due) == as_asked({SERVICES: asked[SERVICES]})


@given(asked=invoices(), data=st.data())
def test_a_payment_that_bounces_takes_back_what_it_made_due(asked, data):
    cents = data.draw(st.integers(1, gross(asked)))
    events = [
        Event(DAY, ISSUED),
        Event(DAY + timedelta(3), PAID, cents),
        Event(DAY + timedelta(40), UNPAID, -cents),
    ]
    due = due_of(asked, events, on_debits=False)
    assert totals(due) == {}
    assert sum(each.base_cents + each.vat_cents for each in due if each.kind == UNPAID) == -cents


@given(asked=invoices(), debits=st.booleans(), data=st.data())
def test_a_credit_note_leaves_due_what_is_left_of_the_invoice(asked, debits, data):
    back = {
        part: Sum(data.draw(st.integers(0, each.base_cents)), data.draw(st.integers(0, each.vat_cents)))
        for part, each in asked.items()
    }
    paid = data.draw(st.integers(0, gross(asked)))
    events = [
        Event(DAY, ISSUED),
        Event(DAY, PAID, paid),
        Event(DAY + timedelta(9), CREDITED, parts=back),
        Event(DAY + timedelta(20), PAID, gross(asked) - paid),
    ]
    left = {
        part: (each.base_cents - back[part].base_cents, each.vat_cents - back[part].vat_cents)
        for part, each in asked.items()
    }
    assert totals(due_of(asked, events, on_debits=debits)) == {
        part: sums for part, sums in left.items() if any(sums)
    }


@given(asked=invoices(), data=st.data())
def test_money_given_back_after_a_credit_note_takes_nothing_back_twice(asked, data):
    cents = gross(asked)
    whole = [Event(DAY, ISSUED), Event(DAY, PAID, cents), Event(DAY + timedelta(9), CREDITED, parts=asked)]
    back = Event(DAY + timedelta(data.draw(st.integers(9, 40))), UNPAID, -cents)
    assert totals(due_of(asked, [*whole, back], on_debits=False)) == {}


@given(vat=st.integers(0, 10**6), goods=st.integers(1, 10**6), services=st.integers(1, 10**6))
def test_the_vat_of_a_rate_is_shared_out_between_goods_and_services_whole(vat, goods, services):
    shared = natures(vat, {"goods": goods, "services": services})
    assert sum(each.vat_cents for each in shared.values()) == vat
    assert shared["goods"].base_cents == goods


def test_half_a_mixed_invoice_paid_before_the_parcel_leaves():
    asked = {SERVICES: Sum(10000, 2000), GOODS: Sum(5000, 1000)}
    events = [
        Event(DAY, ISSUED),
        Event(DAY + timedelta(2), PAID, 9000),
        Event(DAY + timedelta(5), SUPPLIED),
        Event(DAY + timedelta(30), PAID, 9000),
    ]
    due = due_of(asked, events, on_debits=False)
    told = [(each.on.day, each.part.nature, each.base_cents, each.vat_cents) for each in due]
    assert told == [
        (18, "goods", 2500, 500),
        (18, "services", 5000, 1000),  # the advance, on both
        (21, "goods", 2500, 500),  # the parcel left
        (16, "services", 5000, 1000),
    ]


@pytest.mark.parametrize(
    ("day", "wanted"),
    [("2025-12-31", False), ("2026-01-01", True), ("2026-12-31", True), ("2027-01-01", False)],
)
def test_the_option_is_dated(day, wanted):
    options = [Option(date(2027, 1, 1), False), Option(date(2026, 1, 1), True)]
    assert on_debits(options, date.fromisoformat(day)) is wanted
    assert on_debits([], date.fromisoformat(day)) is False


@given(asked=invoices(), debits=st.booleans(), final=st.booleans(), data=st.data())
def test_what_is_lost_leaves_due_what_was_due_unless_it_is_final(asked, debits, final, data):
    whole = gross(asked)
    paid = data.draw(st.integers(0, whole - 1))
    events = [Event(DAY, ISSUED), Event(DAY, PAID, paid)]
    cents = data.draw(st.integers(1, whole - paid))
    lost = loss_of(asked, events, cents, on_debits=debits)
    assert sum(each.lost.base_cents + each.lost.vat_cents for each in lost) == cents
    parts = {each.part: each.lost for each in lost}
    kept = {each.part: each.lost for each in lost if each.is_due and not final}
    given_up = Event(DAY + timedelta(9), LOST, parts=parts, kept=kept, key="1")
    before, after = (totals(due_of(asked, some, on_debits=debits)) for some in (events, [*events, given_up]))
    back = {each.part: each.lost for each in lost if each.is_due and final}
    assert after == {
        part: sums
        for part, (base, vat) in before.items()
        if any(sums := (base - _of(back, part).base_cents, vat - _of(back, part).vat_cents))
    }
    minus = [{part: Sum(-n.base_cents, -n.vat_cents) for part, n in each.items()} for each in (parts, kept)]
    again = Event(DAY + timedelta(20), REGAINED, parts=minus[0], kept=minus[1], key="1")
    due = due_of(
        asked, [*events, given_up, again, Event(DAY + timedelta(20), PAID, whole - paid)], on_debits=debits
    )
    assert totals(due) == {part: (n.base_cents, n.vat_cents) for part, n in asked.items() if n != Sum(0, 0)}


def _of(parts, part):
    return parts.get(part, Sum(0, 0))


def test_no_more_is_lost_than_is_left():
    asked = {SERVICES: Sum(10000, 2000)}
    with pytest.raises(ValueError, match="12000"):
        loss_of(asked, [Event(DAY, ISSUED)], 12001, on_debits=False)
