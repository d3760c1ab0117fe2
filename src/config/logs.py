"""What no log may hold: the tokens that links carry in their address."""

import logging
import re

# each address that lets in whoever knows it, up to the token
_LINKS = re.compile(
    r"(/+(?:portal/+enter|invitation|exports/+fetch|privacy/+undo|account/+confirm-email"
    r"|account/+password/+reset/+key)/+)[^\s\"'?/]+",
    re.IGNORECASE,
)


def without_tokens(text: str) -> str:
    """Return a line of a log with the tokens of its addresses left out."""
    return _LINKS.sub(r"\1[…]", text)


class HideTokens(logging.Filter):
    """Leaves the tokens of addresses out of whatever is logged."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep the record, its words without tokens."""
        text = record.getMessage()
        if (hidden := without_tokens(text)) != text:
            record.msg, record.args = hidden, ()
        return True
