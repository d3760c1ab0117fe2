"""Demo: the invented world that script/demo serves and the journeys play in."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    """Nothing registers itself from here; the pages exist on a demonstration only."""

    name = "demo"
