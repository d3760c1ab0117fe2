"""What the tests of the desk are given."""

from tests.clauses.conftest import provider, shelves

__all__ = ["provider", "shelves"]
