"""Addresses of the console's pages about tenants."""

from django.urls import path

from tenants import views

public_urlpatterns = [
    path("console/tenants/", views.TenantList.as_view(), name="list"),
    path("console/tenants/open/", views.ProvisionTenant.as_view(), name="open"),
    path("console/terms/", views.TermsDesk.as_view(), name="terms"),
    path("console/terms/new/", views.PublishTerms.as_view(), name="publish_terms"),
    path("console/tenants/<uuid:tenant_id>/", views.TenantPage.as_view(), name="tenant"),
]
