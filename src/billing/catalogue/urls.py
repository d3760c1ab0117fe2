"""The addresses of catalogue."""

from django.urls import path

from billing.catalogue.views import catalogue, price_lists

console = [
    path("products/", catalogue.ProductList.as_view(), name="products"),
    path("products/new/", catalogue.EditProduct.as_view(), name="product_new"),
    path("products/<uuid:product_id>/", catalogue.ProductPage.as_view(), name="product"),
    path("products/<uuid:product_id>/edit/", catalogue.EditProduct.as_view(), name="product_edit"),
    path(
        "products/<uuid:product_id>/requirements/",
        catalogue.PublishRequirements.as_view(),
        name="product_requirements",
    ),
    path("products/<uuid:product_id>/promotion/", catalogue.RunPromotion.as_view(), name="product_promotion"),
    path("products/<uuid:product_id>/phase-out/", catalogue.PhaseOut.as_view(), name="product_phaseout"),
    path("products/<uuid:product_id>/stock/", catalogue.MoveStock.as_view(), name="product_stock"),
    path("price-lists/", price_lists.PriceListList.as_view(), name="price_lists"),
    path("price-lists/new/", price_lists.NewPriceList.as_view(), name="price_list_new"),
    path("price-lists/<uuid:price_list_id>/", price_lists.PriceListPage.as_view(), name="price_list"),
    path(
        "price-lists/<uuid:price_list_id>/drop/", price_lists.DropPriceList.as_view(), name="price_list_drop"
    ),
]
