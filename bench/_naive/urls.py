"""The twin's page in front of the product's addresses, which the templates link to."""

from django.urls import path

from _naive.views import ClassResults
from config.urls_tenant import urlpatterns as product

urlpatterns = [path("results/classes/<uuid:class_id>/", ClassResults.as_view()), *product]
