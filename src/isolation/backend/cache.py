"""Cache keys that carry the place: a failed sign-in in one tenant never counts in another."""

from isolation.context import current_context


def place_key(key: str, key_prefix: str, version: int) -> str:
    """Return the cache key of the place we are in: the same name in two tenants is two entries."""
    place = current_context()
    where = "nowhere" if place is None else (place.tenant_id.hex if place.tenant_id else place.kind)
    return f"{where}:{key_prefix}:{version}:{key}"
