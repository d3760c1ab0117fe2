"""The invented world: steps that happened on days before today, made by the actions people use.

Each step is one transaction and leaves its name in the operator's audit trail, so a seeding that was stopped
goes on where it stopped. After each the agenda runs as of that day: what was promised then was kept then.
"""

from collections.abc import Callable
from datetime import datetime
from time import monotonic
from uuid import NAMESPACE_URL, UUID, uuid5

from agenda.loop import tick
from agenda.models import Obligation, OutboxMessage
from audit.actions import log_action
from audit.queries import history
from demo.gateways.notes import write_notes
from demo.world import again, families, house, money, people, privacy, record, school, shop
from demo.world.days import Days
from isolation.context import inside_operator

Step = Callable[[Days], None]


def story(days: Days) -> list[tuple[int, Step]]:
    """Return what happened, and how many days ago."""
    term = days.term_started
    told: list[tuple[int, Step]] = [
        (120, house.open_the_house),
        (110, school.sell_to_the_commune),
        (104, school.sell_to_the_association),
        (96, school.credit_what_was_paid),
        (95, school.let_the_heads_in),
        (90, school.let_the_teams_in),
        (term, school.import_the_pupils),
        (term - 1, school.form_the_classes),
        (min(72, term - 1), families.invite_the_families),
        (min(70, term - 1), families.let_families_join),
        (min(69, term - 1), record.score_since),
        (78, money.train_the_association),
        (76, money.train_it_again),
        (60, money.train_a_campus),
        (30, money.press_the_association),
        (13, money.sign_and_forget),
        (9, money.train_the_commune),
        (118, shop.fill_the_shop),
        (118, privacy.name_the_processors),
        (40, privacy.practise_a_breach),
        (5, privacy.announce_more_for_the_host),
        (75, again.try_for_a_month),
        (30, families.let_a_family_buy),
        (16, again.begin_again),
        (12, again.subscribe_in_a_hurry),
        (3, again.change_ones_mind),
        (20, shop.sell_things),
        (14, shop.send_a_parcel),
        (11, shop.deliver_it),
        (6, shop.take_one_back),
        (4, shop.order_online),
        (1, shop.leave_parcels_to_send),
        (1, money.claim_interest),
        (min(1, term - 1), record.observe_since),
        (min(1, term - 1), record.leave_drafts),
        (1, privacy.ask_about_data),
        (0, privacy.delete_somebody),
        (0, money.leave_work_for_today),
        (0, money.close_what_is_over),
        (0, people.leave_invitations),
    ]
    return sorted(told, key=lambda each: -each[0])


class WorldStopped(Exception):
    """Raised when a promise could not be kept or a mail not sent while the world was made; says why."""


def seed(*, now: datetime, say: Callable[[str], object]) -> None:
    """Make the world as of `now`, or what is missing of it, and write down who can sign in."""
    days = Days(now)
    for days_ago, step in story(days):
        started = monotonic()
        if _once(step, days, at=days.at(days_ago) if days_ago else now):
            say(f"  {step.__name__.replace('_', ' ')}: {monotonic() - started:.1f} s")
    write_notes(people.places(), people.accounts())


def _once(step: Step, days: Days, *, at: datetime) -> bool:
    with inside_operator():
        if _is_done(step):
            return False
    live_until(at)  # what was promised meanwhile is kept before anything new happens
    with inside_operator():
        step(days)
        log_action("demonstration.seeded", by=None, on=_id(step), at=at, facts={"step": step.__name__})
    live_until(at)
    return True


def live_until(at: datetime) -> None:
    """Let time pass: keep each promise and send each mail at the moment it was for."""
    while (moment := _next(at)) is not None:
        tick(moment, seconds=120)
        _stop_at_failure()


def _stop_at_failure() -> None:
    with inside_operator():
        failed = [row.failure for row in Obligation.objects.waiting().exclude(failure="")]
        failed += [row.failure for row in OutboxMessage.objects.filter(state="waiting").exclude(failure="")]
    if failed:
        raise WorldStopped(failed[0])


def _next(at: datetime) -> datetime | None:
    with inside_operator():
        due = (
            Obligation.objects.waiting()
            .filter(run_at__lte=at)
            .order_by("run_at")
            .values_list("run_at", flat=True)
        )
        mail = OutboxMessage.objects.filter(state="waiting", send_at__lte=at).order_by("send_at")
        moments = [*due[:1], *mail.values_list("send_at", flat=True)[:1]]
    return min(moments, default=None)


def _is_done(step: Step) -> bool:
    return bool(history(on=_id(step)))


def _id(step: Step) -> UUID:
    return uuid5(NAMESPACE_URL, f"preau-demonstration/{step.__name__}")
