"""Days in answers are written as the reader writes them."""

from datetime import date

from django.utils.translation import override

from billing.subscriptions.actions.terminate import NotTerminable
from billing.subscriptions.views.subscriptions import error_message


def test_from_when_a_subscription_could_be_ended_is_said_in_the_readers_language():
    why = NotTerminable("too-early", date(2026, 12, 1))
    with override("fr"):
        assert "1er décembre 2026" in error_message(why)
    with override("en"):
        assert "2026-12-01" not in error_message(why)
