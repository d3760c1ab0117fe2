"""Website: what anybody may read before they are a customer."""

from django.apps import AppConfig


class WebsiteConfig(AppConfig):
    """The public site."""

    name = "website"
