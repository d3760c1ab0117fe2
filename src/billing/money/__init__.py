"""Cents, currencies, VAT, rates, places of taxation, numbers of documents, the closed days of the books."""
