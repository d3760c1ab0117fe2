"""The addresses each app asks for."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.urls import include, path


def patterns(name: str) -> list[Any]:
    """Return what all apps list under `name` in their urls module, each under its own namespace.

    An app may also list addresses that stand outside of its namespace, under `name` + "_plain".
    """
    found: list[Any] = []
    for app in reversed(settings.LOCAL_APPS):
        if find_spec(f"{app}.urls") is None:
            continue
        module = import_module(f"{app}.urls")
        if listed := getattr(module, name, None):
            found.append(path("", include((listed, app))))
        found += getattr(module, f"{name}_plain", [])
    return found
