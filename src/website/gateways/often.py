"""How often one network asks for something; only a digest of its address is kept, for an hour."""

from hashlib import sha256

from django.core.cache import cache

AN_HOUR, MOST = 3600, 20


def too_often(address: str) -> bool:
    """Return whether this address asked more often than a person would within the hour; this time counts."""
    key = f"quote-asked:{sha256(address.encode()).hexdigest()}"
    cache.add(key, 0, AN_HOUR)
    try:
        return cache.incr(key) > MOST
    except ValueError:  # it went between the two
        return False
