"""Names that outlive a release: links in sent mails, promises and messages waiting in the database, the
audit trail's words. Golden lists of them stand in `tests/golden`: new ones join, one that goes is a decision.
"""

from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils.translation import override

from agenda.registry import _WRITERS, keepers
from billing.apps import VERBS
from tests import golden


def gone(found: list[str], name: str) -> set[str]:
    """Return the names of a golden list that are found no more."""
    return set(golden.lines(name)) - set(found)


def _addresses(patterns: list[URLPattern | URLResolver], path: str = "", app: str = "") -> Iterator[str]:
    for each in patterns:
        here = path + str(each.pattern)
        if isinstance(each, URLResolver):
            yield from _addresses(each.url_patterns, here, each.namespace or app)
        else:
            yield f"{here} {app}:{each.name}" if app else f"{here} {each.name}"


@pytest.mark.parametrize("host", ["public", "tenant"])
def test_every_address_keeps_its_path_and_its_name(host):
    found = sorted(_addresses(get_resolver(f"config.urls_{host}").url_patterns))
    assert gone(found, f"addresses_{host}") == set()


def test_every_promise_that_waits_finds_its_keeper():
    ours = {key: kept for key, kept in keepers().items() if not kept.keep.__module__.startswith("tests.")}
    found = sorted(f"{clause} {kind} {kept.where}" for (clause, kind), kept in ours.items())
    assert gone(found, "keepers") == set()


def test_every_message_that_waits_finds_its_writer():
    ours = [key for key, writer in _WRITERS.items() if not writer.__module__.startswith("tests.")]
    assert gone(ours, "messages") == set()


def test_every_verb_of_billing_keeps_its_words():
    with override("en"):
        assert gone([f"{verb} {words}" for verb, words in VERBS.items()], "billing_verbs") == set()
