"""Where files lie when it isn't a folder of this machine."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit


def storage_of(url: str) -> dict[str, Any]:
    """Return Django's setting for files in a bucket: "s3://bucket/prefix?endpoint=https://…&region=…".

    Whose it is stands in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY. A file is never overwritten, never
    public, and handed out by views alone. Raises ValueError on another kind of address.
    """
    parts = urlsplit(url)
    told = {name: values[0] for name, values in parse_qs(parts.query).items()}
    unknown = set(told) - {"endpoint", "region"}
    if parts.scheme != "s3" or not parts.netloc or unknown:
        raise ValueError(f"PREAU_STORAGE is s3://bucket/prefix?endpoint=…&region=…, not {url!r}")
    options = {
        "bucket_name": parts.netloc,
        "location": parts.path.strip("/"),
        "endpoint_url": told.get("endpoint"),
        "region_name": told.get("region"),
        "file_overwrite": False,
        "default_acl": None,
        "querystring_auth": True,
        "addressing_style": "path" if told.get("endpoint") else None,
    }
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {name: value for name, value in options.items() if value is not None},
    }
