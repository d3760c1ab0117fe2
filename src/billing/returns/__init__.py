"""Withdrawal, warranty, what can't be had: what comes back and is paid back."""
