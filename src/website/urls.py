"""Addresses of the public site."""

from django.urls import path

from billing.quotes.views import requests
from website import views

public_urlpatterns = [
    path("", views.Home.as_view(), name="home"),
    path("offers/", views.Offers.as_view(), name="offers"),
    path("quote/", requests.RequestQuote.as_view(), name="ask"),
    path("quote/asked/", requests.QuoteRequested.as_view(), name="quote_requested"),
    path("prices/", views.Prices.as_view(), name="prices"),
    path("references/<uuid:reference_id>/logo.png", views.ReferenceLogo.as_view(), name="reference_logo"),
    path("status/", views.Status.as_view(), name="status"),
    path("legal/", views.Legal.as_view(), name="legal"),
    path("accessibility/", views.Accessibility.as_view(), name="accessibility"),
    path(".well-known/security.txt", views.SecurityContact.as_view(), name="security_contact"),
]
