"""Names of roles and schemas."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isolation.policy.names import roles, safe_identifier, tenant_role, tenant_schema


@given(st.text(min_size=1, max_size=63), st.uuids())
def test_a_tenants_role_fits_and_ends_with_its_uuid(database, tenant):
    role = tenant_role(database, tenant)
    assert len(role.encode()) <= 63
    assert UUID(role[-32:]) == tenant


def test_two_databases_never_share_a_role():
    assert set(roles("preau").__class__.__slots__)
    assert roles("one").migrator != roles("two").migrator


def test_a_schema_is_named_after_its_uuid():
    assert tenant_schema(UUID(int=7)) == "t_00000000000000000000000000000007"


@pytest.mark.parametrize("name", ['a"b', "A", "", "x" * 64, "1a", "a;drop"])
def test_what_would_need_escaping_is_refused(name):
    with pytest.raises(ValueError, match="plain identifier"):
        safe_identifier(name)
