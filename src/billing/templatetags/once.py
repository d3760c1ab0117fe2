"""The token of a form, with the key that has it answered once; loaded in every template."""

from typing import Any
from uuid import uuid4

from django import template
from django.template.base import Parser, Token
from django.template.defaulttags import CsrfTokenNode
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()


class OnceNode(CsrfTokenNode):
    """The fields that no person fills in: the token, and a key of this very form."""

    def render(self, context: Any) -> SafeString:
        """Return both fields; neither where there is no token, as in a mail."""
        token = super().render(context)
        if not token:
            return SafeString("")
        key = format_html('<input type="hidden" name="idempotency_key" value="{}">', uuid4())
        return SafeString(token + key)


@register.tag
def csrf_token(parser: Parser, token: Token) -> OnceNode:
    """Draw the token and the key of a form."""
    return OnceNode()
