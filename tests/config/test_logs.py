"""No log holds a token that lets somebody in."""

import json
import logging
import os
import re
import subprocess
import sys

import pytest
from celery.signals import setup_logging
from django.conf import settings
from django.urls import get_resolver

import config.celery  # noqa: F401  it says how the worker logs
from config.logs import HideTokens, JsonLines, without_tokens

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


def line_of(logger, message, *args, exc_info=None):
    record = logging.LogRecord(logger, logging.INFO, "", 1, message, args, exc_info)
    return json.loads(JsonLines().format(record))


@pytest.mark.parametrize(
    ("logger", "message", "args", "said"),
    [
        ("celery.app.trace", "Task %s succeeded in %.2fs: %s", ("agenda.tasks.tick", 0.5, "Inès"),
         "Task agenda.tasks.tick succeeded in 0.50s: […]"),
        ("django.request", "%s: %s", ("Not Found", "/pupils/Inès/"), "Not Found: […]"),
        ("gunicorn.error", "Error handling %s", ("/portal/enter/x/?a=b",), "Error handling […]"),
        ("some.library", "mail to ines@famille.example?subject=Hello failed", (), "mail to […] failed"),
        ("some.library", "%(who)s", ({"who": "Inès"},), "[…]"),
        ("some.library", "%d of them", ("Inès",), "%d of them"),
        ("agenda.loop", "%s %s failed", ("LG-DCa", "review"), "LG-DCa review failed"),
    ],
)  # fmt: skip
def test_what_others_log_is_kept_only_where_it_names_nobody(logger, message, args, said):
    assert line_of(logger, message, *args)["message"] == said


def test_an_exception_is_its_type_and_its_place():
    try:
        try:
            raise KeyError("Inès")
        except KeyError as why:
            raise ValueError("Abadie") from why
    except ValueError:
        line = line_of("some.library", "failed", exc_info=sys.exc_info())
    assert [each["type"] for each in line["exception"]] == ["builtins.ValueError", "builtins.KeyError"]
    assert "Inès" not in json.dumps(line, ensure_ascii=False)
    assert "Abadie" not in json.dumps(line, ensure_ascii=False)


@pytest.mark.parametrize(
    ("proxies", "given", "kept"), [(1, "a" * 32, True), (0, "a" * 32, False), (1, "Inès", False)]
)
def test_a_request_bears_the_id_a_trusted_proxy_gave_it(settings, client, proxies, given, kept):
    settings.TRUSTED_PROXIES = proxies
    named = client.get("/health/live", headers={"X-Request-ID": given}).headers["X-Request-ID"]
    assert (named == given) is kept
    assert re.fullmatch(r"[0-9a-f]{32}", named)


def test_web_worker_and_beat_log_alike():
    conf = (settings.BASE_DIR / "deploy/gunicorn.conf.py").read_text()
    assert settings.LOGGING["formatters"]["json"]["()"] == "config.logs.JsonLines"
    assert '"config.logs.JsonLines"' in conf
    assert "\nPREAU_LOG_FORMAT=json\n" in (settings.BASE_DIR / "deploy/preau.env.example").read_text()
    assert setup_logging.receivers  # Celery leaves the loggers as they are


def test_a_warning_is_a_line_like_any_other():
    program = "import django, warnings; django.setup(); warnings.warn('Inès Abadie')"
    environment = os.environ | {"PREAU_LOG_FORMAT": "json", "PYTHONPATH": str(settings.BASE_DIR / "src")}
    environment["DJANGO_SETTINGS_MODULE"] = "config.settings"
    said = subprocess.run(
        [sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True
    )
    lines = [json.loads(line) for line in said.stderr.splitlines()]
    assert [line["logger"] for line in lines] == ["py.warnings"]
    assert "Abadie" not in said.stderr
