"""What a function's mutants give: by the type it says it returns."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

import pytest

from tests.mutation.values import variants

DAY = date(2026, 11, 16)


@dataclass(frozen=True)
class Pair:
    due_on: date
    cents: int
    is_late: bool


def none(word: str) -> None:
    raise ValueError(word)


def boolean(day: date) -> bool:
    return day == DAY


def number(cents: int) -> int:
    return cents * 2


def money(cents: int) -> Decimal:
    return Decimal(cents) / 100


def day(from_on: date, days: int) -> date:
    return date.fromordinal(from_on.toordinal() + days)


def maybe(from_on: date | None) -> date | None:
    return from_on


def word(cause: str) -> Literal["ask", "refund"]:
    return "ask"


def several(names: tuple[str, ...]) -> tuple[str, ...]:
    return names[:1]


def coming(names: list[str]) -> Iterator[str]:
    yield from names


def pair() -> Pair:
    return Pair(DAY, 100, False)


def given(function, *args):
    """Return what each variant gives instead of a call."""
    return {each.name: each.apply(function, args, {}) for each in variants(function)}


@pytest.mark.parametrize(
    ("function", "args", "expected"),
    [
        (none, ("x",), {"no effect": None}),
        (boolean, (DAY,), {"False": False, "True": True, "inverted": False}),
        (number, (7,), {"0": 0, "+ 1": 15, "- 1": 13, "cents unchanged": 7}),
        (money, (5,), {"0": 0, "+ 0.01": Decimal("0.06"), "- 0.01": Decimal("0.04")}),
        (
            day,
            (DAY, 3),
            {"+ 1 day": date(2026, 11, 20), "- 1 day": date(2026, 11, 18), "from_on unchanged": DAY},
        ),
        (word, ("x",), {"always ask": "ask", "always refund": "refund"}),
        (several, (("a", "b"),), {"empty": (), "names unchanged": ("a", "b")}),
        (
            pair,
            (),
            {
                "due_on: + 1 day": Pair(date(2026, 11, 17), 100, False),
                "due_on: - 1 day": Pair(date(2026, 11, 15), 100, False),
                "cents: 0": Pair(DAY, 0, False),
                "cents: + 1": Pair(DAY, 101, False),
                "cents: - 1": Pair(DAY, 99, False),
                "is_late: False": Pair(DAY, 100, False),
                "is_late: True": Pair(DAY, 100, True),
                "is_late: inverted": Pair(DAY, 100, True),
            },
        ),
    ],
    ids=lambda each: getattr(each, "__name__", ""),
)
def test_the_wrong_values_of_a_type(function, args, expected):
    assert given(function, *args) == expected


def test_nothing_stays_nothing():
    assert given(maybe, None) == {
        "None": None,
        "+ 1 day": None,
        "- 1 day": None,
        "from_on unchanged": None,
    }
    assert given(maybe, DAY)["+ 1 day"] == date(2026, 11, 17)


def test_a_stream_ends_at_once():
    assert list(given(coming, ["a"])["nothing comes"]) == []


def test_what_removes_a_call_never_makes_it():
    calls = []
    for function in (none, boolean, number, several):
        removing = [each for each in variants(function) if each.removes]
        assert removing, function
        for each in removing:
            each.apply(lambda *args: calls.append(args), (("a",),), {})
    assert calls == []


@pytest.mark.django_db
def test_what_an_action_did_is_undone(as_operator, now):
    from tenants.models import Customer

    def act() -> Customer:
        return Customer.objects.create(
            name="x", customer_type="consumer", email="x@x.example", created_at=now
        )

    (undone,) = variants(act)
    assert undone.name == "undone"
    assert undone.apply(act, (), {}).name == "x"
    assert not Customer.objects.filter(email="x@x.example").exists()
