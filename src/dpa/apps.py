"""DPA: the controller's privacy centre."""

from django.apps import AppConfig


class DpaConfig(AppConfig):
    """Erasure, retention, requests and what is held about whom."""

    name = "dpa"
