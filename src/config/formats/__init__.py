"""How the product writes what differs between countries."""
