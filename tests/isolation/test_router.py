"""Which schema a model's table stands in, also for the models that an old migration names otherwise."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from isolation.router import schema_scope_of


@pytest.mark.parametrize(
    ("app", "model", "scope"),
    [
        ("dpa", "erasure", "tenant"),
        ("dpa", "Erasure", "tenant"),
        ("dpa", "deletion", "tenant"),  # its name when the table was made
        ("dpa", "erasureevidence", "shared"),
        ("billing", "chequedeposit", "shared"),
        ("sessions", "session", "both"),
    ],
)
def test_a_model_is_found_by_its_name_and_by_its_tables(app, model, scope):
    assert schema_scope_of(app, model) == scope


def test_an_operation_without_a_model_says_its_scope_where_an_app_has_several():
    with pytest.raises(ImproperlyConfigured, match="hints"):
        schema_scope_of("dpa")
    assert schema_scope_of("dpa", schema_scope="shared") == "shared"
