"""Vouch for a text with the key in use: anybody who holds the published half can tell that it was changed."""

from audit.gateways.keys import key_in_use


def sign_text(text: str) -> str:
    """Return a text, which ends with a line feed, as a note signed with the key in use."""
    return key_in_use().note(text)
