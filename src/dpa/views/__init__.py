"""Pages of the privacy centre."""
