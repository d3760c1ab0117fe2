"""How often one network does something; only a digest of its address is kept, for an hour."""

from hashlib import sha256

from django.core.cache import cache

AN_HOUR = 3600

MAX_TRIES = 20


def too_often(address: str, *, what: str, most: int = MAX_TRIES) -> bool:
    """Return whether this address did it more often than people would within the hour; this time counts."""
    key = f"{what}:{sha256(address.encode()).hexdigest()}"
    cache.add(key, 0, AN_HOUR)
    try:
        return cache.incr(key) > most
    except ValueError:  # it went between the two
        return False
