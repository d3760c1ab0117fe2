"""Words of kept codes and states, for pages, forms and messages alike."""
