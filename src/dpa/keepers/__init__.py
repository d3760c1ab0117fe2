"""What the agenda calls for the privacy centre: erasures and retention, breaches, sub-processors."""

from dpa.keepers import breaches, erasures, processors

__all__ = ["breaches", "erasures", "processors"]
