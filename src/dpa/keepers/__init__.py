"""What the agenda calls for the privacy centre: erasures, breaches, sub-processors, people's requests."""

from dpa.keepers import breaches, erasures, processors, requests

__all__ = ["breaches", "erasures", "processors", "requests"]
