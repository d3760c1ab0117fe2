"""Two families in one tenant, as several tests need them."""

from datetime import date

from billing.models import Subscription
from classrooms.actions.add_child import add_child
from classrooms.models import Household
from demo.factories.families import circle_of, family_contact, household_of, join
from demo.factories.people import PASSWORD
from isolation.context import inside, inside_operator
from tenants.models import SubTenant

TODAY = date(2026, 11, 16)
CHILD = {"first_name": "Lina", "last_name": "Roussel", "birth_on": date(2019, 5, 4)}


class Two:
    """Two families in one tenant, a parent of each with an account."""

    def __init__(self, now):
        self.now = now
        self.orders = []
        self.circles = []
        self.parents = []
        with inside_operator():
            for name, email in (("Roussel", "nadia@roussel.example"), ("Diallo", "awa@diallo.example")):
                order = household_of(family_contact(name, email), count=2, now=now)
                self.orders.append(order)
                self.circles.append(circle_of(order))
        self.tenant = self.circles[0].tenant
        for email in ("nadia@roussel.example", "awa@diallo.example"):
            self.parents.append(join(self.tenant, email, password=PASSWORD, now=now))
        self.children = [self.add(number, first_name=name) for number, name in enumerate(("Lina", "Moussa"))]

    def add(self, number, **fields):
        with inside(self.tenant):
            household = Household.objects.get(guardians__person=self.parents[number])
            return add_child(
                fields=CHILD | fields,
                household=household,
                tenant=self.tenant,
                by=self.parents[number],
                now=self.now,
                today=TODAY,
            )

    def state(self, number):
        with inside_operator():
            return SubTenant.objects.get(pk=self.circles[number].pk).state

    def subscription(self, number):
        return Subscription.objects.get(order=self.orders[number])
