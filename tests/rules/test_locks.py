"""How many locks PostgreSQL must have room for."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isolation.policy.locks import Locks, is_enough, wanted_setting


@pytest.mark.parametrize(
    ("tenants", "setting", "enough", "wanted"),
    [
        (1, 64, True, 64),
        (30, 64, True, 64),
        (60, 64, False, 128),
        (500, 512, False, 576),
        (3000, 512, False, 3072),
    ],
)
def test_by_the_number_of_tenants(tenants, setting, enough, wanted):
    locks = Locks(tables=80 * tenants, largest=900, tenants=tenants, setting=setting, sessions=100)
    assert is_enough(locks) is enough
    assert wanted_setting(locks) == wanted


@given(st.integers(0, 500_000), st.integers(0, 5_000), st.integers(10, 1_000))
def test_what_is_wanted_is_enough_and_little_less_is_not(tables, largest, sessions):
    asked = Locks(tables, largest, 1, 0, sessions)
    wanted = wanted_setting(asked)
    assert is_enough(Locks(tables, largest, 1, wanted, sessions))
    assert not is_enough(Locks(tables, largest, 1, wanted - 65, sessions))
