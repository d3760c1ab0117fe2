"""Factories of invented things, one file per app."""
