"""How long a quote can be signed."""

from datetime import timedelta

VALID_FOR = timedelta(days=30)  # proposed to finance, who may choose another day
