"""Who a program acts for, how often it may ask, and what every view for programs shares."""

from typing import Any

from rest_framework.authentication import BaseAuthentication
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.pagination import PageNumberPagination
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle


class Bearer(BaseAuthentication):
    """The person whose token the middleware has recognised; no session is ever looked at."""

    def authenticate(self, request: Request) -> tuple[Any, Any] | None:
        """Return the person and the token, or None."""
        token = getattr(request._request, "token", None)
        return None if token is None else (token.person, token)

    def authenticate_header(self, request: Request) -> str:
        """Return how to prove who one is."""
        return "Bearer"


class PerToken(SimpleRateThrottle):
    """So many requests a minute for each token."""

    scope = "token"

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        """Return where a token's requests are counted; None for who shows none."""
        return None if request.auth is None else f"api-{request.auth.pk}"


class AlwaysJson(DefaultContentNegotiation):
    """Answer JSON whatever is accepted: files say their own type."""

    def select_renderer(self, request: Request, renderers: Any, format_suffix: Any = None) -> Any:
        """Return the first renderer and its type."""
        return renderers[0], renderers[0].media_type


class Pages(PageNumberPagination):
    """Lists by pages of 50; at most 200 rows where more are asked for."""

    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
