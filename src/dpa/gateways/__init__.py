"""Doors to the world: the erasure ledger, a file outside the database."""
