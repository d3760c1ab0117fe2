"""Addresses on the public host: the site, the portal of buyers, the operator console."""

from config.app_urls import patterns

urlpatterns = patterns("public_urlpatterns")
handler400 = "people.views.problems.bad_request"
handler403 = "people.views.problems.denied"
handler404 = "people.views.problems.not_found"
handler500 = "people.views.problems.failed"
