"""The operator's privacy desk: whoever watches over data finds each register, and what waits there."""

import pytest
from django.urls import reverse

from dpa.models import DataBreach
from isolation.context import inside_operator
from tests.clauses.stage import desk, read

pytestmark = [pytest.mark.django_db, pytest.mark.urls("config.urls_public")]


def test_the_officer_comes_home_to_the_registers(browse, now):
    officer = desk(browse, now, "dpo")
    home = officer.get("/console/", follow=True)
    assert home.redirect_chain[-1][0] == reverse("dpa:privacy_desk")
    words = read(home)
    assert "0 violation au registre" in words
    assert "n’ont pas encore accepté leurs annexes" in words
    for page in ("dpa:breach_register", "dpa:processor_desk"):
        assert officer.get(reverse(page)).status_code == 200


def test_what_waits_is_counted_in_the_menu_and_told(browse, now):
    officer = desk(browse, now, "dpo")
    with inside_operator():
        DataBreach.objects.create(
            facts="Une liste envoyée à la mauvaise adresse",
            natures=["confidentiality"],
            known_at=now,
            began_at=now,
            recorded_at=now,
        )
        reference = DataBreach.objects.get().reference
    words = read(officer.get(reverse("dpa:privacy_desk")))
    assert f"{reference} est en cours" in words
    assert "1 violation au registre" in words
