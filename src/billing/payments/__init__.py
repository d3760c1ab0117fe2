"""Cheques, transfers, bank files, pages of the provider, saved methods, sharing out, refunds."""
