"""Isolation: how a tenant or the operator is entered."""

from django.apps import AppConfig


class IsolationConfig(AppConfig):
    """The lowest app: everything else stands on it."""

    name = "isolation"

    def ready(self) -> None:
        """Register the checks that keep homes apart."""
        from isolation import checks  # noqa: F401
