"""What to do about a promise whose keeper failed, by the kind of its error."""

from typing import Literal

Advice = Literal["mail", "database", "provider", "key", "rates", "disk", "worker", "report"]

_KINDS: dict[str, Advice] = {
    "SMTPException": "mail",
    "SMTPServerDisconnected": "mail",
    "SMTPConnectError": "mail",
    "SMTPHeloError": "mail",
    "SMTPAuthenticationError": "mail",
    "SMTPSenderRefused": "mail",
    "SMTPDataError": "mail",
    "SMTPRecipientsRefused": "mail",
    "ConnectionRefusedError": "mail",
    "gaierror": "mail",
    "TimeoutError": "mail",
    "OperationalError": "database",
    "InterfaceError": "database",
    "APIConnectionError": "provider",
    "RateLimitError": "provider",
    "APIError": "provider",
    "AuthenticationError": "key",
    "UnknownRate": "rates",
    "FileNotFoundError": "disk",
    "PermissionError": "disk",
    "OSError": "disk",
    "NoKeeper": "worker",
}


def advice_for(failure: str) -> Advice:
    """Return what to do about a failure, told as `Kind: first line of its text`."""
    return _KINDS.get(failure.partition(":")[0].strip(), "report")
