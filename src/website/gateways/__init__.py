"""The doors of the public site."""
