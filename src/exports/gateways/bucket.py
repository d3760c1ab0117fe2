"""Where files lie when it isn't a folder of this machine."""

from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

AWS_HOST = "s3.amazonaws.com"


def storage_hosts() -> list[str]:
    """Return the host that holds this installation's files, none where they lie in a folder of its own."""
    default: dict[str, Any] = settings.STORAGES["default"]
    if not default["BACKEND"].startswith("storages."):
        return []
    return [urlsplit(default["OPTIONS"].get("endpoint_url", "")).hostname or AWS_HOST]
