"""Entries, revenue, deferred revenue, VAT due, closing."""
