"""Addresses of the promises and of the terms."""

from django.urls import path

from contracts import views

_terms = [
    path("terms/versions/", views.TermsList.as_view(), name="terms_list"),
    path("terms/versions/<uuid:terms_id>/", views.TermsText.as_view(), name="terms_text"),
]
tenant_urlpatterns = [
    path("promises/", views.Promises.as_view(), name="promises"),
    path("promises/<str:clause>/", views.TenantClausePage.as_view(), name="clause"),
    *_terms,
]
public_urlpatterns = [
    path("promises/", views.PublicPromises.as_view(), name="promises"),
    path("promises/<str:clause>/", views.ClausePage.as_view(), name="clause"),
    path("console/promises/", views.ConsolePromises.as_view(), name="console"),
    path("console/promises/<str:clause>/", views.ConsoleClausePage.as_view(), name="console_clause"),
    *_terms,
]
