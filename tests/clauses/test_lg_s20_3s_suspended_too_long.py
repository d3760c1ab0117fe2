"""LG-S20.3s: 15 calendar days after the message that says access is suspended, by e-mail, without a new
notice.
"""

from datetime import date

import pytest

from billing.models import Payment, Suspension
from billing.subscriptions.policy.termination import suspended_may_end_on
from isolation.context import inside_operator
from tests.billing.support import rows_of, url
from tests.clauses.stage import desk, later, live, mails, read, subscribed
from tests.clauses.test_mc_7_told_first import state_of

CLAUSE = "LG-S20.3s"


def test_fifteen_days_after_the_message_not_after_the_notice():
    assert suspended_may_end_on(told_on=date(2026, 11, 2), at_once=False, days=15) == date(2026, 11, 18)


def test_at_once_after_an_immediate_suspension():
    assert suspended_may_end_on(told_on=date(2026, 11, 2), at_once=True, days=15) == date(2026, 11, 2)


def _refuse(template, mail, *, key):
    raise OSError("the relay doesn't answer")


@pytest.mark.story(
    "LG-S20.3s",
    door="mail",
    fr="L’accès s’arrête le 28 janvier, mais le message qui l’annonce ne part que le 30 : les quinze jours "
    "courent de là, la résiliation est refusée le 14 février et acceptée le 15.",
)
def test_fifteen_days_run_from_the_leaving_of_the_message(browse, clock, now, monkeypatch):
    """Access stops on 28 January, but the message that says so leaves on the 30th only: the fifteen days run
    from there; the termination is refused on 14 February and taken on the 15th.
    """
    school = subscribed(now)
    with inside_operator():
        payment = Payment.objects.get()
    back = {"bounce-on": "2026-11-16", "bounce-reason": "rejet"}
    assert desk(browse, now).post(url("payment_bounce", payment.pk), back).status_code == 302
    live(clock, date(2027, 1, 15), date(2027, 1, 20))
    end = url("end_suspended", school.pk)
    with monkeypatch.context() as broken:
        broken.setattr("agenda.loop.rendered", _refuse)
        live(clock, date(2027, 1, 28))
        assert state_of(school) == "suspended"
        answer = desk(browse, now).post(end, follow=True)
        assert "n’est pas encore parti" in read(answer)
    live(clock, date(2027, 1, 30), date(2027, 2, 14))
    desk(browse, now).post(end)
    assert state_of(school) == "suspended"
    live(clock, date(2027, 2, 15))
    assert desk(browse, now).post(end).status_code == 302
    assert state_of(school) == "ended"


@pytest.mark.story(
    "LG-S20.3s",
    door="page",
    fr="Le message qui dit l’accès suspendu est revenu : il repart, et les quinze jours courent de ce "
    "nouveau départ ; la résiliation est refusée le seizième jour d’après le premier.",
)
def test_fifteen_days_begin_again_when_the_message_came_back(browse, clock, now):
    """The message that access is suspended came back: it leaves anew, and the fifteen days run from there."""
    school = subscribed(now)
    with inside_operator():
        payment = Payment.objects.get()
    back = {"bounce-on": "2026-11-16", "bounce-reason": "rejet"}
    assert desk(browse, now).post(url("payment_bounce", payment.pk), back).status_code == 302
    live(clock, date(2027, 1, 15), date(2027, 1, 20), date(2027, 1, 28))
    assert state_of(school) == "suspended"
    live(clock, date(2027, 2, 5))
    (row,) = rows_of(Suspension.objects.closing())
    again = url("suspension_message_bounce", row.pk)
    assert again in desk(browse, now).get(url("subscription", school.pk)).content.decode()
    assert desk(browse, now).post(again).status_code == 302
    later(clock, minutes=1)
    live(clock, date(2027, 2, 14))
    end = url("end_suspended", school.pk)
    desk(browse, now).post(end)
    assert state_of(school) == "suspended"
    assert len(mails("est suspendu")) == 2
    live(clock, date(2027, 2, 21))
    assert desk(browse, now).post(end).status_code == 302
    assert state_of(school) == "ended"
