"""The operator's house opens: terms, prices, staff."""

from contracts.actions.seed_terms import seed_terms
from demo.factories.billing import catalogue
from demo.factories.people import person_with
from demo.world.cast import HOUSE, Member
from demo.world.days import Days
from people.models import Person


def open_the_house(days: Days) -> None:
    """Publish the terms and the prices, and give the staff their accounts."""
    at = days.at(120)
    seed_terms(now=at)
    catalogue()
    for member in HOUSE:
        settle_in(member, days, days_ago=120)


def settle_in(member: Member, days: Days, *, days_ago: int) -> Person:
    """Return the account of a member of the cast, made where we are."""
    return person_with(
        member.role,
        now=days.at(days_ago),
        username=member.username,
        email=member.email,
        first_name=member.first_name,
        last_name=member.last_name,
    )
