"""Parcels, dispatch, delivery days, replacement."""
