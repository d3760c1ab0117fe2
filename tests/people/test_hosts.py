"""Several machines start only where what must be one for all is one for all."""

from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from people.checks import refuse_what_hosts_cannot_share
from people.policy.hosts import unshared

KEPT = {"PREAU_ERASURE_LEDGER": Path("/srv/one/ledger.jsonl"), "PREAU_AUDIT_HEADS": Path("/var/own/heads")}


@pytest.mark.parametrize(
    ("hosts", "shared", "alone", "found"),
    [
        (1, [], {"CACHE_URL": True}, []),
        (2, ["/srv/one", "/var/own"], {"CACHE_URL": False}, []),
        (2, ["/srv/one"], {"CACHE_URL": True}, ["CACHE_URL", "PREAU_AUDIT_HEADS"]),
        (3, [], {"CACHE_URL": False}, ["PREAU_AUDIT_HEADS", "PREAU_ERASURE_LEDGER"]),
        (2, ["/srv/on"], {}, ["PREAU_AUDIT_HEADS", "PREAU_ERASURE_LEDGER"]),  # a folder, not the start of one
    ],
)
def test_what_each_host_would_keep_for_itself(hosts, shared, alone, found):
    assert unshared(hosts, shared=[Path(each) for each in shared], folders=KEPT, alone=alone) == found


def test_two_hosts_do_not_start_with_a_cache_in_each_process(settings):
    refuse_what_hosts_cannot_share()
    settings.HOSTS = 2
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    with pytest.raises(ImproperlyConfigured, match="CACHE_URL"):
        refuse_what_hosts_cannot_share()
