"""When a person who speaks for a customer is forgotten."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.customers.policy.forgetting import (
    Dealings,
    Known,
    forgotten_on,
    is_customer_forgotten,
    mentions,
    reasons_to_wait,
)

DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))
FLAGS = ("contract", "data", "order", "returned", "unpaid", "held", "contested")


@pytest.mark.parametrize("flag", FLAGS)
def test_who_speaks_alone_stays_while_something_runs_and_goes_once_somebody_takes_over(flag):
    dealings = Dealings(**{flag: True})
    assert reasons_to_wait(dealings, has_successor=False) == (flag,)
    assert reasons_to_wait(dealings, has_successor=True) == ()
    assert reasons_to_wait(Dealings(), has_successor=False) == ()


def test_reasons_come_in_the_order_of_a_purchase():
    assert reasons_to_wait(Dealings(**dict.fromkeys(FLAGS, True)), has_successor=False) == FLAGS


def test_only_a_consumer_for_whom_nobody_else_speaks_goes_as_a_customer():
    assert is_customer_forgotten(customer_type="consumer", has_successor=False)
    assert not is_customer_forgotten(customer_type="consumer", has_successor=True)
    assert not is_customer_forgotten(customer_type="professional", has_successor=False)
    assert not is_customer_forgotten(customer_type="public_body", has_successor=False)


@pytest.mark.parametrize(
    ("known", "day"),
    [
        (Known(date(2023, 12, 1)), date(2026, 12, 1)),  # asked for a quote, and never again
        (Known(date(2024, 2, 29)), date(2027, 2, 28)),
        (Known(date(2022, 1, 1), relation_ended_on=date(2023, 9, 1)), date(2026, 9, 1)),  # a former client
        (Known(date(2024, 5, 1), relation_ended_on=date(2023, 9, 1)), date(2027, 5, 1)),  # asked again since
        (Known(date(2024, 5, 1), closed_on=date(2024, 6, 1)), date(2027, 6, 1)),
    ],
)
def test_three_years_after_the_last_exchange(known, day):
    assert forgotten_on(known, is_running=False, has_successor=False) == day


@given(exchanged=DAYS, ended=st.none() | DAYS)
def test_a_client_whose_contract_runs_is_not_forgotten_however_long_silent(exchanged, ended):
    known = Known(exchanged, relation_ended_on=ended)
    assert forgotten_on(known, is_running=True, has_successor=True) is None
    assert forgotten_on(known, is_running=True, has_successor=False) is None
    assert forgotten_on(known, is_running=False, has_successor=False) > exchanged + timedelta(
        days=3 * 365 - 1
    )


def test_who_was_closed_goes_though_the_contract_runs_as_others_speak_for_it():
    known = Known(date(2023, 1, 1), closed_on=date(2023, 6, 1))
    assert forgotten_on(known, is_running=True, has_successor=True) == date(2026, 6, 1)
    assert forgotten_on(known, is_running=True, has_successor=False) is None


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Mme Marchetti rappelle lundi", True),
        ("écrire à SOLENE@erables.example", True),
        ("marchetti-Durand", True),
        ("les Marchettistes", False),
        ("rappeler l’école", False),
    ],
)
def test_a_note_names_somebody_by_whole_words(text, named):
    assert mentions(text, ("Marchetti", "solene@erables.example")) is named
    assert not mentions(text, ("", ""))


@pytest.mark.parametrize(
    "text", ["Mme Lefevre a rappelé", "LEFÈVRE", "appeler Le-Fèvre", "le fe\u0300vre", "pour Le  Fèvre."]
)
def test_a_note_names_somebody_in_any_spelling(text):
    assert mentions(text, ("Le Fèvre",))
    assert not mentions("Lefèvremont", ("Le Fèvre",))
