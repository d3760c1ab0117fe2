"""The public host's addresses as a demonstration has them."""

from django.urls import include, path

from config.urls_public import handler400, handler403, handler404, handler500
from config.urls_public import urlpatterns as public
from demo.urls import demo_urlpatterns

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
urlpatterns = [*public, path("", include((demo_urlpatterns, "demo")))]
