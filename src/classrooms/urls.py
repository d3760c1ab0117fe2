"""Addresses of the classroom."""

from typing import Any

tenant_urlpatterns: list[Any] = []
