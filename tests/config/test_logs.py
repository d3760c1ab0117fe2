"""No log holds a token that lets somebody in."""

import logging
import re

import pytest
from django.conf import settings
from django.urls import get_resolver

from config.logs import HideTokens, without_tokens

TOKEN = "eyJjIjoiNDIifQ:1vP0aa:kq3Jm_Zs"
LINKS = ("portal/enter", "invitation", "exports/fetch", "privacy/undo", "account/password/reset/key")


@pytest.mark.parametrize("link", LINKS)
def test_the_token_of_a_link_is_left_out(link):
    for text in (f"Not Found: /{link}/{TOKEN}/", f"Forbidden (CSRF cookie not set.): /{link}/{TOKEN})."):
        record = logging.LogRecord("django.request", logging.WARNING, "", 1, "%s", (text,), None)
        assert HideTokens().filter(record)
        assert TOKEN not in record.getMessage()
        assert f"/{link}/" in record.getMessage()


def test_every_address_with_a_token_is_known():
    def addresses(patterns, before=""):
        for each in patterns:
            path = before + str(each.pattern)
            if hasattr(each, "url_patterns"):
                yield from addresses(each.url_patterns, path)
            else:
                yield path

    for urls in ("config.urls_public", "config.urls_tenant"):
        for path in addresses(get_resolver(urls).url_patterns):
            if found := re.match(r"(.*)<str:token>", path):
                line = f"/{found[1]}{TOKEN}/"
                assert TOKEN not in without_tokens(line), path


def test_what_is_logged_goes_through_it():
    assert settings.LOGGING["handlers"]["stderr"]["filters"] == ["tokens"]
