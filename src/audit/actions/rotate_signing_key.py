"""Sign with a new key from now on."""

from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from audit.actions.log_action import log_action
from audit.gateways.keys import rotate_key
from audit.policy.note import VerifierKey
from isolation.context import inside_operator

KEYS = uuid5(NAMESPACE_URL, "preau:signing-keys")


def rotate_signing_key(*, now: datetime) -> VerifierKey:
    """Return the key that verifies what is signed from now on; the ones before verify what they signed."""
    key = rotate_key().verifier
    with inside_operator():
        log_action("signing_key.rotated", by=None, on=KEYS, at=now, facts={"key": key.id.hex()})
    return key
