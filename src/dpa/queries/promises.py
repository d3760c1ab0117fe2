"""What the tenant's contracts promise about deletion and retention."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from classrooms.queries.circles import runs_alone
from contracts.gateways.profiles import load
from contracts.policy.annex_b import Category
from contracts.policy.precedence import CONSUMER, days_of_retention, has_agreement_on_data
from contracts.policy.profiles import Profile
from dpa.models import RetentionRule
from dpa.policy.asking import ErasureTerms, Ruling, own_account
from dpa.policy.erasure import ErasureClock, erasure_clock
from dpa.policy.retention import kept_for
from people.models import Membership, Person
from tenants.policy.keeping import KEPT_DAYS
from tenants.queries import tenant_row

STAFF = ("administrator", "teacher", "professional")


def kind_of(person: Person, *, today: date) -> str:
    """Return which data subject of annex B a person is: guardian, student, or what their roles say."""
    if person.kind in {Person.Kind.GUARDIAN, Person.Kind.STUDENT}:
        return str(person.kind)
    held = Membership.objects.in_force(today).filter(person=person).values_list("role__shipped", flat=True)
    return next((kind for kind in STAFF if kind in set(held)), "teacher")


def ruling_for(person: Person, *, today: date) -> Ruling:
    """Return what becomes of this person's wish to delete their own account."""
    kind = kind_of(person, today=today)
    promises = [_promise(profile) for profile in tenant_row().profiles(today)]
    administers = kind == "administrator" or runs_alone(person)
    return own_account(kind=kind, administers=administers, promises=promises)


def _promise(profile: Profile) -> ErasureTerms:
    return ErasureTerms(profile.erasure.who, profile.erasure.takes_children, frozenset(profile.fields))


def clock_for(profiles: list[Profile], *, asked_at: Any) -> ErasureClock:
    """Return the clock of an erasure: the shortest time any of the contracts promises."""
    promised = [profile.erasure for profile in profiles or _every_offer()]
    return erasure_clock(
        asked_at=asked_at,
        hours=min(erasure.hours for erasure in promised),
        undo_hours=min(erasure.undo_hours for erasure in promised),
        alarm_hours=min(erasure.alarm_hours for erasure in promised),
    )


def backup_months(profiles: list[Profile]) -> int:
    """Return for how many months a backup may hold what was erased: the longest any contract says."""
    return max(profile.erasure.backup_months for profile in profiles or _every_offer())


def backups_kept_months() -> int:
    """Return for how many months a backup is kept at most: it holds everybody, so the shortest promise."""
    return min(profile.erasure.backup_months for profile in _every_offer())


def _every_offer() -> list[Profile]:
    """Return the newest version of each offer: what is promised where no contract was ever made."""
    return [versions[-1] for versions in load().values()]


def promised_days(profiles: list[Profile]) -> int:
    """Return for how many days data is kept at most once somebody has left.

    The least any contract promises.
    """
    return min(
        (profile.retention.left_days or profile.kept_after_end.nominal_days for profile in profiles),
        default=KEPT_DAYS,
    )


def retention_days(profiles: list[Profile], wanted: Mapping[str, int] | None = None) -> dict[str, int]:
    """Return for how many days each category is kept here, or would be were these the controller's periods.

    What the controller set, never more than was promised.

    What the controller set comes first even where the terms of sale say otherwise (LG-S24).
    """
    ceiling = promised_days(profiles)
    rules = dict(RetentionRule.objects.values_list("category", "days")) if wanted is None else wanted
    client = next((profile.client for profile in profiles if has_agreement_on_data(profile.client)), CONSUMER)
    agreed = {
        one: days_of_retention(client, sale_days=ceiling, agreed_days=rules.get(str(one))) for one in Category
    }
    return {str(one): kept_for(promised_days=ceiling, controller_days=days) for one, days in agreed.items()}
