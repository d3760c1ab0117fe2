"""What the agenda calls for the privacy centre: erasures and retention, breaches."""

from dpa.keepers import breaches, erasures

__all__ = ["breaches", "erasures"]
