"""The classroom: pupils, guardians, classes, groups, school years, imports and the learning record."""

from django.apps import AppConfig


class ClassroomsConfig(AppConfig):
    """Teachers, students, guardians, classes, groups, school years, imports, the learning record."""

    name = "classrooms"

    def ready(self) -> None:
        """Say what the agenda may ask, which data is personal and what a new tenant starts with."""
        from classrooms import keepers, personal_data  # noqa: F401
        from classrooms.actions.seed_framework import seed_framework
        from classrooms.actions.welcome_guardian import welcome_guardian
        from people.registry import on_accepted
        from tenants.registry import on_opening

        on_opening(seed_framework)
        on_accepted(welcome_guardian)
