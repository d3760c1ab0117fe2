"""Documents by the numbers: credit notes, deposits, channels, periods, reports."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.customers.policy.completeness import missing_of_buyer
from billing.invoicing.policy.channels import (
    CHORUS,
    PLATFORM,
    REPORT,
    channel_of,
    period_id,
    reading_of,
    report_period,
)
from billing.invoicing.policy.credit import (
    Creditable,
    LineRemaining,
    NothingCredited,
    OrderCredit,
    TooMuchCredited,
    amounts_to_credit,
    credit_over_order,
    given_by_down_payments,
    net_of_discounts,
    price_kept,
    remaining,
    settled_vat,
    still_to_credit,
    with_natures,
)
from billing.invoicing.policy.down_payment import down_payment_nets
from billing.invoicing.policy.einvoice import (
    business_process_of,
    endpoint,
    treatment,
    type_code,
    unit_code,
    vat_falls_due,
)
from billing.invoicing.policy.mentions import Mention, invoice_mentions
from billing.invoicing.policy.report import Sale, report
from billing.money.policy.numbering import (
    MAX_LENGTH,
    SERIES,
    checked_number,
    document_number,
    provisional_number,
)
from billing.money.policy.vat import Subtotal, totals

CENTS = st.integers(1, 500_000)
RATES = st.sampled_from([Decimal("20.00"), Decimal("8.50"), Decimal("5.50"), Decimal("2.10")])
DAYS = st.dates(date(2024, 1, 1), date(2035, 12, 31))


@given(asked=st.lists(st.tuples(CENTS, RATES), min_size=1, max_size=4), cuts=st.lists(CENTS, max_size=6))
def test_notes_give_back_exactly_what_was_asked(asked, cuts):
    invoice = totals((cents, rate, "S", "") for cents, rate in asked)
    rows = {(part.rate_pct, "S", ""): (part.net_cents, part.vat_cents) for part in invoice.subtotals}
    taken = dict.fromkeys(range(len(asked)), 0)
    earlier = dict.fromkeys(rows, (0, 0))
    for cut in [*cuts, None]:
        lines = [Creditable(n, cents, taken[n]) for n, (cents, _rate) in enumerate(asked)]
        wanted = {n: min(cut, line.left_cents) for n, line in enumerate(lines)} if cut else None
        try:
            part = amounts_to_credit(lines, wanted, whole=cut is None)
        except NothingCredited:
            assert all(line.left_cents == 0 for line in lines)
            continue
        note = totals((cents, asked[n][1], "S", "") for n, cents in part.items())
        note = settled_vat(note, asked=rows, earlier=earlier)
        for n, cents in part.items():
            taken[n] += cents
        for each in note.subtotals:
            net, vat = earlier[each.rate_pct, "S", ""]
            earlier[each.rate_pct, "S", ""] = (net + each.net_cents, vat + each.vat_cents)
            assert earlier[each.rate_pct, "S", ""][1] <= rows[each.rate_pct, "S", ""][1]
    assert earlier == rows


@given(CENTS, st.integers(0, 500_000), st.integers(0, 500_000), RATES)
def test_a_note_on_a_down_payment_says_what_it_is_for_to_the_cent(cents, goods, services, rate):
    taken = {(rate, "S", ""): {"goods": goods, "services": services}}
    (part,) = with_natures(totals([(cents, rate, "S", "")]), taken).subtotals
    told = dict(part.natures)
    assert sum(told.values()) == (cents if goods or services else 0)
    assert set(told) == {name for name, worth in taken[rate, "S", ""].items() if worth}
    if goods == services > 0:
        assert abs(told["goods"] - told["services"]) <= 1


def test_a_row_at_another_tax_says_nothing_of_its_natures():
    note = totals([(1000, Decimal(20), "S", "")])
    assert with_natures(note, {(Decimal("5.50"), "S", ""): {"goods": 1000}}) == note


def test_more_than_is_left_is_named():
    with pytest.raises(TooMuchCredited) as most:
        amounts_to_credit([Creditable(1, 1000, 400)], {1: 601})
    assert (most.value.position, most.value.left_cents) == (1, 600)
    with pytest.raises(TooMuchCredited):
        amounts_to_credit([Creditable(1, 1000)], {1: -1})
    with pytest.raises(NothingCredited):
        amounts_to_credit([Creditable(1, 1000)], {})
    assert amounts_to_credit([Creditable(1, 1000), Creditable(2, -200)], whole=True) == {1: 1000, 2: -200}


PRICE = st.integers(1, 100_000)


@given(PRICE, st.integers(0, 50), st.integers(0, 100), st.lists(st.integers(1, 60_000), max_size=6))
def test_all_credits_of_an_order_give_back_exactly_what_it_asked(price, discount_pct, pct, cuts):
    discount = price * discount_pct // 100
    down_payment = (price - discount) * pct // 100
    left = {1: price, 2: -discount, 3: -down_payment}
    behind = down_payment
    given_back = 0

    def lines():
        return [LineRemaining(at, "20", cents, deducts=at == 3) for at, cents in left.items()]

    for cut in [*cuts, price]:
        most = remaining(lines(), {"20": behind})["20"]
        assert most + given_back == price - discount
        if not (wanted := min(cut, left[1], most)):
            continue
        found = credit_over_order({1: wanted}, lines(), {"20": behind})
        of_invoice = sum(found.amounts.values())
        of_down_payment = found.from_down_payments.get("20", 0)
        assert of_invoice >= 0
        assert of_invoice + of_down_payment == wanted
        assert sum(left.values()) >= of_invoice
        behind -= of_down_payment
        given_back += wanted
        if of_invoice:  # a note of nothing isn't written
            for at, cents in found.amounts.items():
                left[at] -= cents
    assert given_back <= price - discount
    assert behind >= 0


def test_a_line_beyond_the_rest_comes_back_from_the_down_payment_net_of_its_discount():
    lines = [
        LineRemaining(1, "20", 1000),
        LineRemaining(2, "20", -100),
        LineRemaining(3, "20", -270, deducts=True),
        LineRemaining(4, "5", 50),
    ]
    assert credit_over_order({1: 500}, lines, {"20": 270}) == OrderCredit({1: 500})
    assert credit_over_order({1: 700}, lines, {"20": 270}) == OrderCredit({1: 700, 3: -70}, {"20": 70})
    assert credit_over_order({1: 1000}, lines, {"20": 270}) == OrderCredit(
        {1: 1000, 2: -100, 3: -270}, {"20": 270}
    )
    with pytest.raises(TooMuchCredited) as most:
        credit_over_order({1: 1001}, lines, {"20": 270})
    assert (most.value.position, most.value.left_cents) == (1, 1000)


def test_no_discount_comes_off_a_credit_of_delivery():
    lines = [
        LineRemaining(1, "20", 10_000),
        LineRemaining(2, "20", -1_000),
        LineRemaining(3, "20", 2_000, is_discounted=False),
    ]
    assert net_of_discounts({3: 2_000}, lines) == {3: 2_000}
    assert net_of_discounts({1: 5_000}, lines) == {1: 5_000, 2: -500}
    assert net_of_discounts({1: 10_000, 3: 2_000}, lines) == {1: 10_000, 2: -1_000, 3: 2_000}


def test_only_what_was_not_credited_yet_is_credited():
    lines = [
        LineRemaining(1, "20", 500),
        LineRemaining(2, "20", 50, is_discounted=False),
        LineRemaining(3, "20", -50),
        LineRemaining(4, "20", -400, deducts=True),
    ]
    assert still_to_credit({1: 1000, 2: 50}, lines, {"20": 400}) == {1: 500, 2: 50, 3: -50}
    assert still_to_credit({1: 1000, 2: 50}, lines, {"20": 300}) == {1: 400, 2: 50, 3: -50}
    assert still_to_credit({1: 250}, lines, {"20": 400}) == {1: 250, 3: -25}
    assert still_to_credit({1: 250}, lines, {"20": 300}, {"20": 100}) == {1: 150, 3: -25}
    assert sum(still_to_credit({1: 250}, lines, {"20": 0}, {"20": 400}).values()) == 0
    assert still_to_credit({1: -5, 9: 10}, lines, {"20": 400}) == {}


@given(PRICE, st.integers(0, 50), st.integers(0, 100), st.integers(0, 100), st.integers(0, 200_000))
def test_what_is_still_to_be_credited_is_never_refused(price, discount_pct, pct, taken_pct, wanted):
    discount = price * discount_pct // 100
    down_payment = (price - discount) * pct // 100
    lines = [
        LineRemaining(1, "20", price),
        LineRemaining(2, "20", -discount),
        LineRemaining(3, "20", -down_payment, deducts=True),
    ]
    behind = {"20": down_payment - down_payment * taken_pct // 100}
    found = still_to_credit({1: wanted}, lines, behind)
    assert 0 <= sum(found.values()) <= remaining(lines, behind)["20"]
    credit_over_order(found, lines, behind)


def test_a_price_kept_is_less_by_what_was_reduced_not_by_the_days_credited():
    lines = [
        LineRemaining(1, "20", 600),
        LineRemaining(2, "20", 400),
        LineRemaining(3, "20", -90, deducts=True),
    ]
    assert price_kept(lines, {1: 100}, {}) == {1: 700, 2: 400}
    assert price_kept(lines, {}, {"20": 500}) == {1: 300, 2: 200}
    assert price_kept(lines, {}, {"20": 1000}) == {}


def test_a_down_payment_taken_back_stands_behind_nothing():
    lines = [LineRemaining(1, "20", 1000), LineRemaining(2, "20", -300, deducts=True)]
    assert remaining(lines, {}) == {"20": 700}
    with pytest.raises(TooMuchCredited) as most:
        credit_over_order({1: 800}, lines, {})
    assert most.value.left_cents == 700
    assert given_by_down_payments(lines, {"20": 200}) == {"20": 100}


@given(parts=st.lists(st.tuples(CENTS, RATES), min_size=1, max_size=4), pct=st.integers(1, 99))
def test_a_deposit_and_the_rest_are_the_whole(parts, pct):
    whole = totals((cents, rate, "S", "") for cents, rate in parts)
    deposit = down_payment_nets(whole.subtotals, pct=pct)
    first = totals((cents, part.rate_pct, "S", "") for part, cents in deposit)
    rest = totals(
        [
            *((cents, rate, "S", "") for cents, rate in parts),
            *((-cents, part.rate_pct, "S", "") for part, cents in deposit),
        ]
    )
    assert first.net_cents + rest.net_cents == whole.net_cents
    assert abs(first.vat_cents + rest.vat_cents - whole.vat_cents) <= len(whole.subtotals)
    assert rest.net_cents >= 0


@pytest.mark.parametrize("pct", [0, 100, -3])
def test_no_such_deposit(pct):
    with pytest.raises(ValueError, match="not a deposit"):
        down_payment_nets([Subtotal(Decimal(20), 100, 20)], pct=pct)


@pytest.mark.parametrize(
    ("customer_type", "country", "channel", "told"),
    [
        ("public_body", "FR", CHORUS, "B2B"),
        ("professional", "FR", PLATFORM, "B2B"),
        ("consumer", "FR", REPORT, "B2C"),
        ("professional", "RE", PLATFORM, "B2B"),  # Réunion has a country code of its own
        ("professional", "NC", REPORT, "B2BINT"),
        ("professional", "BE", REPORT, "B2BINT"),
        ("public_body", "BE", REPORT, "B2BINT"),
        ("consumer", "DE", REPORT, "B2CINT"),
    ],
)
def test_who_is_reached_how(customer_type, country, channel, told):
    assert channel_of(customer_type, country=country) == channel
    assert treatment(customer_type, country=country) == told


@pytest.mark.parametrize(
    ("state", "reason", "way_state", "is_known", "reading"),
    [
        ("received", "", "sent", False, "follow"),
        ("refused", "SIRET inconnu", "received", False, "follow"),  # after it was received
        ("refused", "SIRET inconnu", "received", True, "nothing"),
        ("refused", " ", "received", False, "no_reason"),
        ("refused", "SIRET inconnu", "paid", False, "out_of_order"),
        ("received", "", "paid", False, "nothing"),
        ("paid", "", "waiting", False, "out_of_order"),
        ("lost", "", "sent", False, "unknown_state"),
        ("paid", "", None, False, "unknown_document"),
    ],
)
def test_what_an_answer_changes(state, reason, way_state, is_known, reading):
    assert reading_of(state, reason=reason, way_state=way_state, is_known=is_known) == reading


@given(DAYS)
def test_periods_follow_each_other(day):
    period = report_period(day)
    assert period.starts_on <= day < period.ends_on
    assert report_period(period.ends_on).starts_on == period.ends_on
    assert report_period(period.ends_on - timedelta(days=1)) == period
    assert 8 <= (period.ends_on - period.starts_on).days <= 11
    assert period_id(period) != period_id(report_period(period.ends_on))


@given(
    st.lists(
        st.tuples(DAYS, st.sampled_from(["goods", "services"]), RATES, st.integers(-9999, 9999)), max_size=12
    )
)
def test_a_report_leaves_nothing_out(rows):
    sales = [
        Sale(f"FA-{n}", day, nature, "EUR", rate, "S", cents, cents // 5)
        for n, (day, nature, rate, cents) in enumerate(rows)
    ]
    made = report(sales)
    assert sum(row.net_cents for row in made) == sum(sale.net_cents for sale in sales)
    assert sum(row.vat_cents for row in made) == sum(sale.vat_cents for sale in sales)
    assert sum(row.documents for row in made) == len(sales)
    assert [row.day for row in made] == sorted(row.day for row in made)


def test_a_report_names_kinds():
    details = {"day": date(2026, 11, 16), "currency": "EUR", "net_cents": 100, "vat_cents": 0}
    rows = report(
        [
            Sale("a", nature="goods", rate_pct=Decimal(20), category="S", **details),
            Sale("b", nature="services", rate_pct=Decimal(20), category="S", **details),
            Sale("c", nature="services", rate_pct=None, category="O", to_consumer=False, **details),
        ]
    )
    assert [(row.kind, row.to_consumer) for row in rows] == [("TLB1", True), ("TPS1", True), ("TNT1", False)]


@pytest.mark.parametrize(("country", "nature"), [("DE", "services"), ("BE", "goods")])
def test_what_another_member_state_taxes_is_reported_as_not_taxed_here(country, nature):
    details = {"day": date(2026, 11, 16), "currency": "EUR", "net_cents": 100, "vat_cents": 19}
    details |= {"nature": nature, "rate_pct": Decimal(19), "category": "S"}
    (abroad,) = report([Sale("a", country=country, **details)])
    assert abroad.kind == "TNT1"
    (here,) = report([Sale("b", country="FR", **details)])
    assert here.kind in {"TPS1", "TLB1"}


@pytest.mark.parametrize(
    ("natures", "after", "code"),
    [
        (["services"], False, "S1"),
        (["goods"], False, "B1"),
        (["goods", "services"], False, "M1"),
        (["services"], True, "S4"),
        (["goods", "services"], True, "M4"),
    ],
)
def test_the_framework_tells_the_nature(natures, after, code):
    assert business_process_of(natures, after_deposit=after) == code


def test_codes():
    assert [type_code(kind) for kind in ("invoice", "credit_note", "deposit")] == ["380", "381", "386"]
    assert type_code("credit_note", corrects_deposit=True) == "503"
    assert [unit_code(unit) for unit in ("day", "profile", "")] == ["DAY", "C62", "C62"]
    assert vat_falls_due("S", on_debits=True, nature="services") == "5"
    assert vat_falls_due("S", on_debits=False, nature="goods") == "29"
    assert vat_falls_due("S", on_debits=False, nature="services") == "72"
    assert vat_falls_due("O", on_debits=True, nature="services") == ""


def test_addresses():
    details = {"country": "FR", "siren": "213599905", "siret": "21359990500006", "email": "a@b.example"}
    assert endpoint(customer_type="public_body", service_code="S1", **details) == (
        "213599905_21359990500006_S1",
        "0225",
    )
    assert endpoint(customer_type="professional", service_code="", **details) == ("213599905", "0225")
    assert endpoint(customer_type="consumer", service_code="", **details) == ("a@b.example", "EM")
    assert endpoint(customer_type="professional", service_code="", **details | {"country": "BE"}) == (
        "a@b.example",
        "EM",
    )


@pytest.mark.parametrize(
    ("kind", "without", "missing"),
    [
        ("professional", {"siren": ""}, ("siren",)),
        ("public_body", {"siret": ""}, ("siret",)),
        ("consumer", {"siren": "", "siret": ""}, ()),
        ("consumer", {"email": ""}, ("email",)),
        ("professional", {"country": "BE", "siren": "", "email": ""}, ("email",)),
        ("professional", {"street": "", "city": ""}, ("street", "city")),
    ],
)
def test_what_lacks(kind, without, missing):
    whole = {
        "name": "A",
        "street": "B",
        "postcode": "C",
        "city": "D",
        "country": "FR",
        "siren": "213599905",
        "siret": "21359990500006",
        "email": "a@b.example",
    }
    assert missing_of_buyer(whole, kind=kind) == ()
    assert missing_of_buyer(whole | without, kind=kind) == missing


@pytest.mark.parametrize("kind", sorted(SERIES))
def test_a_provisional_number_has_the_shape_of_the_real_one(kind):
    provisional = provisional_number(kind, year=2026)
    real = document_number(kind, year=2026, rank=1)
    assert len(provisional) == len(real) <= MAX_LENGTH
    assert checked_number(provisional).split("-")[:2] == real.split("-")[:2]


def test_mentions_follow_the_client_and_the_tax():
    assert Mention.FLAT_FEE not in invoice_mentions("consumer")
    assert Mention.VAT_ON_DEBITS in invoice_mentions("professional", on_debits=True)
    found = invoice_mentions(
        "professional", reasons={"vat_reverse_charge", "vat_training"}, is_down_payment=True
    )
    assert {Mention.VAT_REVERSE_CHARGE, Mention.VAT_TRAINING, Mention.DEPOSIT} <= set(found)
    assert all(
        Mention.OPERATION in invoice_mentions(kind) for kind in ("professional", "public_body", "consumer")
    )
