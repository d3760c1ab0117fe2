"""The rows of catalogue."""

from billing.catalogue.models.catalogue import Phaseout, Price, PriceList, Product, Promotion, Requirements
from billing.catalogue.models.offer import OfferSheet
from billing.catalogue.models.stock import StockMove

__all__ = [
    "OfferSheet",
    "Phaseout",
    "Price",
    "PriceList",
    "Product",
    "Promotion",
    "Requirements",
    "StockMove",
]
