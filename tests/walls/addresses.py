"""Every address of both urlconfs, read from the urlconfs themselves."""

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from django.conf import settings
from django.urls import URLPattern, URLResolver

from people.middleware import permission_of

URLCONFS = {"tenant": settings.ROOT_URLCONF, "public": settings.PUBLIC_SCHEMA_URLCONF}
METHODS = ("get", "head", "post", "put", "patch", "delete", "options")


@dataclass(frozen=True, slots=True)
class Address:
    """One address: whose host, its name, the parameters it takes, its view and who may see it."""

    host: str
    name: str
    parameters: tuple[str, ...]
    view: Any
    permission: str | None

    def __str__(self) -> str:
        return f"{self.host}:{self.name}({', '.join(self.parameters)})"


def addresses(host: str) -> list[Address]:
    """Return all addresses of a host."""
    return list(_walk(host, import_module(URLCONFS[host]).urlpatterns, "", ()))


def _walk(host: str, patterns: list[Any], namespace: str, taken: tuple[str, ...]) -> Iterator[Address]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            inner = ":".join(filter(None, (namespace, pattern.namespace)))
            yield from _walk(host, pattern.url_patterns, inner, (*taken, *pattern.pattern.regex.groupindex))
        elif isinstance(pattern, URLPattern):
            parameters = (*taken, *pattern.pattern.regex.groupindex)
            name = ":".join(filter(None, (namespace, pattern.name or "")))
            yield Address(host, name, parameters, pattern.callback, permission_of(pattern.callback, name))
