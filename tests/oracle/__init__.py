"""State machines played on real actions and the agenda, with invariants taken from the contracts."""
