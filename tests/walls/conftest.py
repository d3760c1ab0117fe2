"""Two families in one tenant, with something written of each child."""

import pytest

from demo.factories.classrooms import ObservationFactory
from demo.factories.learning import ResultFactory
from demo.factories.people import person_with
from isolation.context import inside
from tenants.middleware import forget_hosts
from tests.tenants.families import Two


@pytest.fixture
def two(now):
    forget_hosts()
    found = Two(now)
    with inside(found.tenant):
        teacher = person_with(
            "teacher", now=now, username="f.aide", email="aide@familles.example", accepts=False
        )
        for number, child in enumerate(found.children):
            ObservationFactory(author=teacher, of=[child], state="shared", text=f"Lit à voix haute {number}.")
            ResultFactory(student=child, entered_by=teacher)
    yield found
    forget_hosts()
