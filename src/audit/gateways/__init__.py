"""Keys and signed heads on disk, outside the database."""
