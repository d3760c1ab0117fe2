"""People: who may do what."""

from django.apps import AppConfig


class PeopleConfig(AppConfig):
    """Users, roles and rights, invitations, sign-in, sessions, acceptance of terms."""

    name = "people"

    def ready(self) -> None:
        """Say what happens when a tenant opens, what the agenda may ask and which data is personal."""
        from people import keepers, personal_data  # noqa: F401
        from people.actions.seed_roles import seed_tenant
        from tenants.registry import on_opening

        on_opening(seed_tenant)
