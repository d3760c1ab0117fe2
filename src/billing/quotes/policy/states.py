"""What may be done with a version of a quote, and what becomes of it (LG-S6.1, LG-S5.2)."""

from contracts.policy.transitions import Transitions

DRAFT = "draft"
SENT = "sent"
SIGNED = "signed"
EXPIRED = "expired"
REVOKED = "withdrawn"
SUPERSEDED = "superseded"

QUOTE_VERSION = Transitions(
    {
        "send": ({DRAFT}, SENT),
        "sign": ({SENT}, SIGNED),
        "expire": ({SENT}, EXPIRED),
        "revoke": ({DRAFT, SENT}, REVOKED),
        # a signed one only while no order of it stands
        "supersede": ({SENT, SIGNED, EXPIRED, REVOKED}, SUPERSEDED),
    }
)
