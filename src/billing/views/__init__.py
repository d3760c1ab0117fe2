"""Billing's pages: finance's console, the buyer's portal, and a school's own invoices."""
