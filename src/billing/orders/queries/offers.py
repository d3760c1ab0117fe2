"""Of which offers the lines of a document are."""

from typing import Any

from django.db.models import QuerySet


def offers_of(lines: QuerySet[Any]) -> set[str]:
    """Return the profiles of the contracts that these lines open or go on with; none where nothing does."""
    found = lines.filter(product__isnull=False).values_list("product__profile", flat=True)
    return {key for key in found if key}
