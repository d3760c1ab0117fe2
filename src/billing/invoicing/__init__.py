"""Invoices, credit notes, pro formas, what pays them, due days, balances, seals, channels, settlement."""
