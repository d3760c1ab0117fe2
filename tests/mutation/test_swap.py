"""A function that is exchanged is exchanged everywhere, and comes back."""

import functools

from tests.mutation import swap
from tests.mutation.plugin import heard


def rule(cents: int, *, more: int = 1) -> int:
    """Double what is given, and something more."""
    return cents * 2 + more


kept_elsewhere = rule


def wrapped(function):
    @functools.wraps(function)
    def inner(*args, **kwargs):
        return function(*args, **kwargs)

    return inner


with_something_around = wrapped(rule)


def caller() -> int:
    return with_something_around(3)


def another() -> int:
    return rule(3)


def test_every_name_of_it_gives_the_other_value():
    with swap.code(rule, swap.calling(lambda *args, **kwargs: -1, rule)):
        assert [rule(3), kept_elsewhere(3), with_something_around(3, more=9)] == [-1, -1, -1]
    assert [rule(3), kept_elsewhere(3), with_something_around(3, more=9)] == [7, 7, 15]


def test_a_copy_is_what_it_was():
    original = swap.copy_of(rule)
    with swap.code(rule, swap.calling(lambda *args, **kwargs: original(*args, **kwargs) + 1, rule)):
        assert (rule(3), rule(3, more=0)) == (8, 7)


def test_it_knows_who_calls():
    seen = []

    def handler(*args, **kwargs):
        seen.append(swap.called_from()[1])
        return 0

    with swap.code(rule, swap.calling(handler, rule)):
        another()
    assert seen == ["another"]


def test_what_ran_is_heard():
    with heard({rule, swap.bare(caller)}) as running:
        assert caller() == 7
        assert running == {rule, caller}
        running.clear()
        another()
        assert running == {rule}
    assert rule(3) == 7
