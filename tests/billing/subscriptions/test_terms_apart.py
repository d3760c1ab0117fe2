"""Two terms of one subscription never hold the same day."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connections, transaction
from django.db.migrations.executor import MigrationExecutor

from billing.models import Subscription, SubscriptionTerm
from billing.subscriptions.models import TermsOverlap
from isolation.context import inside_operator
from isolation.router import migrating
from tests import database
from tests.billing.subscriptions.test_subscription_life import opened


def _begin(subscription: Subscription, starts_on: date, ends_on: date, position: int = 2) -> SubscriptionTerm:
    first = subscription.terms.earliest("position")
    return subscription.begin_term(
        position=position,
        starts_on=starts_on,
        ends_on=ends_on,
        quantity=first.quantity,
        unit_net_cents=first.unit_net_cents,
        order=first.order,
    )


@pytest.mark.usefixtures("as_operator")
class TestApart:
    """What the constraint lets through, and what it refuses."""

    def test_the_next_begins_on_the_day_the_one_before_is_over(self, now: Any) -> None:
        subscription = opened(now)
        before = subscription.term
        after = _begin(subscription, before.ends_on, before.ends_on + timedelta(days=30))
        assert subscription.term == after

    @pytest.mark.parametrize(("from_start", "from_end"), [(-10, -364), (0, 0), (10, -10), (364, 30)])
    def test_a_day_they_share_is_refused_with_the_period(
        self, now: Any, from_start: int, from_end: int
    ) -> None:
        subscription = opened(now)
        term = subscription.term
        starts_on = term.starts_on + timedelta(days=from_start)
        ends_on = term.ends_on + timedelta(days=from_end)
        with pytest.raises(TermsOverlap, match=f"{starts_on} to {ends_on}") as refused:
            _begin(subscription, starts_on, ends_on)
        assert (refused.value.starts_on, refused.value.ends_on) == (starts_on, ends_on)
        assert subscription.terms.get() == term  # and the transaction goes on

    def test_another_subscription_has_its_own_days(self, now: Any) -> None:
        one = opened(now)
        other = opened(now)
        assert one.term.starts_on == other.term.starts_on

    def test_moving_a_term_over_another_is_refused_too(self, now: Any) -> None:
        subscription = opened(now)
        before = subscription.term
        _begin(subscription, before.ends_on, before.ends_on + timedelta(days=30))
        with pytest.raises(IntegrityError, match="billing_term_no_overlap"), transaction.atomic():
            subscription.terms.filter(position=1).update(ends_on=before.ends_on + timedelta(days=1))

    def test_another_refusal_keeps_its_own_reason(self, now: Any) -> None:
        subscription = opened(now)
        on = subscription.term.ends_on
        with pytest.raises(IntegrityError, match="billing_term_once"):
            _begin(subscription, on, on + timedelta(days=30), position=1)


@pytest.mark.usefixtures("committed")
def test_a_database_of_the_version_before_gets_the_extension_from_the_migrator() -> None:
    """What ran before never called bootstrap again: the migration itself brings what it needs."""
    migrator: Any = connections["migrator"]
    migrator.set_schema("public")
    with migrating():
        MigrationExecutor(migrator).migrate([("billing", "0021_things_not_had")])
    with database.connect(migrator.settings_dict["NAME"]) as superuser:
        superuser.execute("DROP EXTENSION btree_gist")
    with migrating():
        MigrationExecutor(migrator).migrate([("billing", "0022_terms_apart")])
    with inside_operator():
        assert not SubscriptionTerm.objects.exists()
    with database.connect(migrator.settings_dict["NAME"]) as superuser:
        row = superuser.execute(
            "SELECT n.nspname, pg_get_constraintdef(c.oid) FROM pg_constraint c, pg_extension e"
            " JOIN pg_namespace n ON n.oid = e.extnamespace"
            " WHERE e.extname = 'btree_gist' AND c.conname = 'billing_term_no_overlap'"
        ).fetchone()
    assert row == (
        "public",
        "EXCLUDE USING gist (subscription_id WITH =, daterange(starts_on, ends_on) WITH &&)",
    )
