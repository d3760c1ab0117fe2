"""Addresses on a tenant's host."""

from config.app_urls import patterns

urlpatterns = patterns("tenant_urlpatterns")
handler400 = "people.views.problems.bad_request"
handler403 = "people.views.problems.denied"
handler404 = "people.views.problems.not_found"
handler500 = "people.views.problems.failed"
