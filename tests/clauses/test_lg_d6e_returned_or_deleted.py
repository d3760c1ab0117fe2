"""LG-D6e: at the end data is returned or deleted, as the controller chooses.

It takes it along, says how long, or now.
"""

from datetime import date, timedelta

from exports.policy.asking import kinds_offered
from tenants.policy.keeping import destroyed_on
from tenants.policy.states import rights_open

ENDED = date(2026, 11, 16)


def test_returned_the_administrator_exports_the_whole_school():
    rights = rights_open("ended") | {"students.read"}
    assert "school" in kinds_offered(rights=rights, reach="all", state="ended")


def test_deleted_on_the_day_the_controller_chose():
    assert destroyed_on(ended_on=ENDED, kept_days=[730], chosen_days=1) == ENDED + timedelta(days=1)
