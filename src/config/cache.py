"""Where counts that every process must share are kept: rate limits, and what is remembered for a minute."""

from typing import Any

_REDIS = {"redis": "redis", "rediss": "rediss", "valkey": "redis", "valkeys": "rediss"}


def cache_of(*, cache_url: str, broker_url: str) -> dict[str, Any]:
    """Return the settings of the cache: at `CACHE_URL`, else at the broker's when that is Redis or Valkey.

    Without either each process keeps its own; `check --deploy` refuses that. Raises ValueError on another
    scheme.
    """
    keys = {"KEY_FUNCTION": "isolation.backend.cache.place_key"}
    scheme, _colon, rest = (cache_url or broker_url).partition(":")
    if scheme in _REDIS:
        return {
            **keys,
            "BACKEND": "django.core.cache.backends.redis.RedisCache",
            "LOCATION": f"{_REDIS[scheme]}:{rest}",
        }
    if cache_url:
        raise ValueError(f"CACHE_URL must start with one of {', '.join(_REDIS)}, not {scheme}")
    return {**keys, "BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
