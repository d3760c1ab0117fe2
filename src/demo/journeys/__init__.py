"""The journeys of the product, played over HTTP against a running demonstration."""
